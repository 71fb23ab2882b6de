"""The other side of this chapter's claims (`claims.toml`): one figure, in a Python of its own, standard library only.

    python3 chapters/01_ownership/benches/peers.py sum_a_million

Prints one JSON line as `claims.rs` does.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from array import array
from pathlib import Path

BIG_LAYER = (256 << 20) // 4
ROUNDS = 15


def sum_a_million() -> dict:
    """The built-in `sum` over a list of the same numbers, which the call only reads."""
    weights = [((i * 37) % 256 - 128) / 256 for i in range(1_000_000)]
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter_ns()
        total = sum(weights)
        rounds.append(time.perf_counter_ns() - start)
    return {"ns": statistics.median(rounds), "output": total}


class Layer:
    """A layer of 256 MiB, stored as Rust stores it: four bytes a weight."""

    def __init__(self) -> None:
        self.weights = array("f", [0.5]) * BIG_LAYER


class Optimizer:
    """Knows its layer, and the layer knows it: a cycle, as frameworks have them by the dozen."""

    def __init__(self, layer: Layer) -> None:
        self.layer = layer
        layer.optimizer = self


def kept_after_scope(cycle: bool) -> dict:
    """What stays resident after a function in which a layer lived. The collector is on, as Python starts it."""

    def scope() -> tuple[int, float, int]:
        layer = Layer()
        if cycle:
            Optimizer(layer)
        return len(layer.weights), layer.weights[-1], resident()

    before = resident()
    count, last, held = scope()
    kept = max(0, resident() - before)
    return {"bytes": kept, "held": held - before, "output": [count, last]}


class Part:
    """A part has a name of its own."""

    def __init__(self, name: str) -> None:
        self.name = name


class Session:
    """A request's state: some parts, each on the heap."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts


def serve(sessions: list[Session], number: int) -> int:
    """Makes a session of twenty parts, and keeps it among the others."""
    parts = [Part(f"{number}-{part}") for part in range(20)]
    length = sum(len(part.name) for part in parts)
    sessions.append(Session(parts))
    return length


def slowest_in_a_thousand() -> dict:
    """How much longer than usual the slowest request in a thousand takes, beside a heap of a million objects."""
    sessions: list[Session] = []
    kept = sum(serve(sessions, number) for number in range(50_000))
    length, times = 0, []
    for number in range(20_000):
        start = time.perf_counter_ns()
        length += serve(sessions, number)
        times.append(time.perf_counter_ns() - start)
    times.sort()
    median, slow, worst = times[10_000], times[19_980], times[19_999]
    parts = sum(len(session.parts) for session in sessions)
    return {"medians": slow / median, "median_ns": median, "worst_ns": worst, "output": [kept, length, parts]}


def resident() -> int:
    """Bytes of memory that the system has given to this process, as Linux counts them."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise SystemExit("no VmRSS in /proc/self/status")


FIGURES = {
    "sum_a_million": sum_a_million,
    "kept_after_scope": lambda: kept_after_scope(cycle=False),
    "slowest_in_a_thousand": slowest_in_a_thousand,
    "kept_after_scope_in_a_cycle": lambda: kept_after_scope(cycle=True),
}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in FIGURES:
        raise SystemExit(f"name a figure: {', '.join(FIGURES)}")
    print(json.dumps({"name": sys.argv[1], **FIGURES[sys.argv[1]]()}))
