"""One figure of the claim on servers: an empty route under load, in processes of its own.

    python3 workbook claims axum_empty_route
    .venv/bin/python chapters/17_case_studies/benches/servers.py axum

The load is the same Rust program for both, `examples/empty_route.rs`, on the same machine: it takes a share of the
cores. The peer is FastAPI on uvicorn with uvloop and httptools, one process, as `uvicorn app:app` starts it. Loopback
alone.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
REQUESTS = 400 if "CLAIMS_QUICK" in os.environ else 20_000
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PROGRAM = TARGET / "release" / "examples" / "empty_route"
FIGURES = ("axum", "fastapi")


def serve_fastapi() -> None:
    """Serves until the process is ended; prints its port first, as the Rust program does."""
    import uvicorn
    from fastapi import FastAPI
    from fastapi.responses import PlainTextResponse

    app = FastAPI()

    @app.get("/", response_class=PlainTextResponse)
    async def empty() -> str:
        return "OK"

    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(app, loop="uvloop", http="httptools", log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


def main(figure: str) -> None:
    server = [str(PROGRAM), "serve"] if figure == "axum" else [sys.executable, __file__, "serve"]
    with subprocess.Popen(server, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            port = process.stdout.readline().strip()
            if not port.isdecimal():
                raise SystemExit(f"{figure} did not start")
            words = [str(PROGRAM), "load", port, str(REQUESTS)]
            done = subprocess.run(words, capture_output=True, text=True, timeout=100)
        finally:
            process.kill()
    if done.returncode:
        raise SystemExit(f"the load failed: {done.stderr.strip()}")
    print(json.dumps({"name": figure, **json.loads(done.stdout)}))


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve_fastapi()
    elif len(sys.argv) == 2 and sys.argv[1] in FIGURES:
        main(sys.argv[1])
    else:
        raise SystemExit(f"name a figure: {', '.join(FIGURES)}")
