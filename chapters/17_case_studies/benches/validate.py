"""One figure of the claims on pydantic: a batch of requests validated, in a process of its own.

    python3 workbook claims pydantic_chat
    .venv/bin/python chapters/17_case_studies/benches/validate.py chat

The same program measures both: it imports whichever pydantic it finds, which for the peer is version 1 in a folder of
its own (`claims.toml`). Prints one JSON line: nanoseconds a request, and what the models held, or the faults' places.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, Optional

import pydantic
from pydantic import BaseModel, Field, ValidationError

QUICK = "CLAIMS_QUICK" in os.environ
ROUNDS = 3 if QUICK else 15
TWO = pydantic.VERSION.startswith("2")


class Message(BaseModel):
    role: str
    content: str = Field(..., min_length=1)


class Chat(BaseModel):
    """What a chat server gets: nested, with lists, defaults and bounds."""

    model: str
    messages: list[Message]
    max_tokens: int = Field(100, ge=1, le=4096)
    temperature: float = Field(0.7, ge=0, le=2)
    stop: list[str] = []
    user: Optional[str] = None  # noqa: UP045


class Embedding(BaseModel):
    """A row for a vector store: few fields, and one long list of numbers."""

    id: int
    values: list[float]


class Settings(BaseModel):
    """Flat and small: the model's own start is most of it."""

    name: str
    layers: int
    heads: int
    dropout: float
    bias: bool


def chat(number: int) -> dict[str, Any]:
    turns = [{"role": ("user", "assistant")[turn % 2], "content": f"message {turn} of {number}"} for turn in range(8)]
    return {"model": "smollm2", "messages": turns, "max_tokens": 64 + number, "stop": ["###", "\n\n"]}


def embedding(number: int) -> dict[str, Any]:
    return {"id": number, "values": [(number * 37 + place * 11) % 256 / 256 for place in range(384)]}


def settings(number: int) -> dict[str, Any]:
    return {"name": f"run {number}", "layers": 12 + number % 4, "heads": 8, "dropout": 0.1, "bias": True}


def broken(number: int) -> dict[str, Any]:
    """A chat with three faults: an empty message, too many tokens, and a text for the temperature."""
    data = chat(number)
    data["messages"][3]["content"] = ""
    return {**data, "max_tokens": 10_000, "temperature": "warm"}


def parse(model: type[BaseModel], data: dict[str, Any]) -> Any:
    return model.model_validate(data) if TWO else model.parse_obj(data)


def from_text(model: type[BaseModel], text: str) -> Any:
    return model.model_validate_json(text) if TWO else model.parse_raw(text)


def held(found: Any) -> Any:
    return found.model_dump() if TWO else found.dict()


def faults(data: dict[str, Any]) -> list[list[str]]:
    try:
        parse(Chat, data)
    except ValidationError as error:
        # The words of the two versions differ; the places must not.
        return sorted([str(part) for part in fault["loc"]] for fault in error.errors())
    raise SystemExit("a broken request was accepted")


def measure(requests: list[Any], work: Callable[[Any], Any], shown: Callable[[Any], Any]) -> dict[str, Any]:
    output = shown(work(requests[7]))
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        start = time.perf_counter_ns()
        for request in requests:
            work(request)
        times.append((time.perf_counter_ns() - start) / len(requests))
    # As a text: the sides must agree in every field.
    return {"ns": statistics.median(times), "output": json.dumps(output, sort_keys=True), "pydantic": pydantic.VERSION}


COUNT = 50 if QUICK else 500
FIGURES: dict[str, Callable[[], dict[str, Any]]] = {
    "chat": lambda: measure([chat(n) for n in range(COUNT)], lambda data: parse(Chat, data), held),
    "chat_json": lambda: measure([json.dumps(chat(n)) for n in range(COUNT)], lambda text: from_text(Chat, text), held),
    "embedding": lambda: measure([embedding(n) for n in range(COUNT)], lambda data: parse(Embedding, data), held),
    "settings": lambda: measure([settings(n) for n in range(COUNT)], lambda data: parse(Settings, data), held),
    "broken": lambda: measure([broken(n) for n in range(COUNT)], faults, lambda found: found),
}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in FIGURES:
        raise SystemExit(f"name a figure: {', '.join(FIGURES)}")
    print(json.dumps({"name": sys.argv[1], **FIGURES[sys.argv[1]]()}))
