"""What `hot_loop` must do: find the pairs that Python finds, and read each document once."""

import random
from collections.abc import Iterator

import hot_loop


class Document(list[int]):
    """A list that counts how often it is read."""

    reads = 0

    def __iter__(self) -> Iterator[int]:
        Document.reads += 1
        return super().__iter__()


def documents() -> list[Document]:
    generator = random.Random(17)
    made = [Document(sorted(generator.sample(range(1000), 40))) for _ in range(30)]
    # Two pairs are nearly the same; and two documents are empty, and so the same.
    return [*made, Document(made[3][1:]), Document(made[7][:-1]), Document(), Document()]


def jaccard(a: list[int], b: list[int]) -> float:
    union = set(a) | set(b)
    return len(set(a) & set(b)) / len(union) if union else 1.0


def test_finds_the_pairs_that_python_finds() -> None:
    given = documents()
    got = hot_loop.near_duplicates(given, 0.8)
    want = [
        (first, second)
        for first in range(len(given))
        for second in range(first + 1, len(given))
        if jaccard(given[first], given[second]) >= 0.8
    ]
    assert len(want) == 3
    assert got == want, "pairs among 34 documents"


def test_each_document_crosses_once() -> None:
    given = documents()
    Document.reads = 0
    hot_loop.near_duplicates(given, 0.8)
    got = Document.reads
    want = len(given)
    assert got == want, "how often 34 documents were read"


def test_a_document_that_is_none_is_a_type_error() -> None:
    try:
        got = str(hot_loop.near_duplicates([[1, 2], [3, "four"]], 0.8))
    except BaseException as error:  # A Rust panic is no `Exception`, and this is to see one.
        got = type(error).__name__
    want = "TypeError"
    assert got == want, "exception for a text in a document"
