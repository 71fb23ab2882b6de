// The page of the search: it asks the worker, shows what comes back, and never computes.

import { manifest } from "./demo.js";

const element = (id) => document.getElementById(id);
const [load, status, progress, form, question, search, hits] = ["load", "status", "progress", "ask", "question", "search", "hits"].map(element);
const worker = new Worker("worker.js", { type: "module" });
let newest = 0;

const HEARD = {
  /** Nothing is loaded yet; `bytes` are to be fetched, or all are kept from last time. */
  offer({ bytes }) {
    status.textContent = bytes ? `The model is ${(bytes / 1e6).toFixed(0)} MB, and your browser keeps it for next time.` : "";
    if (!bytes) start();
  },
  progress({ share }) {
    progress.value = share;
  },
  ready({ seconds, passages }) {
    progress.hidden = true;
    load.hidden = true;
    question.disabled = search.disabled = false;
    status.textContent = `Ready after ${seconds.toFixed(1)} s: ${passages} passages.`;
    question.focus();
  },
  answer({ number, found, milliseconds }) {
    // An older question's answer, overtaken by a newer question.
    if (number !== newest) return;
    hits.replaceChildren(...found.map(item));
    status.textContent = `${found.length} passages, in ${milliseconds.toFixed(0)} ms.`;
  },
  failed({ message }) {
    progress.hidden = true;
    load.disabled = false;
    status.textContent = `That did not work: ${message}`;
  },
};

function item({ href, title, heading, text, score }) {
  const link = document.createElement("a");
  link.href = `../../${href}`;
  link.textContent = heading === title ? title : `${title}: ${heading}`;
  const [head, body] = [document.createElement("p"), document.createElement("p")];
  const shown = document.createElement("span");
  shown.className = "soft";
  shown.textContent = ` ${score.toFixed(3)}`;
  head.append(link, shown);
  body.textContent = text;
  const entry = document.createElement("li");
  entry.append(head, body);
  return entry;
}

function start() {
  load.disabled = true;
  progress.hidden = false;
  worker.postMessage({ kind: "load" });
}

worker.onmessage = ({ data }) => HEARD[data.kind](data);
worker.onerror = (event) => HEARD.failed({ message: event.message || "the worker could not start" });
load.addEventListener("click", start);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (!text) {
    status.textContent = "Type a question first.";
    return;
  }
  newest += 1;
  status.textContent = "Searching …";
  worker.postMessage({ kind: "ask", number: newest, question: text });
});

try {
  worker.postMessage({ kind: "prepare", files: await manifest() });
} catch (error) {
  HEARD.failed(error);
}
