"""For checks in Python of an exercise that is a module for the browser: its JavaScript, run by Node.

`checked_by = "node"`: the learner's file is compiled to WebAssembly, wasm-bindgen writes the JavaScript around it, and
a check says in JavaScript what a page would do with it. Imported beside a learner's module: the standard library alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SCRIPT = """
const report = (said) => process.stdout.write("\\u001e" + JSON.stringify(said) + "\\u001e");
try {
  const module = require(process.argv[1]);
  Promise.resolve((0, eval)(`(async (module) => {${process.argv[2]}})`)(module)).then(
    (value) => report({ value: ArrayBuffer.isView(value) ? Array.from(value) : value }),
    (error) => report({ error: String(error) }),
  );
} catch (error) {
  report({ error: String(error) });
}
"""


class JavaScriptError(Exception):
    """What the JavaScript threw; a trap of the module begins with `RuntimeError`."""


class Module:
    """A module by its name, with the names that it must export. Raises `ImportError` for one that is not there."""

    def __init__(self, name: str, *exports: str) -> None:
        places = (Path(folder, f"{name}.js") for folder in sys.path)
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            raise ImportError(f"there is no module '{name}' for JavaScript")
        self.path = found
        for export in exports:
            if self.run(f"return typeof module.{export};") != "function":
                raise ImportError(f"the module exports no '{export}' to JavaScript: is `#[wasm_bindgen]` above it?")

    def run(self, body: str) -> Any:
        """What `body`, the inside of an async function of `module`, returns. Raises `JavaScriptError`.

        Each call is a page of its own: a new module, with a memory of its own.
        """
        done = subprocess.run(
            ["node", "-e", SCRIPT, str(self.path), body], stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        parts = done.stdout.split("\x1e")
        if len(parts) < 3:
            raise JavaScriptError((done.stderr.strip() or f"Node left with status {done.returncode}").splitlines()[-1])
        said = json.loads(parts[-2])
        if "error" in said:
            raise JavaScriptError(said["error"])
        return said.get("value")
