"""This chapter's model beside Candle's own and llama.cpp: decode, prompt, start, memory; and what `chat` weighs.

    python chapters/14_llama/benches/peers.py MODEL.gguf [--rounds 7] [--native]

Each figure is from a fresh process; the engines take turns, and the best and the median of the rounds are printed. Each
engine has as many threads as there are cores. llama.cpp takes part where `llama_cpp` can be imported (`pip install
llama-cpp-python` builds it). `--native` also builds Candle's own model with `target-cpu=native`, since it chooses its
instructions when it is compiled.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
PROMPT, DRAWN = 64, 64
CHAT = ["-p", "What is the capital of France?", "--temperature", "0", "-n", "8", "--json"]


def cargo(arguments: list[str], target: str, flags: str = "") -> Path:
    """Builds in release mode; the folder of what was built."""
    folder = ROOT / "target" / target if target else ROOT / "target"
    environment = {**os.environ, "CARGO_TARGET_DIR": str(folder)}
    if flags:
        environment["RUSTFLAGS"] = flags
    command = ["cargo", "build", "--release", "-q", "-p", "llama", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return folder / "release"


def run(command: list[str], **more: Any) -> dict[str, Any]:
    out = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, **more).stdout
    return json.loads(out.strip().splitlines()[-1])


def llama_cpp(model: str) -> None:
    """The same measurement with llama.cpp, in this process."""
    import resource

    begun = time.perf_counter()
    import llama_cpp as peer

    cores = os.cpu_count() or 1
    llm = peer.Llama(model_path=model, n_ctx=PROMPT + DRAWN, n_threads=cores, n_threads_batch=cores, verbose=False)
    load = time.perf_counter() - begun
    tokens = [n * 7919 % 40000 + 100 for n in range(PROMPT)]
    begun = time.perf_counter()
    llm.eval(tokens)
    best = llm.sample(temp=0.0)
    prefill = time.perf_counter() - begun
    begun = time.perf_counter()
    for _ in range(1, DRAWN):
        llm.eval([best])
        best = llm.sample(temp=0.0)
    decode = time.perf_counter() - begun
    figures = {
        "engine": "llama.cpp",
        "load_ms": round(load * 1e3, 1),
        "prefill_ms": round(prefill * 1e3, 1),
        "tokens_per_second": round((DRAWN - 1) / decode, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    print(json.dumps(figures))


def main() -> None:
    parser = argparse.ArgumentParser(description="This chapter's model beside its peers.")
    parser.add_argument("model")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--native", action="store_true", help="also Candle's own model with target-cpu=native")
    parser.add_argument("--only-llama-cpp", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only_llama_cpp:
        return llama_cpp(options.model)

    portable = cargo(["--features", "stock", "--example", "speed", "--bin", "chat"], "")
    arguments = [options.model, str(PROMPT), str(DRAWN)]
    speed = str(portable / "examples/speed")
    engines = {name: [speed, name, *arguments] for name in ("ours", "plain", "candle", "stock")}
    if options.native:
        native = cargo(["--features", "stock", "--example", "speed"], "native", "-C target-cpu=native")
        engines["stock, native"] = [str(native / "examples/speed"), "stock", *arguments]
    try:
        import llama_cpp as peer  # noqa: F401

        engines["llama.cpp"] = [sys.executable, __file__, options.model, "--only-llama-cpp"]
    except ImportError:
        print("llama_cpp is not installed here: no figures of llama.cpp", file=sys.stderr)
    for count in (2, 4, 8):
        engines[f"ours, {count} at once"] = [*engines["ours"], str(count)]

    rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in engines}
    first: list[float] = []
    chat = portable / "chat"
    for _ in range(options.rounds):
        for name, command in engines.items():
            rounds[name].append(run(command))
        answer = run([str(chat), "-m", options.model, *CHAT], stdin=subprocess.DEVNULL)
        first.append(answer["start_to_first_token_ms"])

    print(f"{'':20}{'tokens/s':>18}{f'{PROMPT} tokens, ms':>20}{'load, ms':>18}{'MB':>8}   (best, median)")
    for name, figures in rounds.items():

        def two(key: str, best: Any, figures: list[dict[str, Any]] = figures) -> str:
            values = [figure[key] for figure in figures if key in figure]
            return f"{best(values):.0f}, {statistics.median(values):.0f}" if values else ""

        peak = max(figure["peak_mb"] for figure in figures)
        rate, prefill, load = two("tokens_per_second", max), two("prefill_ms", min), two("load_ms", min)
        print(f"{name:20}{rate:>18}{prefill:>20}{load:>18}{peak:>8}")
    stripped = chat.with_name("chat-stripped")
    subprocess.run(["strip", "-o", str(stripped), str(chat)], check=True)
    print(f"chat: {stripped.stat().st_size / 1e6:.1f} MB stripped;", end=" ")
    median = statistics.median(first)
    print(f"from its start to the first token {min(first):.0f} ms at best, {median:.0f} in the median")


main()
