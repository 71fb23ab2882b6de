"""What the book's pages point at: sources of the repository as pages of their own, and links that lead nowhere."""

from __future__ import annotations

import html
import os
import posixpath
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_for_filename
from pygments.util import ClassNotFound

# [text](target), ![text](target) and, on a line of its own, [text]: target.
LINK = re.compile(r"(?P<head>\]\(|^\s{0,3}\[[^\]]+\]:\s*)(?P<target>[^\s)]+)")
FENCE = re.compile(r"^(?P<mark>\s*(?:```+|~~~+))(?P<info>[^`]*)$")
# What rustdoc reads as Rust: a fence with these words, or with none.
RUSTDOC = re.compile(r"^(compile_fail|no_run|ignore|should_panic|edition\d{4}|E\d{4}|)$")
PICTURES = (".png", ".svg", ".jpg", ".jpeg", ".gif", ".webp")
SKIPPED = ("target", "__pycache__", "node_modules")

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{title} - Rust for AI</title>
<style>
body {{ margin: 0 auto; max-width: 72rem; padding: 1rem; font-family: system-ui, sans-serif; }}
pre {{ overflow-x: auto; line-height: 1.45; font-size: 0.9rem; }}
.linenos {{ opacity: 0.5; user-select: none; }}
{light}
@media (prefers-color-scheme: dark) {{
body {{ background: #16161d; color: #ddd; }} a {{ color: #8ab4f8; }}
{dark}
}}
</style>
</head>
<body>
<p><a href="{home}">Rust for AI</a> / {title}</p>
{body}
</body>
</html>
"""


def redirect(root: Path, page: Path, text: str, pages: set[Path], wanted: set[str]) -> str:
    """`text` with its links to the repository's other files led to the pages that `write` makes of them.

    Their paths are added to `wanted`. Links to other pages, to other sites and to nothing stay as they are.
    """

    def turn(link: re.Match[str]) -> str:
        parts = urlsplit(link["target"].strip("<>"))
        if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
            return link[0]
        file = Path(os.path.normpath(page.parent / unquote(parts.path)))
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        lesson = file / "README.md" if file.is_dir() else file
        if lesson in pages and lesson.name == "README.md":
            # mdBook makes an index.html of a README.md, but leaves links to it as they are.
            target = Path(os.path.relpath(lesson.with_name("index.md"), page.parent)).as_posix()
            return f"{link['head']}{target}{fragment}"
        if file in pages or not file.exists() or not file.is_relative_to(root) or file == root:
            return link[0]
        # Pictures, and chapter 16's pages, which `workbook wasm` builds.
        if file.suffix in (*PICTURES, ".html") and file.is_relative_to(root / "chapters"):
            return link[0]
        path = file.relative_to(root).as_posix()
        wanted.add(path)
        here = page.parent.relative_to(root / "chapters").as_posix()
        target = posixpath.relpath(f"source/{_page_of(file, path)}", here)
        return f"{link['head']}{target}"

    lines, fenced = [], False
    for line in text.split("\n"):
        if fence := FENCE.match(line):
            fenced = not fenced
            words = [word.strip() for word in fence["info"].split(",")]
            # A lesson is the crate's documentation too, where Rust need not be named; a highlighter must be told.
            if fenced and page.name == "README.md" and RUSTDOC.match(words[0]):
                line = fence["mark"] + ",".join(["rust", *filter(None, words)])
        lines.append(line if fenced else LINK.sub(turn, line))
    return "\n".join(lines)


def _page_of(file: Path, path: str) -> str:
    return f"{path}/index.html" if file.is_dir() else f"{path}.html"


def write(root: Path, wanted: set[str], folder: Path) -> None:
    """Writes a page for each wanted file; a folder's page lists what is in it, and those get pages too."""
    waiting, done = sorted(wanted), set()
    while waiting:
        path = waiting.pop()
        if path in done:
            continue
        done.add(path)
        file = root / path
        if file.is_dir():
            inside = [entry for entry in sorted(file.iterdir()) if entry.name[0] != "." and entry.name not in SKIPPED]
            waiting += [entry.relative_to(root).as_posix() for entry in inside]
            items = (
                f'<li><a href="{html.escape(_page_of(entry, entry.name))}">{html.escape(entry.name)}</a></li>'
                for entry in inside
            )
            body = f"<ul>{''.join(items)}</ul>"
        else:
            body = _coloured(file)
        target = folder / _page_of(file, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        home = posixpath.relpath("index.html", posixpath.dirname(f"source/{_page_of(file, path)}"))
        styles = {
            "light": HtmlFormatter(style="default").get_style_defs(".highlight"),
            "dark": HtmlFormatter(style="monokai").get_style_defs(".highlight"),
        }
        text = PAGE.format(title=html.escape(path), home=home, body=body, **styles)
        target.write_text(text, encoding="utf-8")


def _coloured(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return f"<p>{file.stat().st_size} bytes that are not text.</p>"
    try:
        lexer = get_lexer_for_filename(file.name)
    except ClassNotFound:
        lexer = TextLexer()
    return highlight(text, lexer, HtmlFormatter(linenos="inline", lineanchors="L", anchorlinenos=True))


class _Page(HTMLParser):
    """The links, the loaded files and the anchors of one page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        self.anchors |= {found[key] for key in ("id", "name") if key in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        elif tag == "link" and "href" in found:
            self.loads.append(found["href"])
        elif "src" in found:
            self.loads.append(found["src"])


def _pages(site: Path) -> dict[Path, _Page]:
    pages = {}
    for file in sorted(site.rglob("*.html")):
        page = _Page()
        page.feed(file.read_text(encoding="utf-8"))
        pages[file] = page
    return pages


def dead_links(site: Path) -> list[str]:
    """Links inside the site to a page or an anchor that is not there."""
    pages = _pages(site)
    faults = []
    for file, page in pages.items():
        # The page for a wrong address may be shown at any depth, so its links are written for the root.
        for link in [*page.links, *page.loads] if file.name != "404.html" else []:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = Path(os.path.normpath(file.parent / unquote(parts.path))) if parts.path else file
            if target.is_dir():
                target /= "index.html"
            anchor = unquote(parts.fragment)
            if not target.exists():
                faults.append(f"{file.relative_to(site)}: the link to '{link}' leads nowhere")
            elif anchor and target in pages and anchor not in pages[target].anchors:
                faults.append(f"{file.relative_to(site)}: '{link}' names a heading that is not there")
    return faults


def foreign(site: Path) -> list[str]:
    """Scripts, styles, fonts and pictures that pages or styles would load from another place."""
    faults = []
    for file, page in _pages(site).items():
        faults += [f"{file.relative_to(site)}: {load}" for load in page.loads if re.match(r"(\w+:)?//", load)]
    for file in site.rglob("*.css"):
        text = file.read_text(encoding="utf-8")
        for load in re.findall(r"(?:url\(|@import\s)\s*['\"]?((?:https?:)?//[^'\")\s]+)", text):
            faults.append(f"{file.relative_to(site)}: {load}")
    return faults
