"""The site's first page: the course at a glance, made from the registry."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from itertools import groupby

from workbook.course import Chapter, Course

MARKER = "<!-- chapters -->"

# The number of a part's first chapter, its name, and what it is for.
PARTS = (
    (1, "The language", "What the compiler wants to know, on tensors, weights and requests."),
    (7, "The libraries", "What others have built: to train, to cluster, to read data, to be called from Python."),
    (13, "Whole programs", "A tokenizer, a language model, and what stands around them."),
)


def parts(course: Course) -> list[tuple[str, list[Chapter]]]:
    """The chapters by the part of the course that they belong to."""
    return [(PARTS[index][1], list(chapters)) for index, chapters in groupby(course.chapters, key=_part)]


def _part(chapter: Chapter) -> int:
    number = int(chapter.name.partition("_")[0])
    return max(index for index, (first, _, _) in enumerate(PARTS) if number >= first)


def chapters(course: Course, pages: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """The list of chapters as HTML in Markdown; `pages` are each chapter's other pages, title and file."""
    about = {name: text for _, name, text in PARTS}
    sections = (
        f"## {name}\n\n{about[name]}\n\n"
        f'<ul class="chapters">\n{"".join(_card(chapter, pages[chapter.name]) for chapter in inside)}</ul>'
        for name, inside in parts(course)
    )
    return "\n\n".join(sections)


def _card(chapter: Chapter, pages: Sequence[tuple[str, str]]) -> str:
    number = chapter.name.partition("_")[0]
    links = "".join(
        f'<li><a href="{chapter.name}/{_page(file)}" '
        f'aria-label="{html.escape(f"{title}, {chapter.title}")}">{html.escape(title)}</a></li>'
        for title, file in pages
    )
    optional = ", optional" if chapter.group else ""
    name = f'<a href="{chapter.name}/index.html">{html.escape(chapter.title)}</a>'
    return (
        f'<li><p class="name"><span>{number}</span> {name}</p>'
        f"<p>{html.escape(chapter.summary)}</p>"
        f'<p class="facts">{len(chapter.exercises)} exercises · {chapter.minutes / 60:.1f} hours{optional}</p>'
        f'<ul class="pages">{links}</ul></li>\n'
    )


def _page(file: str) -> str:
    """What mdBook makes of a chapter's page: a README is the first one of its folder."""
    return file.replace("README.md", "index.md").removesuffix(".md") + ".html"
