"""One figure of this chapter's claim (`claims.toml`): from the start of a process to the first word of its answer.

    python3 workbook claims first_word
    .venv/bin/python chapters/14_llama/benches/first_token.py chat

The peer is Python as lean as it can be: NumPy, the package `tokenizers`, and the forward pass written out below, with
the same file. It reads the prompt in one pass and takes the likeliest token, which must be `chat`'s. Needs the group
`peers`, and `chat` in release mode. Prints one JSON line; a time is wall clock, from the call to the end of the
process.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
QUESTION = "What is the capital of France?"
SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
TURN = "<|im_start|>system\n{}<|im_end|>\n<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n"


def main(figure: str) -> None:
    model = subprocess.run(
        [sys.executable, "-m", "workbook", "fetch", "smollm2"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    if figure == "chat":
        settings = ["--temperature", "0", "-n", "1", "--json"]
        words = [str(TARGET / "release" / "chat"), "-m", model, "-p", QUESTION, *settings]
    else:
        words = [sys.executable, __file__, "answer", model]
    start = time.perf_counter_ns()
    done = subprocess.run(words, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    ns = time.perf_counter_ns() - start
    answer = json.loads(done.stdout.strip().splitlines()[-1])
    print(json.dumps({"name": figure, "ns": ns, "output": answer["text"].strip()}))


# --- the same model in Python ---------------------------------------------------------------------------------------

# By GGUF's numbers: struct's letters for single values, and tensors as (numbers, bytes) a block.
VALUES = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
BLOCKS = {0: (1, 4), 3: (32, 20), 8: (32, 34)}


class Reader:
    """GGUF's header, value by value."""

    def __init__(self, data: Any) -> None:
        self.data, self.place = data, 4

    def take(self, letter: str) -> Any:
        (value,) = struct.unpack_from(f"<{letter}", self.data, self.place)
        self.place += struct.calcsize(letter)
        return value

    def text(self) -> str:
        length = self.take("Q")
        self.place += length
        return bytes(self.data[self.place - length : self.place]).decode()

    def value(self, kind: int) -> Any:
        if kind == 8:
            return self.text()
        if kind == 9:
            inner, count = self.take("I"), self.take("Q")
            return [self.value(inner) for _ in range(count)]
        return self.take(VALUES[kind])

    def header(self) -> tuple[dict[str, Any], Iterator[tuple[str, tuple[int, ...], int, int]]]:
        self.take("I")
        tensors, pairs = self.take("Q"), self.take("Q")
        known = {}
        for _ in range(pairs):
            name = self.text()
            known[name] = self.value(self.take("I"))
        listed = []
        for _ in range(tensors):
            name, rank = self.text(), self.take("I")
            shape = tuple(self.take("Q") for _ in range(rank))
            listed.append((name, shape, self.take("I"), self.take("Q")))
        return known, iter(listed)


def weights(path: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header's values, and every tensor as float32, rows first."""
    import numpy as np

    data = np.memmap(path, np.uint8, "r")
    reader = Reader(data)
    known, listed = reader.header()
    start = -(-reader.place // 32) * 32
    found = {}
    for name, shape, kind, offset in listed:
        numbers, size = BLOCKS[kind]
        blocks = int(np.prod(shape)) // numbers
        raw = data[start + offset : start + offset + blocks * size].reshape(blocks, size)
        if kind == 0:
            values = np.frombuffer(raw.tobytes(), np.float32)
        elif kind == 8:
            scale = raw[:, :2].copy().view(np.float16).astype(np.float32)
            values = raw[:, 2:].copy().view(np.int8) * scale
        else:
            scales = raw[:, :4].copy().view(np.float16).astype(np.float32)
            codes = np.concatenate([raw[:, 4:] & 15, raw[:, 4:] >> 4], axis=1)
            values = codes * scales[:, :1] + scales[:, 1:]
        found[name] = values.reshape(shape[::-1])
    return known, found


def answer(path: str) -> None:
    """Prints the likeliest first token of the answer."""
    import numpy as np
    from tokenizers import Tokenizer
    from tokenizers.models import BPE
    from tokenizers.pre_tokenizers import ByteLevel

    known, w = weights(path)
    tokens = known["tokenizer.ggml.tokens"]
    merges = [tuple(pair.split(" ")) for pair in known["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(BPE({token: id for id, token in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = ByteLevel(add_prefix_space=False)
    tokenizer.add_special_tokens([tokens[1], tokens[2]])
    ids = tokenizer.encode(TURN.format(SYSTEM, QUESTION)).ids

    heads, kv_heads = known["llama.attention.head_count"], known["llama.attention.head_count_kv"]
    width, eps = known["llama.rope.dimension_count"], known["llama.attention.layer_norm_rms_epsilon"]
    length = len(ids)

    def norm(x: Any, weight: Any) -> Any:
        return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + eps) * weight

    steps = known["llama.rope.freq_base"] ** (-np.arange(0, width, 2, dtype=np.float32) / width)
    turns = np.exp(1j * np.arange(length)[:, None] * steps).astype(np.complex64)

    def rope(x: Any, count: int) -> Any:
        pairs = np.ascontiguousarray(x).reshape(length, count, width).view(np.complex64)
        return (pairs * turns[:, None]).view(np.float32).transpose(1, 0, 2)

    ahead = np.triu(np.full((length, length), -np.inf, np.float32), 1)
    x = w["token_embd.weight"][ids]
    for layer in range(known["llama.block_count"]):
        part = {
            name: w[f"blk.{layer}.{name}.weight"]
            for name in (
                "attn_norm",
                "attn_q",
                "attn_k",
                "attn_v",
                "attn_output",
                "ffn_norm",
                "ffn_gate",
                "ffn_up",
                "ffn_down",
            )
        }
        h = norm(x, part["attn_norm"])
        q, k = rope(h @ part["attn_q"].T, heads), rope(h @ part["attn_k"].T, kv_heads)
        v = (h @ part["attn_v"].T).reshape(length, kv_heads, width).transpose(1, 0, 2)
        k, v = (np.repeat(both, heads // kv_heads, axis=0) for both in (k, v))
        scores = q @ k.transpose(0, 2, 1) / np.sqrt(np.float32(width)) + ahead
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        x = x + (shares @ v).transpose(1, 0, 2).reshape(length, -1) @ part["attn_output"].T
        h = norm(x, part["ffn_norm"])
        gate = h @ part["ffn_gate"].T
        x = x + (gate / (1 + np.exp(-gate)) * (h @ part["ffn_up"].T)) @ part["ffn_down"].T
    logits = norm(x[-1], w["output_norm.weight"]) @ w["token_embd.weight"].T
    print(json.dumps({"text": tokenizer.decode([int(logits.argmax())]).replace("Ġ", " ")}))


FIGURES = ("chat", "numpy")

if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "answer":
        answer(sys.argv[2])
    elif len(sys.argv) == 2 and sys.argv[1] in FIGURES:
        main(sys.argv[1])
    else:
        raise SystemExit(f"name a figure: {', '.join(FIGURES)}")
