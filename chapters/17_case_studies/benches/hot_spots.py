"""Where a script spends its time: near-duplicates among the paragraphs of this course's own lessons, under cProfile.

    python3 chapters/17_case_studies/benches/hot_spots.py

Standard library only. Prints the functions by the time spent in each itself, and how often it was called.
"""

from __future__ import annotations

import cProfile
import pstats
import zlib
from pathlib import Path

CHAPTERS = Path(__file__).resolve().parents[2]
PARAGRAPHS = 300


def paragraphs() -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted(CHAPTERS.glob("*/README.md"))]
    found = [part for text in texts for part in text.split("\n\n") if len(part) > 80 and "```" not in part]
    return found[:PARAGRAPHS]


def shingles(text: str) -> set[int]:
    """Every five characters in a row, as a number each."""
    return {zlib.crc32(text[place : place + 5].encode()) for place in range(len(text) - 4)}


def jaccard(a: set[int], b: set[int]) -> float:
    return len(a & b) / len(a | b)


def near_duplicates(documents: list[set[int]], threshold: float) -> list[tuple[int, int]]:
    pairs = []
    for first in range(len(documents)):
        for second in range(first + 1, len(documents)):
            if jaccard(documents[first], documents[second]) >= threshold:
                pairs.append((first, second))
    return pairs


def main() -> None:
    profile = cProfile.Profile()
    profile.enable()
    documents = [shingles(text) for text in paragraphs()]
    pairs = near_duplicates(documents, 0.3)
    profile.disable()
    entries = pstats.Stats(profile).get_stats_profile()
    print(f"{len(documents)} paragraphs, {len(pairs)} pairs, {entries.total_tt:.1f} s under the profiler\n")
    print(f"{'calls':>10}  {'itself':>7}  function")
    rows = sorted(entries.func_profiles.items(), key=lambda item: -item[1].tottime)
    for name, entry in rows[:5]:
        print(f"{entry.ncalls:>10}  {entry.tottime / entries.total_tt:>6.0%}  {name}")


if __name__ == "__main__":
    main()
