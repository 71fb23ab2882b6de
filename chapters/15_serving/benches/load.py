"""Load on `serve` and on its peers, over loopback, bounded in number and time.

    python chapters/15_serving/benches/load.py                      # `serve` with batches of 8, and with 1
    python chapters/15_serving/benches/load.py --engines all        # and window batches, and the peers

*Closed loop*: so many clients, each of which asks again when it has its answer. *Open loop*: requests come at random
moments, whether the others are answered or not, as from outside; a latency counts from the moment at which the
request was due, so a server that stalls cannot hide it. In both, prompts and answers are short and long, mixed, and the
same for every engine. `--stories` asks for long answers to short prompts alone; `--aborts` lets some clients hang up in
the middle.

A token is a piece of text in the stream. The engines take turns, round after round; the figures are medians of the
rounds. Every request is accounted for: answered, refused, or hung up by its own client; what `serve` has accepted is
compared with what it says about how that ended.

The peers need the group `llamacpp` (`llama_cpp.server`, and `fastapi_peer.py`); `serve` is built in release mode.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import random
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
BENCHES = Path(__file__).resolve().parent
QUESTIONS = [
    "What is 2 + 2?",
    "Name three colours.",
    "What is the capital of France?",
    "Write a sentence about the sea.",
    "Why is the sky blue?",
    "What does a tokenizer do?",
    "Tell me a very short story about a crab.",
    "Give me one tip for learning to cook.",
]
BACKGROUND = (
    "The harbour was busy that morning. Boats came in with the tide, and the crates of fish were weighed, written down "
    "and carried to the hall, where the buyers had been waiting since dawn. "
)


@dataclass(frozen=True)
class Ask:
    """A request: what is asked, and after how many pieces of text the client hangs up, if it does."""

    prompt: str
    max_tokens: int
    hangs_up_after: int | None = None


def asks(count: int, seed: int, aborts: bool, stories: bool = False) -> list[Ask]:
    """The same requests for the same seed: one prompt in four is long, answers have 8 to 96 tokens."""
    draw = random.Random(seed)
    if stories:
        return [Ask("Write a long story about a harbour.", 96) for _ in range(count)]
    made = []
    for number in range(count):
        prompt = draw.choice(QUESTIONS)
        if number % 4 == 3:
            prompt = BACKGROUND * draw.randint(2, 6) + prompt
        tokens = draw.choice([8, 16, 32, 64, 96])
        made.append(Ask(prompt, tokens, draw.randint(1, 6) if aborts and number % 5 == 4 else None))
    return made


@dataclass
class Reply:
    """What became of a request. Seconds count from the moment at which it was due."""

    outcome: str
    text: str = ""
    tokens: int = 0
    first: float = 0.0
    whole: float = 0.0


async def ask(port: int, request: Ask, due: float, patience: float) -> Reply:
    """One request on a connection of its own; the text is read as it comes."""
    try:
        return await asyncio.wait_for(_ask(port, request, due), patience)
    except TimeoutError:
        return Reply("timeout")
    except (OSError, asyncio.IncompleteReadError, ValueError) as error:
        return Reply(f"broken: {type(error).__name__}")


async def _ask(port: int, request: Ask, due: float) -> Reply:
    body = json.dumps(
        {
            "model": "any",
            "messages": [{"role": "user", "content": request.prompt}],
            "max_tokens": request.max_tokens,
            "temperature": 0,
            "stream": True,
        }
    ).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        head = (
            f"POST /v1/chat/completions HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
        )
        writer.write(head.encode() + b"Content-Type: application/json\r\n\r\n" + body)
        status = int((await reader.readline()).split()[1])
        if status != 200:
            return Reply(str(status))
        reply = Reply("unfinished")
        while line := await reader.readline():
            if not line.startswith(b"data: "):
                continue
            if line.startswith(b"data: [DONE]"):
                reply.outcome, reply.whole = "answered", time.perf_counter() - due
                return reply
            event = json.loads(line[6:])
            if "error" in event:
                reply.outcome = f"error: {event['error'].get('code')}"
                return reply
            if event["choices"] and (piece := event["choices"][0]["delta"].get("content")):
                reply.text += piece
                reply.tokens += 1
                reply.first = reply.first or time.perf_counter() - due
                if reply.tokens == request.hangs_up_after:
                    reply.outcome = "hung up"
                    return reply
        return reply
    finally:
        writer.close()


async def closed(port: int, requests: list[Ask], clients: int, patience: float) -> tuple[list[Reply], float]:
    """As many clients, one request at a time each. Returns the replies, in the requests' order, and the seconds."""
    waiting = iter(enumerate(requests))
    replies: dict[int, Reply] = {}

    async def client() -> None:
        for number, request in waiting:
            replies[number] = await ask(port, request, time.perf_counter(), patience)

    begun = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return [replies[number] for number in sorted(replies)], time.perf_counter() - begun


async def opened(port: int, requests: list[Ask], rate: float, seed: int, patience: float) -> tuple[list[Reply], float]:
    """Requests at random moments, `rate` a second in the mean, each on time whatever became of those before it."""
    draw = random.Random(seed)
    begun = time.perf_counter()
    due, tasks = begun, []
    for request in requests:
        due += draw.expovariate(rate)
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(ask(port, request, due, patience)))
    replies = await asyncio.gather(*tasks)
    return list(replies), time.perf_counter() - begun


@dataclass
class Engine:
    """A server that can be started: its command, in which `{port}` and `{model}` are put in."""

    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    ours: bool = False


def engines(binary: Path, patience: float) -> dict[str, Engine]:
    """All that there are, by name."""
    cores = str(os.cpu_count() or 1)
    serve = [str(binary), "--model", "{model}", "--listen", "127.0.0.1:{port}", "--timeout", f"{patience:g}"]
    python = [sys.executable, "-m"]
    llama_cpp = [*python, "llama_cpp.server", "--model", "{model}", "--host", "127.0.0.1", "--port", "{port}"]
    shape = ["--n_threads", cores, "--n_threads_batch", cores, "--n_ctx", "2048"]
    uvicorn = [*python, "uvicorn", "--app-dir", str(BENCHES), "--port", "{port}", "--log-level", "error"]
    return {
        "serve, 8": Engine([*serve, "--batch-size", "8"], ours=True),
        "serve, 1": Engine([*serve, "--batch-size", "1"], ours=True),
        "serve, window of 8": Engine([*serve, "--batch-size", "8", "--schedule", "window"], ours=True),
        "llama_cpp.server": Engine(
            # Without the last one, it breaks an answer off when the next request comes.
            [*llama_cpp, *shape, "--verbose", "False", "--interrupt_requests", "False"]
        ),
        "FastAPI": Engine([*uvicorn, "fastapi_peer:app"], {"MODEL": "{model}"}),
    }


@contextmanager
def running(engine: Engine, model: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Starts a server on a free port, and ends it with SIGTERM."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def put_in(text: str) -> str:
        return text.replace("{port}", str(port)).replace("{model}", str(model))

    environment = {**os.environ, **{key: put_in(value) for key, value in engine.environment.items()}}
    process = subprocess.Popen(
        [put_in(word) for word in engine.command], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port, process, "/ready" if engine.ours else "/v1/models")
        yield port, process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_for(port: int, process: subprocess.Popen[bytes], path: str) -> None:
    """Until the server answers, with whatever status (FastAPI's peer has no such path)."""
    for _ in range(600):
        if process.poll() is not None:
            raise SystemExit(f"The server ended with code {process.returncode} before it was ready.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5):
                return
        except urllib.error.HTTPError as error:
            if error.code != 503:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("The server was not ready after a minute.")


def peak_mb(process: subprocess.Popen[bytes]) -> int:
    """The most memory that the process ever had, in MB; 0 where the system does not say."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return 0
    found = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0].split()[1]) // 1024 if found else 0


def lost(port: int) -> int:
    """How many requests `serve` has accepted and says nothing about. It may still be looking for those who hung up."""
    missing = 0
    for _ in range(100):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as response:
            lines = [line.rsplit(" ", 1) for line in response.read().decode().splitlines() if line[0] != "#"]
        accepted = sum(float(value) for name, value in lines if name == "serving_accepted_total")
        ended = sum(float(value) for name, value in lines if name.startswith("serving_outcomes_total"))
        missing = int(accepted - ended)
        if missing == 0:
            return 0
        time.sleep(0.05)
    return missing


@dataclass
class Round:
    """What one engine did in one round."""

    replies: list[Reply]
    seconds: float
    peak_mb: int
    lost: int | None

    def figures(self) -> dict[str, Any]:
        answered = [reply for reply in self.replies if reply.outcome == "answered"]
        firsts = sorted(reply.first for reply in answered)
        wholes = sorted(reply.whole for reply in answered)

        def percentile(values: list[float], part: float) -> float:
            return values[min(len(values) - 1, int(part * len(values)))] * 1e3 if values else 0.0

        return {
            "tokens_per_second": sum(reply.tokens for reply in self.replies) / self.seconds,
            **{f"first_p{p}": percentile(firsts, p / 100) for p in (50, 95, 99)},
            **{f"whole_p{p}": percentile(wholes, p / 100) for p in (50, 95, 99)},
            "peak_mb": self.peak_mb,
        }


def measure(engine: Engine, model: Path, options: argparse.Namespace, load: str, seed: int) -> Round:
    """One engine, one kind of load, one round, in a fresh process."""
    with running(engine, model) as (port, process):
        # Whatever is made at the first request is made before the clock starts.
        asyncio.run(closed(port, asks(1, 99, False), 1, options.patience))
        requests = asks(options.requests, seed, options.aborts, options.stories)
        kind, _, number = load.partition(" ")
        if kind == "open":
            replies, seconds = asyncio.run(opened(port, requests, float(number), seed, options.patience))
        else:
            replies, seconds = asyncio.run(closed(port, requests, int(number), options.patience))
        return Round(replies, seconds, peak_mb(process), lost(port) if engine.ours else None)


def main() -> None:
    parser = argparse.ArgumentParser(description="Load on `serve` and on its peers.")
    parser.add_argument("--model", type=Path, help="a GGUF file; without it, what `workbook fetch smollm2` has")
    parser.add_argument("--binary", type=Path, help="a `serve` that is built already")
    parser.add_argument("--engines", default="serve, 8; serve, 1", help="names with ';' between them, or 'all'")
    parser.add_argument("--clients", default="1 8 32", help="closed loops with so many clients each")
    parser.add_argument("--rate", default="", help="open loops with so many requests a second each")
    parser.add_argument("--requests", type=int, default=48, help="in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0, help="of the first round's requests; each round has its own")
    parser.add_argument("--patience", type=float, default=120.0, help="seconds after which a request counts as failed")
    parser.add_argument("--stories", action="store_true", help="all prompts short, all answers of 96 tokens")
    parser.add_argument("--aborts", action="store_true", help="one client in five hangs up in the middle")
    parser.add_argument("--json", action="store_true", help="one object instead of a table")
    options = parser.parse_args()
    model = options.model or Path(
        subprocess.run(
            [sys.executable, str(ROOT / "workbook"), "fetch", "smollm2"], check=True, stdout=subprocess.PIPE, text=True
        ).stdout.strip()
    )
    binary = options.binary or ROOT / "target/release/serve"
    if not options.binary:
        subprocess.run(["cargo", "build", "--release", "-q", "-p", "serving"], cwd=ROOT, check=True)
    known = engines(binary, options.patience)
    names = list(known) if options.engines == "all" else [name.strip() for name in options.engines.split(";")]
    if unknown := [name for name in names if name not in known]:
        parser.error(f"{unknown[0]!r} is none of {'; '.join(known)}")
    loads = [f"closed {number}" for number in options.clients.split()]
    loads += [f"open {number}" for number in options.rate.split()]

    rounds: dict[tuple[str, str], list[Round]] = {}
    for number in range(options.rounds):
        for load in loads:
            for name in names:
                one = measure(known[name], model, options, load, seed=options.seed + number)
                rounds.setdefault((load, name), []).append(one)
                outcomes = dict(Counter(reply.outcome for reply in one.replies))
                print(f"round {number + 1}, {load}, {name}: {outcomes}, lost {one.lost}", file=sys.stderr, flush=True)
    rows = {key: medians(found) for key, found in rounds.items()}
    if options.json:
        print(json.dumps([{"load": load, "engine": name, **row} for (load, name), row in rows.items()]))
    else:
        table(rows, options)


def medians(found: list[Round]) -> dict[str, Any]:
    """The median of each figure over the rounds; outcomes and what was lost, summed up."""
    figures = [one.figures() for one in found]
    row: dict[str, Any] = {key: statistics.median(one[key] for one in figures) for key in figures[0]}
    outcomes: Counter[str] = Counter()
    for one in found:
        outcomes.update(reply.outcome for reply in one.replies)
    row["outcomes"] = dict(outcomes)
    row["lost"] = None if found[0].lost is None else sum(one.lost or 0 for one in found)
    return row


def table(rows: dict[tuple[str, str], dict[str, Any]], options: argparse.Namespace) -> None:
    print(
        f"{options.rounds} rounds of {options.requests} requests, medians; {os.cpu_count()} cores, {platform.machine()}"
    )
    head = f"{'':11}{'':20}{'tokens/s':>9}{'first token, ms':>20}{'answer, ms':>21}{'MB':>6}  not answered"
    print(f"{head}\n{'':40}{'p50, p95, p99':>20}{'p50, p95, p99':>21}")
    for (load, name), row in rows.items():
        first, whole = (", ".join(f"{row[f'{kind}_p{p}']:.0f}" for p in (50, 95, 99)) for kind in ("first", "whole"))
        others = {outcome: count for outcome, count in row["outcomes"].items() if outcome != "answered"}
        said = ", ".join(f"{count} {outcome}" for outcome, count in others.items()) or "none"
        if row["lost"] is not None:
            said += f"; lost {row['lost']}"
        print(f"{load:11}{name:20}{row['tokens_per_second']:9.0f}{first:>20}{whole:>21}{row['peak_mb']:6.0f}  {said}")


if __name__ == "__main__":
    main()
