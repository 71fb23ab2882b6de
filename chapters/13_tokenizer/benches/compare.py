"""Training and encoding: Python as the lesson has it, minbpe's method, tiktoken, Hugging Face, and this chapter.

    .venv/bin/python chapters/13_tokenizer/benches/compare.py

Installs the peers into `.venv`, builds the module and fetches the texts, if they are not there.

All encode with the same merges: 8,192 tokens, learned by this chapter from Python's standard library, cut as by GPT-4.
The texts are sources of the standard library (`code`), and Django's translations, the Declaration of Human Rights in
500 languages (`languages`). No text comes twice. Every time is taken in a process of its own, which first encodes a few
other texts; the peers take turns, and the ids of all are compared before any time is told. tiktoken returns lists, and
`tiktoken_numpy` arrays, as we do.

Training has two tasks: `train_small` (100 kB, 512 tokens), which Python can do as well, and `train_large` (6 MB, 8,192
tokens).

Prints one JSON line for each figure: the median and the best of the rounds, in MB of UTF-8 a second, or seconds of
training. The two in Python are timed once, on a part.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

WARM = 8
PYTHON_PART = 60
PEERS = {1: ("tiktoken", "tiktoken_numpy", "huggingface", "rust"), 2: ("tiktoken", "huggingface", "rust")}
TRAINERS = ("huggingface", "rust")


def main() -> None:
    parser = argparse.ArgumentParser(description="Tokenizers beside each other.")
    parser.add_argument("--megabytes", type=float, default=6)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    parser.add_argument("--task", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        print(json.dumps(measure(options.peer, options.task, options.folder, options.threads[0])))
        return
    from workbook import extension, groups

    groups.ensure("peers")
    extension.ensure()
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), int(options.megabytes * 1e6))
        compare(options, Path(folder))


def prepare(folder: Path, size: int) -> None:
    """Writes the texts, and a tokenizer for all."""
    import rust_ai_tools
    import texts

    def part(all_texts: list[str]) -> list[str]:
        step = max(1, sum(len(text.encode()) for text in all_texts) // size)
        return all_texts[::step]

    code = part(texts.code())
    languages = part([*texts.translations(), *texts.declaration()])
    small = ["".join(code)[:100_000]]
    for name, written in (("code", code), ("languages", languages), ("small", small)):
        (folder / f"{name}.json").write_text(json.dumps(written))
    rust_ai_tools.Tokenizer.train(code, 8_192, split="gpt4").save(folder / "tokenizer.json")


def compare(options: argparse.Namespace, folder: Path) -> None:
    for threads in options.threads:
        for task in ("code", "languages"):
            peers = PEERS[min(threads, 2)]
            samples = rounds(peers, task, folder, threads, options.rounds)
            if threads == 1:
                samples |= rounds(("python", "minbpe"), task, folder, 1, 1)
            same(samples, task)
            for peer, found in samples.items():
                speeds = [sample["mb_per_s"] for sample in found]
                tell(peer, threads, task, "mb_per_s", statistics.median(speeds), max(speeds))
        for task in ("train_small", "train_large"):
            samples = rounds(TRAINERS, task, folder, threads, options.rounds)
            if threads == 1 and task == "train_small":
                samples |= rounds(("python", "minbpe"), task, folder, 1, 1)
            for peer, found in samples.items():
                times = [sample["seconds"] for sample in found]
                tell(peer, threads, task, "seconds", statistics.median(times), min(times))


def rounds(
    peers: tuple[str, ...], task: str, folder: Path, threads: int, count: int
) -> dict[str, list[dict[str, Any]]]:
    samples: dict[str, list[dict[str, Any]]] = {peer: [] for peer in peers}
    for _ in range(count):
        for peer in peers:
            samples[peer].append(in_process(peer, task, folder, threads))
    return samples


def tell(peer: str, threads: int, task: str, unit: str, median: float, best: float) -> None:
    line = {"name": peer, "threads": threads, "task": task, unit: float(f"{median:.4g}"), "best": float(f"{best:.4g}")}
    print(json.dumps(line), flush=True)


def same(samples: dict[str, list[dict[str, Any]]], task: str) -> None:
    """Stops the program unless all gave the same ids, of all texts or of the part that Python was timed on."""
    for key in ("ids", "ids_of_part"):
        found = {sample[key] for samples_of_one in samples.values() for sample in samples_of_one if key in sample}
        if len(found) != 1:
            sys.exit(f"The tokenizers gave different ids for {task}.")


def in_process(peer: str, task: str, folder: Path, threads: int) -> dict[str, Any]:
    env = {
        **os.environ,
        "RAYON_NUM_THREADS": str(threads),
        "TOKENIZERS_PARALLELISM": "true" if threads > 1 else "false",
    }
    command = [sys.executable, __file__, "--peer", peer, "--task", task, "--folder", str(folder)]
    command += ["--threads", str(threads)]
    answer = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    result: dict[str, Any] = json.loads(answer.stdout)
    return result


def measure(peer: str, task: str, folder: Path, threads: int) -> dict[str, Any]:
    """In a process of its own: how fast the peer is, and what it gives."""
    if task.startswith("train"):
        texts = json.loads((folder / ("small.json" if task == "train_small" else "code.json")).read_text())
        size = 512 if task == "train_small" else 8_192
        train = trainer(peer, size)
        start = time.perf_counter()
        train(texts)
        return {"seconds": time.perf_counter() - start}
    texts = json.loads((folder / f"{task}.json").read_text())
    warm, texts = texts[:WARM], texts[WARM:]
    part = texts[:: max(1, len(texts) // PYTHON_PART)]
    encode = encoder(peer, folder, threads)
    encode(warm)
    timed = part if peer in ("python", "minbpe") else texts
    start = time.perf_counter()
    ids = encode(timed)
    seconds = time.perf_counter() - start
    result = {"mb_per_s": sum(len(text.encode()) for text in timed) / 1e6 / seconds}
    if timed is texts:
        result["ids"] = digest(ids)
        result["ids_of_part"] = digest(ids[:: max(1, len(texts) // PYTHON_PART)])
    else:
        result["ids_of_part"] = digest(ids)
    return result


def digest(ids: list[Any]) -> str:
    import numpy as np

    whole = hashlib.sha256()
    for each in ids:
        whole.update(np.asarray(each, np.uint32).tobytes() + b"|")
    return whole.hexdigest()


def encoder(peer: str, folder: Path, threads: int) -> Callable[[list[str]], list[Any]]:
    """The peer's way to encode a list of texts, with all that can be done beforehand done."""
    import rust_ai_tools

    ours = rust_ai_tools.Tokenizer.load(folder / "tokenizer.json")
    if peer == "rust":
        assert rust_ai_tools.get_num_threads() == threads
        if threads > 1:
            return ours.encode_batch
        return lambda texts: [ours.encode(text) for text in texts]
    if peer == "huggingface":
        import tokenizers

        theirs = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        return lambda texts: [encoding.ids for encoding in theirs.encode_batch_fast(texts)]
    if peer.startswith("tiktoken"):
        import tiktoken

        encoding = tiktoken.Encoding(
            "ours", pat_str=ours.pattern, mergeable_ranks=ours.mergeable_ranks, special_tokens={}
        )
        if peer == "tiktoken_numpy":
            return lambda texts: [encoding.encode_to_numpy(text, disallowed_special=()) for text in texts]
        if threads > 1:
            return lambda texts: encoding.encode_ordinary_batch(texts, num_threads=threads)
        return lambda texts: [encoding.encode_ordinary(text) for text in texts]
    import lesson_bpe

    ranks = {pair: 256 + n for n, pair in enumerate(ours.merges)}
    if peer == "python":
        return lambda texts: [lesson_bpe.encode(text, ranks, ours.pattern) for text in texts]
    return lambda texts: [minbpe_encode(text, ranks, ours.pattern) for text in texts]


def trainer(peer: str, size: int) -> Callable[[list[str]], object]:
    import rust_ai_tools

    pattern = rust_ai_tools.Tokenizer.train([], 256, split="gpt4").pattern
    if peer == "rust":
        return lambda texts: rust_ai_tools.Tokenizer.train(texts, size, split="gpt4")
    if peer == "huggingface":
        import tokenizers as hf

        theirs = hf.Tokenizer(hf.models.BPE())
        theirs.pre_tokenizer = hf.pre_tokenizers.Sequence(
            [
                # `{1,3}+` is possessive to everybody but its engine.
                hf.pre_tokenizers.Split(hf.Regex(pattern.replace("{1,3}+", "{1,3}")), behavior="isolated"),
                hf.pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
        trainer = hf.trainers.BpeTrainer(
            vocab_size=size,
            min_frequency=2,
            initial_alphabet=hf.pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        return lambda texts: theirs.train_from_iterator(texts, trainer)
    if peer == "python":
        import lesson_bpe

        return lambda texts: lesson_bpe.train(texts, size, pattern)
    return lambda texts: minbpe_train(texts, size, pattern)


# minbpe's method: every piece of the text is kept, none is counted twice, and each step looks at all of them again.


def minbpe_train(texts: list[str], size: int, pattern: str) -> list[tuple[int, int]]:
    import regex
    from lesson_bpe import merge

    pieces = [list(piece.encode()) for text in texts for piece in regex.findall(pattern, text)]
    merges = []
    for new in range(256, size):
        counts: dict[tuple[int, int], int] = {}
        for ids in pieces:
            for pair in pairwise(ids):
                counts[pair] = counts.get(pair, 0) + 1
        pair = max(counts, key=counts.__getitem__)
        pieces = [merge(ids, pair, new) for ids in pieces]
        merges.append(pair)
    return merges


def minbpe_encode(text: str, ranks: dict[tuple[int, int], int], pattern: str) -> list[int]:
    import regex
    from lesson_bpe import merge

    encoded: list[int] = []
    for piece in regex.findall(pattern, text):
        ids = list(piece.encode())
        while len(ids) >= 2:
            counts: dict[tuple[int, int], int] = {}
            for pair in pairwise(ids):
                counts[pair] = counts.get(pair, 0) + 1
            first = min(counts, key=lambda pair: ranks.get(pair, float("inf")))
            if first not in ranks:
                break
            ids = merge(ids, first, ranks[first])
        encoded += ids
    return encoded


if __name__ == "__main__":
    main()
