"""One piece of grading: a text for an exercise, and what it came to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbook.course import Exercise

Key = tuple[str, str, str]
"""Chapter, exercise, and the SHA-256 of the text."""


@dataclass(frozen=True)
class Work:
    """One text for one exercise, however many learners handed it in."""

    item: Exercise
    text: str

    @property
    def key(self) -> Key:
        return self.item.chapter, self.item.name, hashlib.sha256(self.text.encode("utf-8")).hexdigest()


def batches(works: Sequence[Work], size: int) -> Iterator[list[Work]]:
    """`works` in groups of one chapter and at most `size`, in the order in which they are first needed."""
    open_ones: dict[str, list[Work]] = {}
    order: list[list[Work]] = []
    for work in works:
        batch = open_ones.get(work.item.chapter)
        if batch is None or len(batch) >= size:
            batch = open_ones[work.item.chapter] = []
            order.append(batch)
        batch.append(work)
    yield from order
