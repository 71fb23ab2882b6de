"""The course as a site: its chapters and quizzes through mdBook, served on this machine.

The pages are laid out in `.workbook/book` first, because much stands between a chapter's folder and its pages: a lesson
points at sources, which become pages of their own (`book_sources`); `{{#quiz …}}` becomes the quiz; exercises
(`book_exercises`), notebooks (`book_notebooks`) and the first page's list of chapters (`book_index`) are made from what
the registry says; and mdBook would copy whole folders. mdbook-quiz brings the quiz's scripts, but its own reader would
compile each tracing program at each build, under an edition that is not the course's; `author check` has proven them
under the right one.
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
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from workbook import book_exercises, book_index, book_sources, groups, interview, notebook, quiz, tools, wasm
from workbook.course import Chapter, Course, CourseError
from workbook.files import locked
from workbook.notebook import Notebook
from workbook.quiz import Quiz, Short, Tracing

MDBOOK = "0.5.4"
MDBOOK_QUIZ = "0.5.0"

MARKER = ".rust-for-ai-book"
"""Stands in every site that was built here; a folder without it is never replaced."""

ASSETS = ("python/workbook/book.css", "python/workbook/book.js")
WRITTEN = "<!-- Written by `python3 workbook author sync` from the chapters' registry. -->"
REPORT = "report/README.md"
"""Of the claims, in the chapter that is about them: `workbook claims --out` writes it."""
INCLUDE = re.compile(r"^\{\{#quiz (?:\.\./)+quizzes/(?P<name>\w+)\.toml\}\}\s*$", re.MULTILINE)
WATCHED = (".md", ".toml", ".rs", ".ipynb", *book_sources.PICTURES)


class BookError(CourseError):
    """The site could not be built or served; the message says why."""


def summary(course: Course) -> str:
    """`chapters/SUMMARY.md`, the lessons and quizzes that stand in `chapters/`, as the registry tells it."""
    lines = ["# Summary", "", WRITTEN, "", "[Introduction](introduction.md)", ""]
    for chapter in course.chapters:
        lines += _entries(chapter, _written(course, chapter))
    return "\n".join([*lines, *_interview(course)]) + "\n"


def contents(course: Course, pages: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    """The site's own table of contents, in parts, with the pages that are made when it is built."""
    lines = ["# Summary", "", "[Introduction](introduction.md)"]
    for part, chapters in book_index.parts(course):
        lines += ["", f"# {part}", ""]
        for chapter in chapters:
            lines += _entries(chapter, pages[chapter.name])
    return "\n".join([*lines, *_interview(course)]) + "\n"


def _entries(chapter: Chapter, pages: Sequence[tuple[str, str]]) -> list[str]:
    return [
        f"- [{chapter.title}]({chapter.name}/README.md)",
        *(f"    - [{title}]({chapter.name}/{file})" for title, file in pages),
    ]


def _written(course: Course, chapter: Chapter) -> list[tuple[str, str]]:
    """The pages beside a lesson that stand in `chapters/`."""
    home = course.root / "chapters" / chapter.name
    return [
        (title, file)
        for title, file in (("Quiz", "quiz.md"), ("The claims, measured", REPORT))
        if (home / file).exists()
    ]


def _interview(course: Course) -> list[str]:
    """Behind the chapters, and of none of them."""
    return ["", f"[Interview questions]({interview.NAME}.md)"] if interview.written(course) else []


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
    """The `book` command: builds the site, and serves it until Ctrl-C.

    Returns 0; without serving, 1 for a site with faults, which are printed; 2 if there is no site.
    """
    site = (out or course.root / "book").absolute()
    try:
        # The port first: whoever must choose another should not wait for a build to learn it.
        server = _server(site, port) if serve else None
        faults = build(course, site)
        for fault in faults:
            print(f"warning: {fault}", file=sys.stderr)
    except CourseError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    if not server:
        print(f"The book is in {site}: open {site / 'index.html'}.")
        return 1 if faults else 0
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
    """Builds the site into the folder `site`; returns what is wrong with its links and loads. Raises `CourseError`.

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
        for page in (stage / "site").glob("*/*.html"):
            text = page.read_text(encoding="utf-8")
            page.write_text(book_exercises.unfold(text), encoding="utf-8")
        book_sources.write(course.root, wanted, stage / "site" / "source", book_exercises.solutions(course))
        if demonstrations := wasm.pages(course):
            shutil.copytree(demonstrations, stage / "site" / wasm.CHAPTER / "web")
        (stage / "site" / MARKER).write_text("'python3 workbook book' replaces this folder.\n", encoding="utf-8")
        site.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(site, ignore_errors=True)
        shutil.move(stage / "site", site)
    return [*book_sources.dead_links(site), *book_sources.foreign(site)]


def _lay_out(course: Course, stage: Path) -> set[str]:
    """Writes mdBook's input; returns the sources that its pages point at."""
    chapters, source = course.root / "chapters", stage / "chapters"
    source.mkdir(parents=True)
    for setting in ("book.toml", *ASSETS):
        _copy(course.root / setting, stage / setting)
    for chapter in course.chapters:
        for picture in (file for file in (chapters / chapter.name).rglob("*") if file.suffix in book_sources.PICTURES):
            _copy(picture, source / picture.relative_to(chapters))
    pages = _pages(course, source)
    wanted: set[str] = set()
    for page, text in pages.items():
        text = book_sources.redirect(course.root, page, text, {*pages}, wanted)
        target = source / page.relative_to(chapters)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_with_quizzes(course, page, text), encoding="utf-8")
    return wanted


def _pages(course: Course, source: Path) -> dict[Path, str]:
    """The text of every page, under the place in `chapters/` that its links start from.

    The pictures of the pages that are made go to `source`, and so does the table of contents.
    """
    folder = course.root / "chapters"
    pages: dict[Path, str] = {}
    beside: dict[str, list[tuple[str, str]]] = {}
    for chapter in course.chapters:
        home = folder / chapter.name
        for file in sorted({*home.glob("*.md"), *home.glob(REPORT), home / "README.md"}):
            pages[file] = _text(course, file)
        notebooks = _notebooks(course, chapter)
        links = {f"python3 workbook quiz {chapter.name}": "quiz.md"}
        links |= {
            f"python3 workbook lab {item.name}": book_exercises.notebook_page(chapter, item) for item in notebooks
        }
        pages[home / "README.md"] = book_exercises.linked(chapter, pages[home / "README.md"], links)
        pages[home / book_exercises.PAGE] = book_exercises.page(course, chapter)
        beside[chapter.name] = [("Exercises", book_exercises.PAGE)]
        for item in notebooks:
            from workbook import book_notebooks

            name = book_exercises.notebook_page(chapter, item)
            pages[home / name], pictures = book_notebooks.page(course, chapter, item)
            beside[chapter.name].append((f"Notebook: {item.title}" if len(notebooks) > 1 else "Notebook", name))
            for picture, data in pictures.items():
                (source / chapter.name).mkdir(exist_ok=True)
                (source / chapter.name / picture).write_bytes(data)
        beside[chapter.name] += _written(course, chapter)
    if interview.written(course):
        page = folder / f"{interview.NAME}.md"
        pages[page] = _text(course, page)
    start = folder / "introduction.md"
    pages[start] = _text(course, start).replace(book_index.MARKER, book_index.chapters(course, beside))
    (source / "SUMMARY.md").write_text(contents(course, beside), encoding="utf-8")
    return pages


def _text(course: Course, page: Path) -> str:
    try:
        return page.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BookError(f"{page.relative_to(course.root)} is missing; the table of contents names it.") from None
    except UnicodeDecodeError as error:
        raise BookError(f"{page.relative_to(course.root)} is not UTF-8 text (byte {error.start}).") from None


def _notebooks(course: Course, chapter: Chapter) -> list[Notebook]:
    """The notebooks of a chapter that can be shown: those whose run is that of their master."""
    paths = [path for path in notebook.masters(course) if notebook.chapter_of(course, path.stem) == chapter]
    found = [notebook.read(course, path) for path in paths]
    found = [item for item in found if notebook.stored_outputs(course, item) is not None]
    if found:
        groups.ensure("book")
    return found


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
    # One connection serves a whole page.
    protocol_version = "HTTP/1.1"
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


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    # A browser opens several connections at once; with the default of 5, a busy machine turns some away.
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Says nothing of a browser that went on before it had everything."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def _server(site: Path, port: int) -> Server:
    if not 0 <= port <= 65535:
        raise BookError(f"There is no port {port}; it is a number up to 65535.")
    try:
        # The loopback address: the book is for the reader of this machine, not for the network.
        return Server(("127.0.0.1", port), functools.partial(Handler, directory=str(site)))
    except OSError as error:
        raise BookError(
            f"Port {port} cannot be used ({error.strerror}). Another program may have it: choose another with "
            f"'python3 workbook book --port {port + 1 if port < 65535 else 8000}'."
        ) from None


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

    names = ("chapters", "quizzes", "solutions")
    folders = [course.root / name for name in names if (course.root / name).is_dir()]
    return watchfiles.watch(
        *folders, watch_filter=lambda _, path: path.endswith(WATCHED), debounce=200, raise_interrupt=True
    )
