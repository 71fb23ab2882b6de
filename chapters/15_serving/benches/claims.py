"""One figure of this chapter's claim (`claims.toml`): the same requests of eight clients, to the last answer.

    python3 workbook claims axum_with_a_model
    .venv/bin/python chapters/15_serving/benches/claims.py serve

The servers, the requests and the clients are `load.py`'s. Needs `serve` in release mode and, for the peer, the group
`llamacpp`. Prints one JSON line; the time is wall clock, from the first request to the last answer, after one request
that is not counted.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import load

TARGET = Path(os.environ.get("CARGO_TARGET_DIR", load.ROOT / "target"))
CLIENTS, PATIENCE, WORDS = 8, 100.0, 5
# Not the capital of France: llama.cpp rounds otherwise than chapter 14, and begins another answer to that.
REQUESTS = [request for request in load.asks(20, 0, aborts=False) if "France" not in request.prompt][:16]
FIGURES = {"serve": "serve, 8", "fastapi": "FastAPI"}


def main(figure: str) -> None:
    fetch = [sys.executable, "-m", "workbook", "fetch", "smollm2"]
    model = subprocess.run(fetch, cwd=load.ROOT, check=True, capture_output=True, text=True).stdout.split()[-1]
    engine = load.engines(TARGET / "release" / "serve", PATIENCE)[FIGURES[figure]]
    with load.running(engine, Path(model)) as (port, _):
        # Whatever is made at the first request is made before the clock starts.
        asyncio.run(load.closed(port, load.asks(1, 99, aborts=False), 1, PATIENCE))
        replies, seconds = asyncio.run(load.closed(port, REQUESTS, CLIENTS, PATIENCE))
    if failed := [reply.outcome for reply in replies if reply.outcome != "answered"]:
        raise SystemExit(f"{len(failed)} of {len(replies)} requests were not answered: {failed[0]}")
    # Late words differ, since sums are rounded in other orders: the beginnings must be the same, and the work.
    begun = [" ".join(reply.text.split()[:WORDS]) for reply in replies]
    tokens = sum(reply.tokens for reply in replies)
    print(json.dumps({"name": figure, "ns": round(seconds * 1e9), "output": [begun, tokens]}))


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in FIGURES:
        raise SystemExit(f"name a figure: {', '.join(FIGURES)}")
    main(sys.argv[1])
