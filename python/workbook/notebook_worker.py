"""Runs one notebook in a fresh kernel and tells each cell's outputs, a line of JSON a cell: the grader's child.

    python notebook_worker.py FOLDER CELL_LIMIT NOTEBOOK_LIMIT

FOLDER holds `notebook.json`; the kernel works in the folder that this process works in. It is a process of its own, so
that whatever a learner's cells do to their kernel, or send from it, the grader lives on and can end it all.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

MOST = 4 << 20
"""Characters of output in all, after which the run is over: the course's own notebooks print a few thousand."""

IMAGES = ("image/png", "image/jpeg")
"""What nbval does not compare, and nobody needs to send."""

PATIENCE = 60
"""Seconds for the outputs of a cell that is done to arrive."""

STARTING = 300
"""Seconds for a kernel to start. evcxr compiles something before it answers."""


MOST_WORDS = 1 << 14


class Flooded(Exception):
    """The cells have printed more than anybody will read."""


class Client(NotebookClient):
    """nbclient, with an end to what is printed."""

    taken = 0

    def process_message(self, msg: dict[str, Any], cell: Any, cell_index: int) -> Any:
        self.taken += len(repr(msg["content"]))
        if self.taken > MOST:
            # An endless loop that prints never replies; whoever waits for it is told at once.
            if self.task_poll_for_reply is not None:
                self.task_poll_for_reply.cancel()
            raise Flooded
        return super().process_message(msg, cell, cell_index)


def main(folder: str, cell_limit: str, notebook_limit: str) -> int:
    document = nbformat.reads((Path(folder) / "notebook.json").read_text(encoding="utf-8"), as_version=4)
    client = Client(
        document,
        allow_errors=True,
        coalesce_streams=True,
        iopub_timeout=PATIENCE,
        raise_on_iopub_timeout=True,
        record_timing=False,
        shutdown_kernel="immediate",
        startup_timeout=STARTING,
        store_widget_state=False,
    )
    # What a cell writes past Jupyter must not reach our own standard output: the results go there.
    words = Words()
    try:
        with Path(os.devnull).open("w") as nowhere, client.setup_kernel(stdout=nowhere, stderr=words.pipe):
            tell({"ready": True})
            tell({"end": run(client, document, int(cell_limit), int(notebook_limit))})
    except RuntimeError as error:
        # No kernel. What it said last is why, if it said anything.
        print(error, words.last(), sep="\n", file=sys.stderr)
        return 1
    return 0


class Words:
    """What a kernel says on its standard error: the beginning is kept, the rest is taken and thrown away."""

    def __init__(self) -> None:
        self.kept = b""
        source, self.pipe = os.pipe()
        self.reader = threading.Thread(target=self._read, args=(source,), daemon=True)
        self.reader.start()

    def _read(self, source: int) -> None:
        while said := os.read(source, 1 << 16):
            if len(self.kept) < MOST_WORDS:
                self.kept += said

    def last(self) -> str:
        os.close(self.pipe)
        self.reader.join(1)
        lines = self.kept[:MOST_WORDS].decode("utf-8", "replace").strip().splitlines()
        # A backtrace comes after what is worth reading.
        return next((line.strip() for line in lines if "rror" in line), lines[-1].strip() if lines else "")


def run(client: Client, document: Any, cell_limit: int, notebook_limit: int) -> str:
    """Runs the cells in order, and tells of each. Returns how it ended: `done`, or why the last cell was the last."""
    deadline = time.monotonic() + notebook_limit
    for index, cell in enumerate(document.cells):
        if cell.cell_type != "code":
            continue
        started = time.monotonic()
        left = int(deadline - started)
        if left < 1:
            return "notebook"
        client.timeout = min(cell_limit, left)
        try:
            client.execute_cell(cell, index)
            outputs = [lighter(output) for output in cell.outputs]
        except CellTimeoutError:
            return "timeout" if client.timeout == cell_limit else "notebook"
        except (DeadKernelError, Flooded):
            return "output" if client.taken > MOST else "died"
        except Exception:
            # A kernel can send what no kernel should; nothing of it is an answer.
            return "died"
        tell({"outputs": outputs, "seconds": time.monotonic() - started})
    return "done"


def lighter(output: dict[str, Any]) -> dict[str, Any]:
    """An output without its pictures. A kernel may send anything; where a text belongs, there is one afterwards."""
    kept: dict[str, Any] = {
        **output,
        **{key: str(output[key]) for key in ("name", "text", "ename", "evalue") if key in output},
    }
    if "traceback" in output:
        kept["traceback"] = [str(line) for line in output["traceback"]]
    if "data" in output:
        kept["data"] = {
            kind: "" if kind in IMAGES else str(value) if kind.startswith("text/") else value
            for kind, value in dict(output["data"]).items()
        }
    return kept


def tell(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
