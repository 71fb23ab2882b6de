// The worker of the search: it fetches, keeps and runs the model, so that the page stays free to answer its reader.

import init, { EmbeddingIndex, SentenceEncoder } from "./pkg/encoder/rust_ai_wasm.js";

const MODULE = "pkg/encoder/rust_ai_wasm_bg.wasm";
const FILES = [MODULE, "data/minilm.safetensors", "data/pieces.txt", "data/vectors.safetensors", "data/passages.json"];
const SHOWN = 5;
const KEPT = "rust-ai-wasm";

let files = null;
let encoder = null;
let index = null;
let passages = [];

// A file's address names its content, so what is kept under it cannot be out of date.
const address = (name) => `${name}?sum=${files[name].sum}`;

const DONE = {
  async prepare(message) {
    files = message.files;
    const box = await caches.open(KEPT);
    // What an older version of the page has kept goes.
    const wanted = new Set(FILES.map((name) => new URL(address(name), self.location).href));
    for (const request of await box.keys()) if (!wanted.has(request.url)) await box.delete(request);
    let bytes = 0;
    for (const name of FILES) if (!(await box.match(address(name)))) bytes += files[name].bytes;
    return { kind: "offer", bytes };
  },

  async load() {
    const started = performance.now();
    const total = FILES.reduce((sum, name) => sum + files[name].bytes, 0);
    let done = 0;
    const got = {};
    for (const name of FILES) {
      got[name] = await bytesOf(name, (more) => {
        done += more;
        self.postMessage({ kind: "progress", share: done / total });
      });
    }
    const text = (name) => new TextDecoder().decode(got[name]);
    await init({ module_or_path: got[MODULE] });
    encoder = new SentenceEncoder(got["data/minilm.safetensors"], text("data/pieces.txt"));
    index = EmbeddingIndex.from_safetensors(got["data/vectors.safetensors"]);
    passages = JSON.parse(text("data/passages.json"));
    return { kind: "ready", seconds: (performance.now() - started) / 1000, passages: passages.length };
  },

  async ask({ number, question }) {
    const started = performance.now();
    const hits = index.search(encoder.encode(question), SHOWN);
    const { rows, scores } = hits;
    hits.free();
    const found = Array.from(rows, (row, place) => ({ ...passages[row], row, score: scores[place] }));
    return { kind: "answer", number, found, milliseconds: performance.now() - started };
  },
};

/** A file's bytes: kept from last time, or fetched, piece by piece, and kept. `more` hears how many have come. */
async function bytesOf(name, more) {
  const box = await caches.open(KEPT);
  const kept = await box.match(address(name));
  if (kept) {
    const bytes = new Uint8Array(await kept.arrayBuffer());
    more(bytes.length);
    return bytes;
  }
  const answer = await fetch(address(name));
  if (!answer.ok) throw new Error(`${name}: the server says ${answer.status}`);
  const bytes = new Uint8Array(files[name].bytes);
  let at = 0;
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    if (at + value.length > bytes.length) throw new Error(`${name} is longer than it should be`);
    bytes.set(value, at);
    at += value.length;
    more(value.length);
  }
  if (at !== bytes.length) throw new Error(`${name} ended after ${at} of ${bytes.length} bytes; try again`);
  // A browser that is out of room, or keeps nothing, still gets its answer.
  await box.put(address(name), new Response(bytes)).catch(() => {});
  return bytes;
}

self.onmessage = async ({ data }) => {
  try {
    self.postMessage(await DONE[data.kind](data));
  } catch (error) {
    self.postMessage({ kind: "failed", message: error.message });
  }
};
