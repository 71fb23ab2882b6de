"""What the book's pages point at: sources of the repository as pages of their own, and links that lead nowhere."""

from __future__ import annotations

import html
import os
import posixpath
import re
from collections.abc import Mapping
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
# Pygments' styles whose every colour can be read on its background.
LIGHT, DARK = "xcode", "monokai"
SKIPPED = ("target", "__pycache__", "node_modules")

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>{title} - Rust for AI</title>
<link rel="stylesheet" href="{up}source/style.css">
<script>
// The theme that was chosen in the book, or else the system's.
const theme = localStorage.getItem("mdbook-theme");
const dark = theme ? !["light", "rust"].includes(theme) : matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.className = dark ? "dark" : "light";
</script>
</head>
<body>
<nav aria-label="Where this is"><a href="{up}index.html">Rust for AI</a> / {trail}</nav>
<main>
{body}
</main>
</body>
</html>
"""

# Of all that a page of a source shows; the book's own pages have book.css.
SHEET = """\
body { margin: 0 auto; max-width: 60rem; padding: 1rem; line-height: 1.6; font-family: system-ui, sans-serif; }
body { background: #fff; color: #1f2328; }
a { color: #0b57a4; }
h1 { font-size: 1.5rem; line-height: 1.3; overflow-wrap: anywhere; }
nav { overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { font-size: 0.9em; }
.highlight { margin: 1rem 0; border: 1px solid #d5d9de; border-radius: 6px; }
.highlight pre { overflow-x: auto; margin: 0; padding: 0.75rem; line-height: 1.45; font-size: 0.85rem; }
.highlight a { text-decoration: none; }
.highlight .linenos { color: #636c76; user-select: none; }
html.light .highlight :is(.c, .c1, .ch, .cm, .cs, .sd) { color: #57606a; }
html.dark { color-scheme: dark; }
html.dark body { background: #161923; color: #d6dde6; }
html.dark a { color: #8ab4f8; }
html.dark .highlight { border-color: #3a4152; }
html.dark .highlight .linenos { color: #9aa4b2; }
@media print {
.highlight pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.highlight .linenos { display: none; }
html.dark { color-scheme: light; }
html.dark body { background: #fff; color: #000; }
html.dark a { color: #0b57a4; }
html.dark .highlight, html.dark .highlight * { background: #fff; color: #000; }
}
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


def write(root: Path, wanted: set[str], folder: Path, bodies: Mapping[str, str] | None = None) -> None:
    """Writes a page for each wanted file; a folder's page lists what is in it, and those get pages too.

    `bodies` has the HTML for files that are to be shown in another way than as they are.
    """
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
            body = f"<h1>{html.escape(path)}</h1>\n<ul>{''.join(items)}</ul>"
        elif bodies and path in bodies:
            body = bodies[path]
        else:
            body = f"<h1>{html.escape(path)}</h1>\n{_content(file, path)}"
        target = folder / _page_of(file, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        up = posixpath.relpath(".", posixpath.dirname(f"source/{_page_of(file, path)}")) + "/"
        trail = " / ".join(map(html.escape, path.split("/")))
        target.write_text(PAGE.format(title=html.escape(path), up=up, trail=trail, body=body), encoding="utf-8")
    if done:
        light = HtmlFormatter(style=LIGHT).get_style_defs("html.light .highlight")
        dark = HtmlFormatter(style=DARK).get_style_defs("html.dark .highlight")
        (folder / "style.css").write_text(f"{light}\n{dark}\n{SHEET}", encoding="utf-8")


def _content(file: Path, path: str) -> str:
    try:
        return coloured(file.read_text(encoding="utf-8"), path)
    except UnicodeDecodeError:
        return f"<p>{file.stat().st_size} bytes that are not text.</p>"


def coloured(text: str, path: str) -> str:
    """A source as HTML, in colours and with numbers that can be linked to."""
    try:
        lexer = get_lexer_for_filename(path)
    except ClassNotFound:
        lexer = TextLexer()
    shown = highlight(text, lexer, HtmlFormatter(linenos="inline", lineanchors="L", anchorlinenos=True))
    # Long lines scroll, with the keyboard too.
    return shown.replace("<pre>", f'<pre tabindex="0" role="region" aria-label="{html.escape(path)}">', 1)


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
        foreign_loads = (load for load in page.loads if re.match(r"(\w+:)?//", load))
        faults += [f"{file.relative_to(site)}: '{load}' is loaded from elsewhere" for load in foreign_loads]
    for file in site.rglob("*.css"):
        text = file.read_text(encoding="utf-8")
        for load in re.findall(r"(?:url\(|@import\s)\s*['\"]?((?:https?:)?//[^'\")\s]+)", text):
            faults.append(f"{file.relative_to(site)}: '{load}' is loaded from elsewhere")
    return faults
