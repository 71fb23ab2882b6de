"""`rust_ai_tools.Llama`: the real model from Python, beside the same model in Rust."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from test_rust_ai_tools import run
from workbook import extension, groups, models

QUESTION = [{"role": "user", "content": "What is 2 + 2?"}]


@pytest.fixture(scope="session")
def rat() -> Any:
    extension.ensure()
    import rust_ai_tools

    return rust_ai_tools


@pytest.fixture(scope="session")
def path() -> Path:
    return models.ensure("smollm2")


@pytest.fixture(scope="session")
def llama(rat: Any, path: Path) -> Any:
    return rat.Llama(path)


class TestWhatItWrites:
    def test_the_tokens_of_rust_and_nearly_all_of_llama_cpp(self, llama: Any) -> None:
        # The texts and tokens that llama.cpp wrote down; chapter 14's own test follows them score by score.
        file = groups.ROOT / "chapters" / "14_llama" / "reference" / "smollm2.json"
        answers = json.loads(file.read_text())["answers"]
        plain = [answer for answer in answers if "<|im_start|>" not in answer["prompt"]]
        assert plain
        for answer in plain:
            generation = llama.generate(answer["prompt"], temperature=0, max_tokens=1)
            assert generation.prompt_tokens == len(answer["tokens"])
            next(generation)
            assert generation.tokens[0] in [token for token, _ in answer["steps"][0]]

    @pytest.mark.parametrize(
        "settings",
        [
            {"temperature": 0.0},
            {"temperature": 0.8, "top_k": 40, "top_p": 0.95, "min_p": 0.05, "seed": 7},
            {"temperature": 1.0, "top_p": 1.0, "repetition_penalty": 1.3, "seed": 3, "stop": "."},
        ],
    )
    def test_is_what_the_program_of_chapter_14_writes(self, llama: Any, path: Path, settings: dict[str, Any]) -> None:
        options = [word for name, value in settings.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        command = ["cargo", "run", "--quiet", "--package", "llama", "--bin", "chat", "--", "--model", str(path)]
        command += ["--json", "--max-tokens", "40", "--prompt", QUESTION[0]["content"], *options]
        said = subprocess.run(command, cwd=groups.ROOT, capture_output=True, check=True, stdin=subprocess.DEVNULL)
        chat = json.loads(said.stdout)
        generation = llama.generate(QUESTION, max_tokens=40, **settings)
        assert "".join(generation) == chat["text"]
        assert len(generation.tokens) == chat["completion_tokens"]
        assert generation.prompt_tokens == chat["prompt_tokens"]
        assert generation.finish_reason == chat["finish_reason"]

    def test_the_seed_decides(self, llama: Any) -> None:
        def write(seed: int) -> str:
            return "".join(llama.generate("Once upon a time", temperature=1.5, top_p=1.0, max_tokens=12, seed=seed))

        assert write(1) == write(1)
        assert len({write(seed) for seed in range(4)}) > 1

    def test_pieces_come_one_by_one_and_are_the_tokens_text(self, rat: Any, llama: Any, path: Path) -> None:
        generation = llama.generate("Once upon a time", temperature=0, max_tokens=12)
        before = generation.finish_reason, generation.tokens.shape
        assert before == (None, (0,))
        assert generation.first_token_seconds == 0
        first = next(generation)
        assert (generation.tokens.dtype, len(generation.tokens)) == (np.uint32, 1)
        assert generation.first_token_seconds > 0
        pieces = [first, *generation]
        assert all(pieces) and len(pieces) > 4
        assert "".join(pieces) == rat.Tokenizer.from_gguf(path).decode(generation.tokens)
        assert generation.finish_reason == "length"
        assert generation.tokens_per_second > 0
        assert list(generation) == []

    def test_it_stops_where_it_should(self, llama: Any) -> None:
        whole = llama.generate(QUESTION, temperature=0, max_tokens=200)
        text = "".join(whole)
        assert whole.finish_reason == "stop"
        for stop in ("4", ["never", "4"]):
            cut = llama.generate(QUESTION, temperature=0, max_tokens=200, stop=stop)
            assert "".join(cut) == text[: text.index("4")]
            assert cut.finish_reason == "stop"
        full = llama.generate(QUESTION, temperature=0, context=llama.generate(QUESTION).prompt_tokens + 3)
        assert len(list(full)) and full.finish_reason == "length"
        # Three that fit, and one more that need not be read.
        assert len(full.tokens) == 4

    def test_nobody_can_type_a_special_token(self, llama: Any) -> None:
        plain = llama.generate(QUESTION).prompt_tokens
        typed = llama.generate([{"role": "user", "content": "What is 2 + 2?<|im_end|>"}]).prompt_tokens
        assert typed > plain + 3

    def test_what_it_says_of_itself(self, llama: Any, path: Path) -> None:
        assert repr(llama) == f"<Llama: {path.name}, 30 layers, 96 MB of weights>"
        assert llama.context_length == 8_192


class TestWhatIsWrong:
    def test_files(self, rat: Any, path: Path, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match=r"gone\.gguf"):
            rat.Llama(tmp_path / "gone.gguf")
        with pytest.raises(OSError):
            rat.Llama(tmp_path)
        bad = tmp_path / "bad.gguf"
        bad.write_bytes(b"PK\x03\x04" + bytes(100))
        with pytest.raises(ValueError, match="not a GGUF file"):
            rat.Llama(bad)
        with path.open("rb") as file:
            bad.write_bytes(file.read(3_000_000))
        with pytest.raises(ValueError, match="the file is cut off: tensor"):
            rat.Llama(bad)
        with pytest.raises(TypeError):
            rat.Llama(14)

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ({"temperature": -1}, "temperature is -1, and must be 0 or more"),
            ({"temperature": float("nan")}, "temperature is NaN"),
            ({"top_p": 0}, "top-p is 0"),
            ({"min_p": 2}, "min-p is 2"),
            ({"repetition_penalty": 0}, "repetition penalty is 0"),
            ({"top_k": -1}, "top_k must be 0 or more, not -1"),
            ({"max_tokens": 0}, "max_tokens must be 1 or more, not 0"),
            ({"seed": -1}, "seed must be 0 or more, not -1"),
            ({"context": 0}, "context must be 1 or more, not 0"),
            ({"context": 9_000}, "a context of 9000 tokens: the model has 1 to 8192"),
            ({"context": 3}, "the context is full"),
        ],
    )
    def test_settings(self, llama: Any, settings: dict[str, Any], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            llama.generate("one two three four five", **settings)

    @pytest.mark.parametrize(
        ("prompt", "error", "message"),
        [
            ("", ValueError, "the prompt is empty"),
            ([], ValueError, "no messages"),
            (b"bytes", TypeError, "a message must be a dict"),
            (7, TypeError, "prompt must be a str or a list of messages, not int"),
            ({"role": "user", "content": "Hello"}, TypeError, "one message alone"),
            ([{"role": "user"}], ValueError, "a message has no 'content'"),
            ([{"role": "user", "content": None}], TypeError, "'content' must be a str, not NoneType"),
            (["Hello"], TypeError, "a message must be a dict with 'role' and 'content', not str"),
        ],
    )
    def test_prompts(self, llama: Any, prompt: object, error: type[Exception], message: str) -> None:
        with pytest.raises(error, match=message):
            llama.generate(prompt)
        with pytest.raises(TypeError):
            llama.generate("Hello", 5)
        with pytest.raises(TypeError):
            llama.generate("Hello", stop=[1])


class TestTheInterpreterIsFree:
    HEAD = """
import resource, signal, sys, threading
import rust_ai_tools as rat
llama = rat.Llama({path!r})
"""

    def run(self, path: Path, program: str) -> str:
        return run(self.HEAD.format(path=str(path)) + program, seconds=600)

    def test_another_thread_runs_while_a_piece_is_computed(self, rat: Any, path: Path) -> None:
        # As in chapter 12's tests: nobody is made to give way, so the other one runs only if `next` lets go.
        program = """
gate, seen = threading.Lock(), []
gate.acquire()
def wait():
    gate.acquire()
    seen.append(True)
threading.Thread(target=wait, daemon=True).start()
pieces = llama.generate("Once upon a time", max_tokens=2000)
sys.setswitchinterval(1e6)
gate.release()
for piece in pieces:
    if seen:
        break
print(bool(seen))
"""
        assert self.run(path, program) == "True"

    def test_ctrl_c_is_heard_and_loses_nothing(self, rat: Any, path: Path) -> None:
        # The prompt takes several passes, and the signal comes before the first of them is over.
        program = """
signal.signal(signal.SIGINT, signal.default_int_handler)
prompt = "one two three four " * 200
want = list(llama.generate(prompt, temperature=0, max_tokens=3))
pieces = llama.generate(prompt, temperature=0, max_tokens=3)
thread = threading.Thread(target=lambda: signal.raise_signal(signal.SIGINT))
sys.setswitchinterval(1e6)
try:
    thread.start()
    next(pieces)
    print("not heard")
except KeyboardInterrupt:
    print(len(pieces.tokens), list(pieces) == want)
"""
        assert self.run(path, program) == "0 True"

    def test_one_that_is_dropped_early_gives_its_memory_back(self, rat: Any, path: Path) -> None:
        # A generation has room for 94 MB of keys and values. A hundred of them would be more than is allowed here.
        program = """
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
want = "".join(llama.generate("Once upon a time", temperature=0, max_tokens=5))
for _ in range(100):
    for piece in llama.generate("Once", temperature=0):
        break
print("".join(llama.generate("Once upon a time", temperature=0, max_tokens=5)) == want)
"""
        assert self.run(path, program) == "True"

    def test_threads_share_a_model(self, rat: Any, path: Path) -> None:
        program = """
from concurrent.futures import ThreadPoolExecutor
prompts = ["Once upon a time", "The sea is", "2 + 2 =", "In Paris"]
def write(prompt):
    return "".join(llama.generate(prompt, temperature=0, max_tokens=8))
with ThreadPoolExecutor(4) as pool:
    print(list(pool.map(write, prompts)) == [write(prompt) for prompt in prompts])
"""
        assert self.run(path, program) == "True"

    def test_a_forked_process_can_generate(self, rat: Any, path: Path) -> None:
        program = """
import os, warnings
warnings.simplefilter("ignore")
want = list(llama.generate("Once", temperature=0, max_tokens=3))
child = os.fork()
if child == 0:
    os._exit(0 if list(llama.generate("Once", temperature=0, max_tokens=3)) == want else 1)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
        assert self.run(path, program) == "0"
