"""The figures that the exercises' checks compare with, from tiktoken and the package `regex`.

    .venv/bin/python chapters/13_tokenizer/benches/oracles.py

Needs the group 'peers'. Prints Rust, which stands in `checks/`.
"""

from __future__ import annotations

import regex
import tiktoken
from lesson_bpe import train

TEXT = "the cat that sat on the mat; the other path, with a bath\n" * 3
WORDS = ["the", "bathe", "that", " that", "cathode", "theme", "xyz", "t"]
GPT2 = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LINES = ["a  b", " a", "x = 1\n\n    y", "end  ", "\ta \n", "  ...  !", "no,\n2nd4!", "été  東京"]


def main() -> None:
    merges = train([TEXT], 276, GPT2)
    print("merges:", merges)
    tokens = [bytes([byte]) for byte in range(256)]
    for left, right in merges:
        tokens.append(tokens[left] + tokens[right])
    ranks = {token: rank for rank, token in enumerate(tokens)}
    encoding = tiktoken.Encoding("lesson", pat_str=GPT2, mergeable_ranks=ranks, special_tokens={})
    for word in WORDS:
        print(f"    ({word!r}, &{encoding.encode_ordinary(word)}),".replace("'", '"'))
    for line in LINES:
        print(f"    ({line!r}, &{regex.findall(GPT2, line)}),".replace("'", '"'))
    repeated = encoding.encode_ordinary("the" * 1_000)
    print("'the' a thousand times:", len(repeated), repeated[:4], repeated[-2:])


if __name__ == "__main__":
    main()
