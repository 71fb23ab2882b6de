"""The lessons' figures: wherever one tells a time or a rate, it names the command that measures it."""

from __future__ import annotations

import re

import pytest

from conftest import ROOT

LESSONS = sorted((ROOT / "chapters").glob("[0-9]*/README.md"))
# What nobody knows without measuring: times, and work by the second. Sizes of files and of numbers can be computed.
FIGURE = re.compile(
    r"(?<![\w.,^-])\d[\d,]*(?:\.\d+)? ?"
    r"(?:(?:ns|µs|ms|seconds?|minutes|hours)\b|(?<= )s\b|[MGk]B/s|[MGk]B a second|"
    r"tokens/s|tokens a second|requests a second)"
)
COMMAND = re.compile(
    r"cargo (?:bench|test|run)\b|python3? [\w./-]*(?:benches|workbook|sizes|data)|bin/python [\w./-]+\.py"
)
# A page may say it once for all of itself.
WHOLE_PAGE = re.compile(r"figures of this page")
# Not measured, but said of a plan, a promise or an example.
SAID = (
    "A service answers in",
    "should answer in",
    "of half a million lines",
    "requests a second, and the validation",
    "places are 16 seconds",
)


def sections(text: str) -> list[str]:
    """A lesson in pieces that begin with its headings of the second level."""
    return re.split(r"(?m)^(?=## )", text)


def unnamed(text: str) -> list[str]:
    """Figures that stand in a section without a command, on a page that names none for all of them."""
    found = []
    for section in sections(text):
        told = [line for line in section.splitlines() if not any(words in line for words in SAID)]
        figures = [match[0] for line in told for match in FIGURE.finditer(line)]
        if figures and not COMMAND.search(section):
            found += [f"{section.splitlines()[0]}: {figure}" for figure in figures]
    return [] if WHOLE_PAGE.search(text) and COMMAND.search(text) else found


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda path: path.parent.name)
def test_every_figure_names_the_command_that_measured_it(lesson) -> None:  # type: ignore[no-untyped-def]
    assert not unnamed(lesson.read_text(encoding="utf-8"))


@pytest.mark.parametrize("figure", ["It took 3.5 ns.", "| a row | 12 ms |", "48 tokens a second", "it took 29 seconds"])
def test_a_figure_without_a_command_is_found(figure: str) -> None:
    assert unnamed(f"# A page\n\n## Fast\n\n{figure}\n")
    assert not unnamed(f"# A page\n\n## Fast\n\n{figure} (`cargo bench -p fast`)\n")
    assert not unnamed(f"# A page\n\n(All figures of this page: `python3 benches/fast.py`.)\n\n## Fast\n\n{figure}\n")


def test_what_is_no_figure_is_none() -> None:
    text = (
        "# A page\n\n## Not fast\n\n7 sentences, 384 numbers, chapter 3, 98 MB, 4,096 tokens, 2 samples, the 1990s.\n"
    )
    assert not unnamed(text)
