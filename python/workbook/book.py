"""The course as a site: its chapters and quizzes through mdBook, served on this machine.

The pages are laid out in `.workbook/book` first, because three things stand between a chapter's folder and a page:
a lesson points at sources, which become pages of their own (`book_sources`); `{{#quiz …}}` becomes the quiz; and
mdBook would copy whole folders. mdbook-quiz brings the quiz's scripts, but its own reader would compile each tracing
program at each build, under an edition that is not the course's; `author check` has proven them under the right one.
"""

from __future__ import annotations

import functools
import html
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import webbrowser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbook import book_sources, interview, quiz, tools
from workbook.course import Course, CourseError
from workbook.files import locked
from workbook.quiz import Quiz, Short, Tracing

MDBOOK = "0.5.4"
MDBOOK_QUIZ = "0.5.0"

MARKER = ".rust-for-ai-book"
"""Stands in every site that was built here; a folder without it is never replaced."""

STYLE = "python/workbook/book.css"
WRITTEN = "<!-- Written by `python3 workbook author sync` from the chapters' registry. -->"
REPORT = "report/README.md"
"""Of the claims, in the chapter that is about them: `workbook claims --out` writes it."""
INCLUDE = re.compile(r"^\{\{#quiz (?:\.\./)+quizzes/(?P<name>\w+)\.toml\}\}\s*$", re.MULTILINE)
WATCHED = (".md", ".toml", ".css", *book_sources.PICTURES)


class BookError(CourseError):
    """The site could not be built or served; the message says why."""


def summary(course: Course) -> str:
    """`chapters/SUMMARY.md`, the book's table of contents, as the registry tells it."""
    lines = ["# Summary", "", WRITTEN, "", "[Introduction](introduction.md)", ""]
    for chapter in course.chapters:
        lines.append(f"- [{chapter.title}]({chapter.name}/README.md)")
        if (course.root / "chapters" / chapter.name / "quiz.md").exists():
            lines.append(f"    - [Quiz]({chapter.name}/quiz.md)")
        if (course.root / "chapters" / chapter.name / REPORT).exists():
            lines.append(f"    - [The claims, measured]({chapter.name}/{REPORT})")
    if interview.written(course):
        lines += ["", f"[Interview questions]({interview.NAME}.md)"]
    return "\n".join(lines) + "\n"


def stale(course: Course) -> str | None:
    """What is wrong with the committed table of contents, or None."""
    file = course.root / "chapters" / "SUMMARY.md"
    if not file.exists():
        return "chapters/SUMMARY.md is missing: 'python3 workbook author sync' writes it."
    if file.read_text(encoding="utf-8") != summary(course):
        return "chapters/SUMMARY.md is stale: 'python3 workbook author sync' writes it anew."
    return None


def main(
    course: Course,
    serve: bool = True,
    port: int = 8000,
    out: Path | None = None,
    open_browser: bool = False,
) -> int:
    """The `book` command: builds the site, and serves it until Ctrl-C."""
    site = (out or course.root / "book").absolute()
    try:
        # The port first: whoever must choose another should not wait for a build to learn it.
        server = _server(site, port) if serve else None
        for fault in build(course, site):
            print(f"warning: {fault}", file=sys.stderr)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    if not server:
        print(f"The book is in {site}: open {site / 'index.html'}.")
        return 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    print(f"The book is at {address} and follows your edits. Ctrl-C stops.", flush=True)
    if open_browser:
        webbrowser.open(address)
    try:
        _follow(course, site)
    except KeyboardInterrupt:
        print("\nStopped.")
    finally:
        server.shutdown()
        server.server_close()
    return 0


def build(course: Course, site: Path) -> list[str]:
    """Builds the site into the folder `site`; returns its dead links. Raises `CourseError`.

    The old site stays until the new one is whole, so that a page with a fault does not take the book away.
    """
    if site.exists() and not (site / MARKER).exists() and (not site.is_dir() or any(site.iterdir())):
        raise BookError(f"{site} holds other files; name an empty or a new folder for the book.")
    mdbook = tools.ensure_tool("mdbook", MDBOOK)
    helper = tools.ensure_tool("mdbook-quiz", MDBOOK_QUIZ, minutes=1.5)
    stage = course.root / ".workbook" / "book"
    with locked(course.root / ".workbook" / "book.lock", wait=120):
        shutil.rmtree(stage, ignore_errors=True)
        wanted = _lay_out(course, stage)
        env = {**os.environ, "PATH": f"{helper.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
        built = subprocess.run(
            [mdbook, "build", stage, "--dest-dir", stage / "site"],
            env={**env, "RUST_LOG": "warn"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if built.returncode != 0:
            raise BookError(f"mdBook could not build the site:\n{(built.stderr or built.stdout).strip()}")
        book_sources.write(course.root, wanted, stage / "site" / "source")
        (stage / "site" / MARKER).write_text("'python3 workbook book' replaces this folder.\n", encoding="utf-8")
        site.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(site, ignore_errors=True)
        shutil.move(stage / "site", site)
    return book_sources.dead_links(site)


def _lay_out(course: Course, stage: Path) -> set[str]:
    """Writes mdBook's input; returns the sources that its pages point at."""
    chapters, source = course.root / "chapters", stage / "chapters"
    source.mkdir(parents=True)
    for setting in ("book.toml", STYLE):
        _copy(course.root / setting, stage / setting)
    (source / "SUMMARY.md").write_text(summary(course), encoding="utf-8")
    pages = [chapters / "introduction.md"]
    if interview.written(course):
        pages.append(chapters / f"{interview.NAME}.md")
    for chapter in course.chapters:
        pages += sorted([*(chapters / chapter.name).glob("*.md"), *(chapters / chapter.name).glob(REPORT)])
        for picture in (file for file in (chapters / chapter.name).rglob("*") if file.suffix in book_sources.PICTURES):
            _copy(picture, source / picture.relative_to(chapters))
    wanted: set[str] = set()
    for page in pages:
        try:
            text = page.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise BookError(f"{page.relative_to(course.root)} is missing; the table of contents names it.") from None
        except UnicodeDecodeError as error:
            raise BookError(f"{page.relative_to(course.root)} is not UTF-8 text (byte {error.start}).") from None
        text = book_sources.redirect(course.root, page, text, {*pages}, wanted)
        target = source / page.relative_to(chapters)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_with_quizzes(course, page, text), encoding="utf-8")
    missing = [chapter for chapter in course.chapters if chapters / chapter.name / "README.md" not in pages]
    if missing:
        raise BookError(f"chapters/{missing[0].name}/README.md is missing: the chapter has no lesson.")
    return wanted


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)


def _with_quizzes(course: Course, page: Path, text: str) -> str:
    """The page with its `{{#quiz …}}` replaced by what mdbook-quiz's script turns into a quiz."""
    if not INCLUDE.search(text):
        return text

    def questions(name: str) -> Quiz:
        return interview.load(course).graded if name == interview.NAME else quiz.load(course, name)

    text = INCLUDE.sub(lambda include: placeholder(questions(include["name"])), text)
    up = "../" * (len(page.relative_to(course.root / "chapters").parts) - 1)
    return (
        f'{text}\n\n<script type="text/javascript" src="{up}quiz/quiz-embed.iife.js"></script>\n'
        f'<link rel="stylesheet" type="text/css" href="{up}quiz/style.css">\n'
    )


def placeholder(questions: Quiz) -> str:
    """The element that mdbook-quiz's preprocessor writes for a quiz, on one line as Markdown wants it."""
    data = {
        "quiz-name": questions.chapter,
        "quiz-questions": web(questions),
        "quiz-cache-answers": True,
        "quiz-default-language": "rust",
    }
    attributes = (f'data-{key}="{html.escape(json.dumps(value))}"' for key, value in data.items())
    return f'<div class="quiz-placeholder" {" ".join(attributes)}></div>'


def web(questions: Quiz) -> dict[str, Any]:
    """A quiz as mdbook-quiz's script takes it: its own keys only, and what it does not know said in words it shows."""
    shown = []
    for question in questions.questions:
        data = question.model_dump(
            by_alias=True, exclude_none=True, exclude={"concept", "proof", "order", "crates", "kind", "level"}
        )
        if not question.prompt_explanation:
            data.pop("promptExplanation")
        if isinstance(question, Tracing):
            # The script asks only whether the program compiles, so the explanation tells code and line.
            code = data["answer"].pop("code", None)
            if code:
                line = question.answer.line_number
                data["context"] = f"The compiler says `{code}` and points at line {line}.\n\n{question.context}"
        if isinstance(question, Short) and question.prompt.response == "code":
            # The script has no field for one line of code; its field for text is nearer than its box of several lines.
            del data["prompt"]["response"]
        if isinstance(question, Short) and question.order:
            # The script compares texts; a reader may put commas, or nothing, between the letters.
            data["answer"]["alternatives"] = _spellings(question)
        shown.append(data)
    data = {"questions": shown}
    return {**data, "multipart": questions.multipart} if questions.multipart else data


def _spellings(question: Short) -> list[str]:
    orders = [quiz.letters(text) or "" for text in question.right]
    return [mark.join(order) for order in orders for mark in (" ", "", ",", ", ", "-", " - ")]


class Handler(http.server.SimpleHTTPRequestHandler):
    # A site on this machine is read while it is written: the browser must ask each time.
    extensions_map = {  # noqa: RUF012
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
    }

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing: a line a request would bury the ones that matter."""


def _server(site: Path, port: int) -> http.server.ThreadingHTTPServer:
    if not 0 <= port <= 65535:
        raise BookError(f"There is no port {port}; it is a number up to 65535.")
    try:
        # The loopback address: the book is for the reader of this machine, not for the network.
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Handler, directory=str(site)))
    except OSError as error:
        raise BookError(
            f"Port {port} cannot be used ({error.strerror}). Another program may have it: choose another with "
            f"'python3 workbook book --port {port + 1 if port < 65535 else 8000}'."
        ) from None
    server.daemon_threads = True
    return server


def _follow(course: Course, site: Path) -> None:
    """Builds again after each edit of a page, a quiz or a setting, until Ctrl-C."""
    from workbook import course as courses

    for _ in _edits(course):
        try:
            faults = build(courses.load(course.root), site)
            print("Built again." if not faults else "\n".join(["Built again, with:", *faults]), flush=True)
        except CourseError as error:
            print(f"{error}\nThe site is as it was before this edit.", file=sys.stderr, flush=True)


def _edits(course: Course) -> Iterator[object]:
    import watchfiles

    folders = [course.root / name for name in ("chapters", "quizzes") if (course.root / name).is_dir()]
    return watchfiles.watch(
        *folders, watch_filter=lambda _, path: path.endswith(WATCHED), debounce=200, raise_interrupt=True
    )
