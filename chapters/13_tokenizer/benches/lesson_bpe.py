"""Byte pair encoding in Python, as the lesson has it: what one writes first, and what the tests hold ours against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

import regex

Pair = tuple[int, int]


def merge(ids: list[int], pair: Pair, new: int) -> list[int]:
    merged, place = [], 0
    while place < len(ids):
        if tuple(ids[place : place + 2]) == pair:
            merged.append(new)
            place += 2
        else:
            merged.append(ids[place])
            place += 1
    return merged


def train(texts: Iterable[str], size: int, pattern: str) -> list[Pair]:
    """The merges, most frequent pair first; of equals the smaller ids."""
    words = Counter(tuple(piece.encode()) for text in texts for piece in regex.findall(pattern, text))
    merges: list[Pair] = []
    while len(merges) < size - 256:
        counts: Counter[Pair] = Counter()
        for ids, times in words.items():
            for pair in pairwise(ids):
                counts[pair] += times
        pair, count = min(counts.items(), key=lambda item: (-item[1], item[0]), default=((0, 0), 0))
        if count < 2:
            break
        new = 256 + len(merges)
        merged: Counter[tuple[int, ...]] = Counter()
        for ids, times in words.items():
            merged[tuple(merge(list(ids), pair, new))] += times
        words = merged
        merges.append(pair)
    return merges


def encode(text: str, ranks: dict[Pair, int], pattern: str) -> list[int]:
    """The ids of `text`; `ranks` maps a pair to the token that it becomes."""
    encoded = []
    for piece in regex.findall(pattern, text):
        ids = list(piece.encode())
        while len(ids) > 1:
            pair = min(pairwise(ids), key=lambda pair: ranks.get(pair, len(ranks) + 256))
            if pair not in ranks:
                break
            ids = merge(ids, pair, ranks[pair])
        encoded += ids
    return encoded
