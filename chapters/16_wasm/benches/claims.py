"""One figure of this chapter's claim (`claims.toml`): what a page fetches to run a model, in bytes, without the model.

    python3 workbook claims wasm_beside_onnxruntime
    .venv/bin/python chapters/16_wasm/benches/claims.py rust_ai_wasm

Both modules run in Node, by the JavaScript that `browser.py` gives to its pages, and encode the same two texts. Each
vector must be the full model's but for what eight bits cost; its cosine to that is what is compared. Needs Node, npm,
what `python3 workbook wasm` builds, and `encode` in release mode. Prints one JSON line.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import browser

FIGURES = {
    "rust_ai_wasm": (browser.OUR_MODULE, browser.OURS),
    "onnxruntime_web": (browser.THEIR_MODULE, browser.THEIRS),
}
LEAST = 0.99
"""A vector that is further from the full model's was not made by this model."""
NODE = """
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
// What a page has and Node has not: an address, and files that are fetched from beside it.
const { href } = pathToFileURL(`${process.cwd()}/page.html`);
globalThis.location = { href };
const headers = { "content-type": "application/wasm" };
globalThis.fetch = async (name) => new Response(readFileSync(new URL(name, href)), { headers });
const texts = JSON.parse(process.argv[1]);
globalThis.SHORT = texts[0];
await (START)();
const vectors = [];
for (const text of texts) vectors.push(Array.from(await encode(text)));
console.log(JSON.stringify(vectors));
"""


def vectors(place: Path, start: str, texts: list[dict]) -> list[list[float]]:
    """What one module makes of the texts, in a fresh Node."""
    # Node takes a file that ends in `.js` for a module of the page's kind where this says so.
    (place / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    words = ["node", "--input-type=module", "-e", NODE.replace("START", start.strip()), json.dumps(texts)]
    done = subprocess.run(words, cwd=place, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "Error" in line] or ["it said nothing"]
        raise SystemExit(f"Node failed: {said[0].strip()}")
    return json.loads(done.stdout.splitlines()[-1])


def main(figure: str) -> None:
    if missing := [program for program in ("node", "npm") if not shutil.which(program)]:
        raise SystemExit(f"{' and '.join(missing)} is not on the PATH")
    files, start = FIGURES[figure]
    pages = browser.wasm.build(browser.courses.load(browser.ROOT))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "site")
        shutil.copytree(pages, place)
        if files is browser.THEIR_MODULE:
            browser.peers(place)
        known = browser.native(place, [browser.SHORT, browser.LONG])
        texts = [{"text": entry["question"], "tokens": entry["tokens"]} for entry in known]
        made = vectors(place, start, texts)
        near = [browser.cosine(vector, entry["full"]) for vector, entry in zip(made, known, strict=True)]
        size = sum((place / name).stat().st_size for name in files)
    if min(near) < LEAST:
        raise SystemExit(f"cosine {min(near):.4f} to the full model's vector")
    print(json.dumps({"name": figure, "bytes": size, "output": near}))


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in FIGURES:
        raise SystemExit(f"name a figure: {', '.join(FIGURES)}")
    main(sys.argv[1])
