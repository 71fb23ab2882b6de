"""The server that one writes first: FastAPI, llama-cpp-python, a lock. For `load.py`, which starts it.

MODEL=model.gguf uvicorn fastapi_peer:app
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.responses import StreamingResponse
from llama_cpp import Llama

CORES = os.cpu_count() or 1
app = FastAPI()
model = Llama(os.environ["MODEL"], n_ctx=2048, n_threads=CORES, n_threads_batch=CORES, verbose=False)
lock = threading.Lock()


@app.get("/health")
def health() -> str:
    return "OK"


@app.post("/v1/chat/completions")
def chat(request: dict[str, Any]) -> StreamingResponse:
    """Streams only; that is all that `load.py` asks for. Starlette iterates it on a thread of its pool."""

    def events() -> Iterator[str]:
        with lock:
            answer = model.create_chat_completion(
                request["messages"], max_tokens=request["max_tokens"], temperature=0.0, stream=True
            )
            for chunk in answer:
                yield f"data: {json.dumps(chunk)}\n\n"
        yield "data: [DONE]\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")
