"""Chapter 14's program `chat` as people use it: in a terminal, in a pipe, and where something is wrong.

The model is the real one, `workbook fetch smollm2`. What needs no terminal and no real model is tested in Rust:
`chapters/14_llama/tests/chat.rs`.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pexpect
import pytest

from workbook import cargo, groups, models

# The machine may be busy, and the program is not optimised throughout: nothing here is a limit of speed.
PATIENCE = 240
# An answer that would be long, so that there is time to stop it.
STORY = "Write a long story about a lighthouse keeper and the sea."


@pytest.fixture(scope="session")
def program() -> Path:
    # As `cargo test` builds it, so that in the whole suite there is nothing to do.
    subprocess.run(
        [cargo.cargo(), "build", "--quiet", "--package", "llama", "--bin", "chat"], cwd=groups.ROOT, check=True
    )
    found = subprocess.run(
        [cargo.cargo(), "metadata", "--no-deps", "--format-version", "1"],
        cwd=groups.ROOT,
        check=True,
        capture_output=True,
    )
    return Path(json.loads(found.stdout)["target_directory"]) / "debug" / "chat"


@pytest.fixture(scope="session")
def model() -> Path:
    return models.ensure("smollm2")


def hear_ctrl_c() -> None:
    """A shell's background job hands down that Ctrl-C is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """`chat` in a terminal of its own."""

    def __init__(self, program: Path, model: Path, *options: str) -> None:
        arguments = ["--model", str(model), "--temperature", "0", *options]
        self.child = pexpect.spawn(
            str(program),
            arguments,
            encoding="utf-8",
            codec_errors="replace",
            timeout=PATIENCE,
            dimensions=(50, 300),
            preexec_fn=hear_ctrl_c,
        )
        self.prompt()

    def prompt(self) -> str:
        """Waits until the program asks for a line; what it wrote before."""
        self.child.expect(r"(?:^|\n)> ")
        return str(self.child.before).replace("\r\n", "\n")

    def say(self, line: str) -> str:
        """Types a line; what the program answers before it asks again."""
        self.child.sendline(line)
        self.child.expect_exact(f"{line}\r\n")
        return self.prompt()

    def code(self) -> int | None:
        """The exit code, once the program has ended."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


@pytest.fixture
def terminal(program: Path, model: Path) -> Iterator[Terminal]:
    one = Terminal(program, model, "--max-tokens", "1500")
    yield one
    one.child.close(force=True)


def piped(program: Path, *arguments: str | Path, say: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    command = [program, "--temperature", "0", *arguments]
    return subprocess.run(
        command, input=say, capture_output=True, encoding="utf-8", env={**os.environ, **more}, timeout=PATIENCE
    )


class TestInATerminal:
    def test_ctrl_c_stops_the_answer_and_not_the_program(self, terminal: Terminal) -> None:
        terminal.child.sendline(STORY)
        terminal.child.expect_exact(f"{STORY}\r\n")
        # Words of the answer are on the screen: it is being written.
        terminal.child.expect(r"\w+ \w+ \w+")
        terminal.child.sendintr()
        said = terminal.prompt()
        found = re.search(r"\[interrupted: (\d+) tokens", said)
        assert found, said
        assert 0 < int(found[1]) < 1_500
        # And it goes on as if nothing had been.
        assert "new conversation" in terminal.say("/reset")
        answer = terminal.say("What is 2 + 2?")
        assert "4" in answer
        assert re.search(r"\[stop: \d+ tokens, \d+ a second; first after \d+ ms\]", answer), answer
        terminal.child.sendline("/quit")
        assert terminal.code() == 0

    def test_ctrl_c_at_the_prompt_ends_it_the_second_time(self, terminal: Terminal) -> None:
        terminal.child.sendintr()
        terminal.child.expect_exact("(Ctrl-C once more, Ctrl-D or /quit ends the program.)")
        # A line between the two, and the first is forgotten.
        assert "/reset" in terminal.say("/help")
        terminal.child.sendintr()
        terminal.child.expect_exact("(Ctrl-C once more, Ctrl-D or /quit ends the program.)")
        terminal.child.sendintr()
        assert terminal.code() == 130

    def test_ctrl_d_ends_it(self, terminal: Terminal) -> None:
        terminal.child.sendeof()
        assert terminal.code() == 0

    def test_saves_what_was_said_and_goes_on_with_it(self, program: Path, model: Path, tmp_path: Path) -> None:
        terminal = Terminal(program, model, "--max-tokens", "20")
        assert "which file?" in terminal.say("/save")
        assert "cannot write" in terminal.say(f"/save {tmp_path / 'gone' / 'talk.json'}")
        terminal.say("/system You answer in one short sentence.")
        answer = terminal.say("What is 2 + 2?")
        talk = tmp_path / "talk.json"
        assert f"chat --load {talk}" in terminal.say(f"/save {talk}")
        messages = json.loads(talk.read_text())["messages"]
        assert [message["role"] for message in messages] == ["system", "user", "assistant"]
        assert messages[2]["content"] and messages[2]["content"] in answer
        # Both read the same tokens: the whole conversation.
        questions = ["--prompt", "And 3 + 3?", "--json", "--max-tokens", "3"]
        loaded = json.loads(piped(program, "--model", model, "--load", talk, *questions).stdout)
        alone = json.loads(piped(program, "--model", model, *questions).stdout)
        assert loaded["prompt_tokens"] > alone["prompt_tokens"] + len(messages)
        terminal.child.close(force=True)

    def test_reset_forgets_and_keeps_the_system_prompt(self, terminal: Terminal, tmp_path: Path) -> None:
        terminal.say("/system You are a calculator.")
        terminal.say("What is 2 + 2?")
        terminal.say("/reset")
        talk = tmp_path / "talk.json"
        terminal.say(f"/save {talk}")
        system = {"role": "system", "content": "You are a calculator."}
        assert json.loads(talk.read_text())["messages"] == [system]

    def test_an_unknown_command_and_an_empty_line_cost_nothing(self, terminal: Terminal) -> None:
        assert "there is no /rest; /help says what there is." in terminal.say("/rest")
        assert terminal.say("").strip() == ""

    def test_a_full_context_is_said_and_leaves_the_conversation_as_it_was(self, program: Path, model: Path) -> None:
        terminal = Terminal(program, model, "--context", "64", "--max-tokens", "4")
        said = terminal.say("word " * 100)
        assert "the context is full" in said
        assert "/reset begins a new conversation; --context allows a longer one." in said
        assert "[length: 4 tokens" in terminal.say("What is 2 + 2?")
        terminal.child.sendeof()
        assert terminal.code() == 0

    def test_json_is_an_object_an_answer(self, program: Path, model: Path) -> None:
        terminal = Terminal(program, model, "--json", "--max-tokens", "4")
        for _ in range(2):
            (line,) = [line for line in terminal.say("What is 2 + 2?").splitlines() if line.startswith("{")]
            answer = json.loads(line)
            assert answer["completion_tokens"] == 4
            assert answer["finish_reason"] == "length"
        terminal.child.sendeof()
        assert terminal.code() == 0


class TestInAPipe:
    def test_one_answer_and_nothing_else(self, program: Path, model: Path) -> None:
        done = piped(program, "--model", model, "--max-tokens", "40", say="What is 2 + 2?\n")
        assert (done.returncode, done.stderr) == (0, "")
        assert "4" in done.stdout and ">" not in done.stdout

    def test_json_says_what_it_took(self, program: Path, model: Path) -> None:
        done = piped(program, "--model", model, "--json", "--max-tokens", "5", say="What is 2 + 2?")
        answer: dict[str, Any] = json.loads(done.stdout)
        assert answer["completion_tokens"] == 5 and answer["finish_reason"] == "length"
        assert answer["prompt_tokens"] > 5 and answer["tokens_per_second"] > 0
        assert 0 < answer["first_token_ms"] < answer["start_to_first_token_ms"]

    def test_a_reader_that_has_enough_is_no_error(self, program: Path, model: Path) -> None:
        command = [str(program), "--model", str(model), "--temperature", "0", "--max-tokens", "1500", "--prompt", STORY]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
            assert child.stdout and child.stderr
            assert child.stdout.read(1)
            child.stdout.close()
            assert child.wait(timeout=PATIENCE) == 0
            assert child.stderr.read() == b""

    def test_a_missing_model_names_the_command_that_gets_it(self, program: Path, tmp_path: Path) -> None:
        nowhere = {"RUST_FOR_AI_MODELS": str(tmp_path), "WORKBOOK_SMOLLM2": ""}
        done = piped(program, say="Hello", **nowhere)
        assert (done.returncode, done.stdout) == (1, "")
        assert "python3 workbook fetch smollm2" in done.stderr

    def test_a_file_that_is_no_model(self, program: Path, model: Path, tmp_path: Path) -> None:
        cut = tmp_path / "cut.gguf"
        cut.write_bytes(model.read_bytes()[:1_000_000])
        done = piped(program, "--model", cut, say="Hello")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("chat: the file is cut off: ")
        done = piped(program, "--model", tmp_path / "gone.gguf", say="Hello")
        assert done.returncode == 1
        assert done.stderr.startswith(f"chat: cannot read {tmp_path / 'gone.gguf'}: ")

    def test_a_prompt_that_does_not_fit(self, program: Path, model: Path) -> None:
        done = piped(program, "--model", model, "--context", "64", say="word " * 100)
        assert (done.returncode, done.stdout) == (1, "")
        assert re.fullmatch(r"chat: the context is full: 0 tokens .* into 64\n", done.stderr), done.stderr
