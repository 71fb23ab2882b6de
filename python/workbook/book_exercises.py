"""A page for each chapter's exercises, made from the registry and the masters; and a page for each solution.

The page shows what a learner is given, not what stands in `exercises/`, which the learner has edited. Hints are folded.
A solution has a page of its own, which neither the table of contents nor the search leads to: whoever looks for a hint
must not stumble over it.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping
from pathlib import Path

from workbook import book_sources
from workbook.author import read_master
from workbook.course import Chapter, Course, Exercise
from workbook.notebook import Notebook

PAGE = "exercises.md"
STEPS = ("a nudge", "the place to look", "nearly the line")
HEAD = re.compile(r"\A(?:(?://!.*)?\n)+")
FOLDED = re.compile(r"<!-- folded (?P<hidden>[\w+/=]*) -->")
SENDS = re.compile(r"^\*\*Exercise\*\* `(?P<name>\w+)`(?P<rest>(?:.+\n?)+)", re.MULTILINE)


def anchor(heading: str) -> str:
    """The id that mdBook gives to a heading."""
    kept = (letter for letter in heading.strip().lower() if letter.isalnum() or letter in "_- ")
    return "".join(kept).replace(" ", "-")


def fenced(code: str, language: str) -> str:
    """A fenced block of Markdown, longer fenced than anything inside."""
    inside = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    mark = "`" * max(3, inside + 1)
    return f"{mark}{language}\n{code.rstrip()}\n{mark}"


def page(course: Course, chapter: Chapter) -> str:
    """The Markdown of a chapter's exercises."""
    minutes = sum(item.minutes for item in chapter.exercises)
    words = (
        f"# Exercises: {chapter.title}",
        f"{len(chapter.exercises)} programs that do not work yet, in the order of [the lesson](README.md), about "
        f"{minutes} minutes together. They are in your copy of the course, in `exercises/{chapter.name}/`; edit them "
        f"there, and let `python3 workbook` say what the compiler and the checks make of it.",
        *(_entry(course, chapter, item, number) for number, item in enumerate(chapter.exercises, start=1)),
    )
    return "\n\n".join(words) + "\n"


def _entry(course: Course, chapter: Chapter, item: Exercise, number: int) -> str:
    prose, code = split(read_master(course, item).starter(), item)
    up = "../../"
    hints = (
        folded(f"Hint {step} of {len(item.hints)}: {STEPS[step - 1]}", f"<p>{spans(hint)}</p>")
        for step, hint in enumerate(item.hints, start=1)
    )
    return "\n\n".join(
        [
            f"## {number}. {item.title} {{#{item.name}}}",
            f'<p class="facts">{" · ".join(_facts(course, chapter, item))}</p>',
            prose,
            f'<p class="file"><code>{item.path}</code></p>',
            fenced(code, "rust"),
            fenced(f"python3 workbook run {item.name}", "console"),
            *hints,
            f"[What the checks ask]({up}{item.checks}) · [A solution, and why]({up}{item.master})",
        ]
    )


def split(text: str, item: Exercise) -> tuple[str, str]:
    """A file's opening comment as Markdown, without its title, and its code without what brings in the checks."""
    head = HEAD.match(text)
    lines = [line.removeprefix("//!").removeprefix(" ") for line in (head[0] if head else "").splitlines()]
    if lines and lines[0].startswith("# "):
        del lines[0]
    code = text[head.end() if head else 0 :].removesuffix("\n").removesuffix(item.footer)
    return "\n".join(lines).strip(), code.strip("\n")


def spans(text: str) -> str:
    """A hint as HTML: its one kind of markup is `code`."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


def folded(summary: str, inside: str) -> str:
    """HTML that is folded on its page. mdBook's search would show it unfolded, so it is kept from it until `unfold`."""
    hidden = base64.b64encode(inside.encode()).decode()
    return f"<details>\n<summary>{html.escape(summary)}</summary>\n<!-- folded {hidden} -->\n</details>"


def unfold(text: str) -> str:
    """A page of mdBook's with what `folded` has kept from it."""
    return FOLDED.sub(lambda found: base64.b64decode(found["hidden"]).decode(), text)


def _facts(course: Course, chapter: Chapter, item: Exercise) -> list[str]:
    facts = [f"{item.minutes} minutes"]
    for concept in item.teaches:
        heading = chapter.concepts[concept]
        facts.append(f'new: <a href="index.html#{anchor(heading)}">{heading.replace("`", "")}</a>')
    codes = " or ".join(f"<code>{cause}</code>" for cause in item.fails)
    facts.append(f"at the start: {codes}" if item.fails[0].startswith("E") else f"at the start, it fails {codes}")
    return facts


def linked(chapter: Chapter, text: str, links: Mapping[str, str]) -> str:
    """A lesson whose exercises are set apart, each with a link to its place on the page of exercises.

    Commands that a page of the site stands for, too, are linked to it: `links` maps one to the other.
    """
    known = {item.name for item in chapter.exercises}

    def turn(found: re.Match[str]) -> str:
        if found["name"] not in known:
            return found[0]
        link = f"[`{found['name']}`]({PAGE}#{found['name']})"
        return f'<div class="to-do">\n\n**Exercise** {link}{found["rest"].rstrip()}\n\n</div>\n'

    text = SENDS.sub(turn, text)
    for command, page in links.items():
        text = text.replace(f"`{command}`", f"[`{command}`]({page})")
    return text


def notebook_page(chapter: Chapter, item: Notebook) -> str:
    """The file of a notebook's page in its chapter: `notebook.md`, or `notebook_curves.md` of `03_traits_curves`."""
    return f"notebook{item.name.removeprefix(chapter.name)}.md"


def solutions(course: Course) -> dict[str, str]:
    """For each master, what its page shows: why it is so, and the solution without the lines of its starter."""
    return {item.master: _solution(course, item) for item in course.exercises}


def _solution(course: Course, item: Exercise) -> str:
    back = f"../../../{item.chapter}/{Path(PAGE).stem}.html#{item.name}"
    _, code = split(read_master(course, item).solution(), item)
    return (
        f"<h1>A solution of <code>{item.name}</code></h1>\n"
        f'<p>The exercise: <a href="{back}">{html.escape(item.title)}</a>. When yours passes, '
        f"<code>python3 workbook solution {item.name}</code> shows both side by side.</p>\n"
        f"<p>{spans(item.why)}</p>\n{book_sources.coloured(code, item.master)}"
    )
