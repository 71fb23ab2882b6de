"""`serve` with the real model: OpenAI's own client, 32 clients at once, a Unix socket, those who hang up, and the end.

What the server does with a small random model is tested in Rust, in chapters/15_serving/tests. The client is that of
the group 'serving', the model that of `python3 workbook fetch smollm2`.
"""

from __future__ import annotations

import importlib.util
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from workbook import cargo, groups, models

CHAPTER = groups.ROOT / "chapters" / "15_serving"
QUESTION: list[Any] = [{"role": "user", "content": "What is 2 + 2?"}]
TALE: list[Any] = [{"role": "user", "content": "Tell me a long story about a crab."}]


class Server:
    """`serve` on a free port, and on a Unix socket."""

    socket = Path()

    def __init__(self, binary: Path, model: Path, *flags: str) -> None:
        command = [str(binary), "--model", str(model), "--listen", "127.0.0.1:0", *flags]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        self.address = self.wait_for("listening")["address"]
        self.wait_for("ready")

    def wait_for(self, message: str) -> dict[str, Any]:
        """The next line of the log with this message."""
        assert self.process.stdout
        for line in self.process.stdout:
            said: dict[str, Any] = json.loads(line)
            if said["message"] == message:
                return said
        raise AssertionError(f"the log ended before {message!r}, with code {self.process.wait()}")

    def client(self, **more: Any) -> Any:
        import openai

        return openai.OpenAI(base_url=f"http://{self.address}/v1", api_key="none", **more)

    def metric(self, name: str) -> float:
        """The sum of all lines of `/metrics` that begin with `name`."""
        import httpx2

        text = httpx2.get(f"http://{self.address}/metrics").text
        lines = [line.rsplit(" ", 1) for line in text.splitlines() if line.startswith(name)]
        return sum(float(value) for _, value in lines)

    def settled(self) -> None:
        """Waits until nobody is inside: those who hung up are found at the next pass."""
        while self.metric("serving_inside"):
            time.sleep(0.01)

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        assert self.process.stdout
        self.process.stdout.close()
        return code


@pytest.fixture(scope="module")
def binary() -> Path:
    groups.ensure("serving")
    built = subprocess.run(
        [cargo.cargo(), "build", "--locked", "--quiet", "-p", "serving", "--bin", "serve", "--message-format", "json"],
        cwd=groups.ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    artifacts = [json.loads(line) for line in built.stdout.splitlines()]
    return Path(next(item["executable"] for item in artifacts if item.get("executable")))


@pytest.fixture(scope="module")
def model() -> Path:
    return models.ensure("smollm2")


@pytest.fixture(scope="module")
def server(binary: Path, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    socket = tmp_path_factory.mktemp("sidecar") / "model.sock"
    started = Server(binary, model, "--unix", str(socket), "--timeout", "3600")
    started.socket = socket
    yield started
    assert started.end() == 0
    assert not socket.exists()


def test_the_official_client_gets_an_answer(server: Server) -> None:
    with server.client() as client:
        assert [model.id for model in client.models.list()] == ["SmolLM2-135M-Instruct.Q4_1"]
        answer = client.chat.completions.create(model="any", messages=QUESTION, temperature=0, max_tokens=24)
        choice = answer.choices[0]
        assert "4" in choice.message.content
        # How it goes on depends on the processor: its instructions decide about the last digit.
        assert choice.message.role == "assistant" and choice.finish_reason in ("stop", "length")
        assert 0 < answer.usage.completion_tokens <= 24
        assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
        tale = client.chat.completions.create(model="any", messages=TALE, temperature=0, max_tokens=3)
        assert (tale.choices[0].finish_reason, tale.usage.completion_tokens) == ("length", 3)


def test_the_official_client_sees_text_grow(server: Server) -> None:
    with server.client() as client:
        whole = client.chat.completions.create(model="any", messages=TALE, temperature=0, max_tokens=24)
        chunks = list(
            client.chat.completions.create(
                model="any",
                messages=TALE,
                temperature=0,
                max_tokens=24,
                stream=True,
                stream_options={"include_usage": True},
            )
        )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert len(chunks) > 20
    assert chunks[-1].usage == whole.usage


def test_a_stop_sequence_and_a_seed_mean_what_they_mean(server: Server) -> None:
    with server.client() as client:

        def ask(**more: Any) -> str:
            answer = client.chat.completions.create(model="any", messages=TALE, max_tokens=30, **more)
            text: str = answer.choices[0].message.content
            return text

        assert "\n" not in ask(temperature=0, stop="\n")
        drawn = [ask(temperature=1.5, seed=seed) for seed in (1, 1, 2)]
        assert drawn[0] == drawn[1] != drawn[2]


def test_the_official_client_raises_what_is_wrong(server: Server) -> None:
    import openai

    with server.client(max_retries=0) as client:
        with pytest.raises(openai.BadRequestError, match="n other than 1 is not supported here"):
            client.chat.completions.create(model="any", messages=QUESTION, n=2)
        long = [{"role": "user", "content": "word " * 3_000}]
        with pytest.raises(openai.BadRequestError) as caught:
            client.chat.completions.create(model="any", messages=long)
        assert caught.value.code == "context_length_exceeded"


def test_32_clients_at_once_get_what_each_gets_alone(server: Server) -> None:
    before = server.metric("serving_accepted_total"), server.metric("serving_outcomes_total")

    def ask(number: int) -> str:
        # Some prompts are long and some answers short, so that they join and leave at all times.
        content = f"What is {number} + {number}? " + "Think well. " * (number % 4 * 8)
        with server.client() as client:
            answer = client.chat.completions.create(
                model="any",
                messages=[{"role": "user", "content": content}],
                temperature=0,
                max_tokens=4 + number % 5 * 4,
            )
        text: str = answer.choices[0].message.content
        return text

    with ThreadPoolExecutor(32) as pool:
        together = list(pool.map(ask, range(32)))
    assert all(together)
    # Alone they are asked for once more, those whose prompts and answers differ most.
    for number in (0, 7, 13, 30):
        assert ask(number) == together[number], number
    server.settled()
    after = server.metric("serving_accepted_total"), server.metric("serving_outcomes_total")
    assert [now - then for now, then in zip(after, before, strict=True)] == [36, 36]
    assert server.metric('serving_pass_sequences_bucket{le="8.0"}') > server.metric(
        'serving_pass_sequences_bucket{le="4.0"}'
    ), "they went through the model together"


def test_a_unix_socket_serves_the_same_client(server: Server) -> None:
    import httpx2

    transport = httpx2.HTTPTransport(uds=str(server.socket))
    with server.client(http_client=httpx2.Client(transport=transport)) as client:
        answer = client.chat.completions.create(model="any", messages=QUESTION, temperature=0, max_tokens=12)
    assert "4" in answer.choices[0].message.content


def test_who_hangs_up_makes_room(server: Server) -> None:
    before = server.metric('serving_outcomes_total{outcome="cancelled"}')
    with server.client() as client:
        stream = client.chat.completions.create(model="any", messages=TALE, max_tokens=512, stream=True, seed=1)
        for chunk in stream:
            if chunk.choices[0].delta.content:
                break
        stream.close()
    server.settled()
    assert server.metric('serving_outcomes_total{outcome="cancelled"}') == before + 1


def test_the_official_client_comes_again_when_it_is_full(binary: Path, model: Path) -> None:
    import openai

    server = Server(binary, model, "--batch-size", "1", "--queue", "0")
    with server.client(max_retries=0) as hasty, server.client(max_retries=8) as patient:
        running = hasty.chat.completions.create(model="any", messages=TALE, max_tokens=512, stream=True, seed=1)
        next(iter(running))
        with pytest.raises(openai.RateLimitError, match="all 1 places are taken"):
            hasty.chat.completions.create(model="any", messages=QUESTION)
        running.close()
        answer = patient.chat.completions.create(model="any", messages=QUESTION, temperature=0, max_tokens=8)
        assert answer.choices[0].message.content
    assert server.metric('serving_rejected_total{reason="full"}') >= 1
    assert server.end() == 0


def test_the_load_test_loses_nothing(binary: Path, model: Path) -> None:
    """It is run for its counting: no figure is looked at."""
    script = CHAPTER / "benches" / "load.py"
    command = [sys.executable, str(script), "--model", str(model), "--binary", str(binary), "--engines", "serve, 8"]
    flags = ["--clients", "4", "--rate", "4", "--requests", "10", "--rounds", "1", "--aborts", "--json"]
    flags += ["--patience", "3600"]
    done = subprocess.run([*command, *flags], stdout=subprocess.PIPE, text=True, check=True)
    rows = json.loads(done.stdout)
    assert [row["load"] for row in rows] == ["closed 4", "open 4"]
    for row in rows:
        # One in five was to hang up after a few tokens; an answer that was shorter than that is an answer.
        assert set(row["outcomes"]) == {"answered", "hung up"} and sum(row["outcomes"].values()) == 10
        assert row["lost"] == 0


def test_the_picture_is_what_its_script_draws() -> None:
    spec = importlib.util.spec_from_file_location("picture", CHAPTER / "picture.py")
    assert spec and spec.loader
    picture: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(picture)
    assert (CHAPTER / "sidecar.svg").read_text("utf-8") == picture.draw()
