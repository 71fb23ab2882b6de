"""`rust_ai_tools.Tokenizer`, beside the tokenizers of the field: the same merges, the same ids.

The peers are those of the group 'peers'. The texts are real, and are fetched: `chapters/13_tokenizer/benches/texts.py`.
"""

from __future__ import annotations

import base64
import contextlib
import importlib.util
import json
import os
import pickle
import sys
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from test_rust_ai_tools import interrupted
from workbook import extension, groups, models

BENCHES = groups.ROOT / "chapters" / "13_tokenizer" / "benches"
COURSE = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="session")
def tokenizer_class() -> Any:
    extension.ensure()
    import rust_ai_tools

    return rust_ai_tools.Tokenizer


def bench(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BENCHES / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def peers() -> tuple[Any, Any]:
    """tiktoken, and Hugging Face's tokenizers."""
    groups.ensure("peers")
    os.environ["TOKENIZERS_PARALLELISM"] = "true"
    import tiktoken
    import tokenizers

    return tiktoken, tokenizers


@pytest.fixture(scope="session")
def kinds() -> dict[str, list[str]]:
    return bench("texts").texts()


def some(texts: list[str], size: int) -> list[str]:
    """Texts from the whole list, evenly, of about `size` bytes together."""
    total = sum(len(text.encode()) for text in texts)
    step = max(1, total // size)
    return texts[::step]


@pytest.fixture(scope="session")
def corpus(kinds: dict[str, list[str]]) -> list[str]:
    """At least 10 MB of every kind of text that there is."""
    corpus = [text for texts in kinds.values() for text in some(texts, 2_700_000)]
    assert sum(len(text.encode()) for text in corpus) >= 10_000_000
    return corpus


@pytest.fixture(scope="session")
def trained(tokenizer_class: Any, kinds: dict[str, list[str]]) -> dict[str, Any]:
    """A tokenizer of 8,192 tokens for each way to split, trained on something of everything."""
    texts = [text for texts in kinds.values() for text in some(texts, 500_000)]
    return {
        split: tokenizer_class.train(texts, 8_192, split=split)
        for split in ("gpt2", "gpt4", "llama3", "qwen2", "smollm")
    }


def differs(texts: list[str], ours: list[Any], theirs: list[list[int]]) -> str:
    """Where two lists of ids part, for a person to read; empty if they do not."""
    assert len(ours) == len(theirs) == len(texts)
    for text, one, other in zip(texts, ours, theirs, strict=True):
        if len(one) != len(other) or not np.array_equal(one, np.asarray(other, np.uint32)):
            place = next(
                (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
            )
            return f"{one[place - 3 : place + 4].tolist()} and {other[place - 3 : place + 4]} in {text[:60]!r}"
    return ""


class TestTheSameIds:
    @pytest.mark.parametrize("split", ["gpt2", "gpt4", "llama3", "qwen2"])
    def test_as_tiktoken(self, peers: Any, trained: Any, corpus: list[str], split: str) -> None:
        ours = trained[split]
        texts = corpus if split == "gpt4" else some(corpus, 2_000_000)
        theirs = peers[0].Encoding(split, pat_str=ours.pattern, mergeable_ranks=ours.mergeable_ranks, special_tokens={})
        encoded = theirs.encode_ordinary_batch(texts, num_threads=2)
        assert differs(texts, ours.encode_batch(texts), encoded) == ""

    @pytest.mark.parametrize("split", ["gpt2", "gpt4", "llama3", "qwen2", "smollm"])
    def test_as_hugging_face(self, peers: Any, trained: Any, corpus: list[str], split: str, tmp_path: Path) -> None:
        ours = trained[split]
        texts = corpus if split == "gpt2" else some(corpus, 2_000_000)
        ours.save(tmp_path / "tokenizer.json")
        theirs = peers[1].Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
        encoded = [encoding.ids for encoding in theirs.encode_batch_fast(texts)]
        assert differs(texts, ours.encode_batch(texts), encoded) == ""
        assert theirs.decode(encoded[0]) == ours.decode(encoded[0])

    def test_special_tokens_as_both(self, tokenizer_class: Any, peers: Any, tmp_path: Path) -> None:
        special = ["<|end|>", "<|im_start|>", "<|im_end|>"]
        ours = tokenizer_class.train(["the end and the end"] * 3, 262, special_tokens=special)
        text = "the<|im_start|>user\nthe end<|end|><|im_end|> <|unknown|>"
        ids = ours.encode(text, allowed_special="all").tolist()
        theirs = peers[0].Encoding(
            "special",
            pat_str=ours.pattern,
            mergeable_ranks=ours.mergeable_ranks,
            special_tokens=ours.special_tokens,
        )
        assert theirs.encode(text, allowed_special="all") == ids
        assert theirs.encode(text, disallowed_special=()) == ours.encode(text).tolist()
        some_of_them = {"<|end|>"}
        assert (
            theirs.encode(text, allowed_special=some_of_them, disallowed_special=())
            == ours.encode(text, allowed_special=some_of_them).tolist()
        )
        ours.save(tmp_path / "tokenizer.json")
        assert peers[1].Tokenizer.from_file(str(tmp_path / "tokenizer.json")).encode(text).ids == ids

    def test_a_file_that_hugging_face_wrote(
        self, tokenizer_class: Any, peers: Any, corpus: list[str], tmp_path: Path
    ) -> None:
        hf = peers[1]
        theirs = hf.Tokenizer(hf.models.BPE())
        theirs.pre_tokenizer = hf.pre_tokenizers.ByteLevel(add_prefix_space=False)
        theirs.decoder = hf.decoders.ByteLevel()
        trainer = hf.trainers.BpeTrainer(
            vocab_size=2_000,
            special_tokens=["<|endoftext|>"],
            initial_alphabet=hf.pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        texts = some(corpus, 1_000_000)
        theirs.train_from_iterator(texts, trainer)
        theirs.save(str(tmp_path / "theirs.json"))
        ours = tokenizer_class.load(tmp_path / "theirs.json")
        assert ours.special_tokens == {"<|endoftext|>": 0}
        encoded = [encoding.ids for encoding in theirs.encode_batch_fast(texts)]
        assert differs(texts, ours.encode_batch(texts, allowed_special="all"), encoded) == ""

    def test_ranks_of_tiktoken(self, tokenizer_class: Any, trained: Any, corpus: list[str], tmp_path: Path) -> None:
        ours = trained["gpt4"]
        lines = [f"{base64.b64encode(token).decode()} {rank}" for token, rank in ours.mergeable_ranks.items()]
        (tmp_path / "our.tiktoken").write_text("\n".join(lines) + "\n")
        read = tokenizer_class.from_tiktoken(tmp_path / "our.tiktoken", split="gpt4", special_tokens={"<|end|>": 9_000})
        texts = some(corpus, 2_000_000)
        assert differs(texts, ours.encode_batch(texts), [ids.tolist() for ids in read.encode_batch(texts)]) == ""
        assert read.encode("<|end|>", allowed_special="all").tolist() == [9_000]
        assert read.merges == ours.merges

    def test_the_patterns_of_tiktoken(self, peers: Any, trained: Any) -> None:
        """What we call gpt2 and gpt4 is what tiktoken calls so. (Its constructors would download the ranks.)"""
        from tiktoken_ext import openai_public

        assert trained["gpt2"].pattern == openai_public.r50k_pat_str
        source = Path(openai_public.__file__).read_text(encoding="utf-8")
        assert trained["gpt4"].pattern in source

    def test_smollm2(self, tokenizer_class: Any, peers: Any, corpus: list[str]) -> None:
        """The real model's vocabulary, read from its GGUF file by both."""
        ours = tokenizer_class.from_gguf(models.ensure("smollm2"))
        theirs = smollm2(peers[1], ours)
        texts = some(corpus, 3_000_000)
        encoded = [encoding.ids for encoding in theirs.encode_batch_fast(texts)]
        assert differs(texts, ours.encode_batch(texts, allowed_special="all"), encoded) == ""


def smollm2(hf: Any, ours: Any) -> Any:
    """SmolLM2's tokenizer in Hugging Face's words, from the vocabulary and the merges that were read."""
    # The table of visible characters, in GPT-2's words.
    visible = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in visible]
    char = {**{byte: chr(byte) for byte in visible}, **{byte: chr(256 + n) for n, byte in enumerate(hidden)}}

    def written(token: bytes) -> str:
        return "".join(char[byte] for byte in token)

    vocab = {written(token): rank for token, rank in ours.mergeable_ranks.items()}
    merges = [(written(ours.token(left)), written(ours.token(right))) for left, right in ours.merges]
    special = ours.special_tokens
    theirs = hf.Tokenizer(hf.models.BPE(vocab={**special, **vocab}, merges=merges))
    theirs.add_special_tokens([hf.AddedToken(text, normalized=False) for text in special])
    theirs.pre_tokenizer = hf.pre_tokenizers.Sequence(
        [hf.pre_tokenizers.Digits(individual_digits=True), hf.pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    return theirs


class TestTheSameMerges:
    """Of equally frequent pairs all take the one with the smaller ids."""

    @pytest.mark.parametrize("split", ["gpt2", "gpt4"])
    def test_as_hugging_face(self, tokenizer_class: Any, peers: Any, corpus: list[str], split: str) -> None:
        import regex

        texts = some(corpus, 1_500_000)
        ours = tokenizer_class.train(texts, 4_096, split=split)
        # One character a byte, in the bytes' order, so that the ids of both are the bytes.
        char = [chr(0x4E00 + byte) for byte in range(256)]
        words = (
            " ".join("".join(char[byte] for byte in piece.encode()) for piece in regex.findall(ours.pattern, text))
            for text in texts
        )
        hf = peers[1]
        theirs = hf.Tokenizer(hf.models.BPE())
        theirs.pre_tokenizer = hf.pre_tokenizers.WhitespaceSplit()
        trainer = hf.trainers.BpeTrainer(
            vocab_size=4_096, min_frequency=2, initial_alphabet=char, show_progress=False, special_tokens=[]
        )
        theirs.train_from_iterator(words, trainer)
        model = json.loads(theirs.to_str())["model"]
        ids = model["vocab"]
        want = [
            (ids[left], ids[right])
            for left, right in (merge if isinstance(merge, list) else merge.split() for merge in model["merges"])
        ]
        assert len(want) == 4_096 - 256
        assert ours.merges == want

    def test_as_the_lessons_python(self, tokenizer_class: Any, peers: Any, kinds: dict[str, list[str]]) -> None:
        lesson = bench("lesson_bpe")
        texts = [texts[0][:4_000] for texts in kinds.values() if texts]
        ours = tokenizer_class.train(texts, 400, split="gpt4")
        assert lesson.train(texts, 400, ours.pattern) == ours.merges
        ranks = {pair: 256 + n for n, pair in enumerate(ours.merges)}
        for text in texts:
            assert lesson.encode(text, ranks, ours.pattern) == ours.encode(text).tolist()

    def test_more_texts_than_threads_and_fewer(self, tokenizer_class: Any, kinds: dict[str, list[str]]) -> None:
        texts = kinds["logs"][:9]
        parts = [line for text in texts for line in text.splitlines(keepends=True)]
        # A line ends in a line end, and nothing is merged over the digits that follow it.
        assert tokenizer_class.train(texts, 500).merges == tokenizer_class.train(parts, 500).merges


@pytest.fixture(scope="session")
def small(tokenizer_class: Any) -> Any:
    texts = ["the cat and the hat, the café and the bat: 1234  the\n\nend 東京 👍"] * 9
    return tokenizer_class.train(texts, 290, special_tokens=["<|end|>"])


class TestWhatItGives:
    def test_ids_are_an_array(self, small: Any) -> None:
        ids = small.encode("the hat 東京 👍🏽")
        assert (type(ids), ids.dtype, ids.ndim) == (np.ndarray, np.uint32, 1)
        assert small.decode(ids) == small.decode(ids.tolist()) == "the hat 東京 👍🏽"
        assert small.decode(ids.astype(np.int64)[::1]) == "the hat 東京 👍🏽"
        assert small.decode_bytes(ids) == "the hat 東京 👍🏽".encode()
        assert small.encode_batch(["the", ""])[1].shape == (0,)
        assert b"".join(map(small.token, ids)) == small.decode_bytes(ids)

    def test_nothing(self, small: Any) -> None:
        assert small.encode("").shape == small.encode(b"").shape == (0,)
        assert small.decode([]) == "" == small.decode(np.array([], np.uint32))
        assert small.encode_batch([]) == []

    def test_bytes_that_are_no_text(self, small: Any) -> None:
        data = b"the \xff\xfe caf\xc3"
        ids = small.encode(data)
        assert small.decode_bytes(ids) == data
        assert small.decode(ids) == "the �� caf�"
        assert np.array_equal(small.encode("the café".encode()), small.encode("the café"))

    def test_a_megabyte_of_one_letter(self, tokenizer_class: Any) -> None:
        text = "a" * 1_000_000
        tokenizer = tokenizer_class.train([text], 270)
        ids = tokenizer.encode(text)
        assert len(ids) < 20_000
        assert tokenizer.decode(ids) == text

    def test_special_tokens_only_if_they_are_allowed(self, small: Any) -> None:
        (end,) = small.special_tokens.values()
        assert end not in small.encode("the<|end|>")
        assert small.encode("the<|end|>", allowed_special="all")[-1] == end
        assert small.encode_batch(["<|end|>"], allowed_special=["<|end|>"])[0].tolist() == [end]
        assert small.decode([end]) == "<|end|>"
        with pytest.raises(ValueError, match=r"no special token '<\|begin\|>'; there are"):
            small.encode("the", allowed_special={"<|begin|>"})
        with pytest.raises(ValueError, match="allowed_special must be 'none', 'all', or a collection"):
            small.encode("the", allowed_special="<|end|>")
        with pytest.raises(ValueError, match="special tokens are texts"):
            small.encode(b"the", allowed_special="all")

    def test_errors_are_those_that_python_expects(self, tokenizer_class: Any, small: Any, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="no token has the id 291"):
            small.decode([291])
        with pytest.raises(ValueError, match="no token has the id -1"):
            small.decode([-1])
        with pytest.raises(ValueError, match="no token has the id 291"):
            small.token(291)
        for ids in ("the", [0.5], [[1]], None):
            with pytest.raises(TypeError, match="ids must be integers"):
                small.decode(ids)
        with pytest.raises(TypeError, match="text must be str or bytes, not int"):
            small.encode(1)
        with pytest.raises(TypeError):
            tokenizer_class.train("one text", 300)
        with pytest.raises(UnicodeEncodeError):
            small.encode("\ud800")
        with pytest.raises(ValueError, match="at least 256 tokens"):
            tokenizer_class.train(["a"], 255)
        with pytest.raises(ValueError, match=r"no split 'gpt5'; there are whole, gpt2"):
            tokenizer_class.train(["a"], 300, split="gpt5")
        with pytest.raises(ValueError, match=r"cannot be a special token"):
            tokenizer_class.train(["a"], 300, special_tokens=["<|end|>", "<|end|>"])
        with pytest.raises(FileNotFoundError, match=r"gone\.json"):
            tokenizer_class.load(tmp_path / "gone.json")
        (tmp_path / "bad").write_bytes(b"{")
        with pytest.raises(ValueError, match=r"no tokenizer\.json"):
            tokenizer_class.load(tmp_path / "bad")
        with pytest.raises(ValueError, match="breaks off"):
            tokenizer_class.from_gguf(tmp_path / "bad")
        with pytest.raises(ValueError, match="line 1"):
            tokenizer_class.from_tiktoken(tmp_path / "bad")

    def test_saved_pickled_and_shown(self, tokenizer_class: Any, small: Any, tmp_path: Path) -> None:
        small.save(tmp_path / "small.json")
        for same in (tokenizer_class.load(tmp_path / "small.json"), pickle.loads(pickle.dumps(small))):
            assert same.merges == small.merges
            assert same.special_tokens == small.special_tokens == {"<|end|>": len(small) - 1}
            assert np.array_equal(same.encode("the hat"), small.encode("the hat"))
        assert repr(small) == f"<Tokenizer: {len(small)} tokens, split as gpt4>"
        assert small.vocab_size == len(small)
        assert small.missing_bytes == b""
        with pytest.raises(TypeError):
            tokenizer_class()

    def test_a_batch_is_each_text_by_itself(self, trained: Any, kinds: dict[str, list[str]]) -> None:
        texts = some(kinds["declaration"], 1_000_000)
        ours = trained["gpt4"]
        together = ours.encode_batch(texts)
        assert all(np.array_equal(ours.encode(text), ids) for text, ids in zip(texts, together, strict=True))

    def test_other_threads_run_meanwhile(self, trained: Any, kinds: dict[str, list[str]]) -> None:
        text = "".join(kinds["code"][:400])

        def others_run() -> bool:
            begin, counted, done = threading.Event(), [], threading.Event()

            def count() -> None:
                begin.wait()
                while not done.is_set():
                    counted.append(1)
                    time.sleep(0.0002)

            thread = threading.Thread(target=count)
            thread.start()
            begin.set()
            trained["gpt4"].encode(text)
            moved = bool(counted)
            done.set()
            thread.join()
            return moved

        interval = sys.getswitchinterval()
        sys.setswitchinterval(1_000)
        try:
            # The system may be slow to wake the other thread, so one time of several is enough.
            assert any(others_run() for _ in range(20))
        finally:
            sys.setswitchinterval(interval)


ANYTHING = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.text(max_size=9),
    st.binary(max_size=9),
    st.lists(st.integers(), max_size=4),
)


# A panic reaches Python as a BaseException that is no Exception: nothing here would catch it.
@COURSE
@given(ANYTHING, ANYTHING)
def test_whatever_is_thrown_at_it_an_answer_or_the_right_error_comes_back(
    tokenizer_class: Any, small: Any, one: Any, other: Any
) -> None:
    for function in (
        lambda: small.encode(one, allowed_special=other),
        lambda: small.encode(one),
        lambda: small.encode_batch(one),
        lambda: small.decode(one),
        lambda: small.decode_bytes(one),
        lambda: small.token(one),
        lambda: tokenizer_class.train(one, 260),
        lambda: tokenizer_class.train([], 260, special_tokens=one),
        lambda: tokenizer_class.load(one),
    ):
        with contextlib.suppress(ValueError, TypeError, OverflowError, OSError):
            function()


@COURSE
@given(st.text(max_size=200), st.binary(max_size=60))
def test_whatever_is_encoded_comes_back(small: Any, text: str, data: bytes) -> None:
    assert small.decode(small.encode(text)) == text
    assert small.decode_bytes(small.encode(data)) == data


@pytest.mark.parametrize(
    "texts",
    [
        # Counting is what takes the time in the first, merging in the second.
        "[' '.join(map(str, range(200_000)))] * 20_000",
        "[' '.join(map(str, range(1_000_000)))]",
    ],
)
def test_ctrl_c_ends_a_training_while_others_count(tokenizer_class: Any, texts: str) -> None:
    setup = f"from rust_ai_tools import Tokenizer\ntexts = {texts}"
    assert interrupted('Tokenizer.train(texts, 2_000_000, split="gpt2")', setup) == "1000000"
