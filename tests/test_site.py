"""The course's own site, whole, in a real browser: wide, narrow, light, dark, on paper, and by keyboard alone."""

from __future__ import annotations

import html
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from browsing import ROOT, opened, serving
from workbook import book_exercises, book_sources, notebook
from workbook import course as courses

COURSE = courses.load(ROOT)

# One page of each kind.
KINDS = (
    "index.html",
    "01_ownership/index.html",
    "01_ownership/exercises.html",
    "01_ownership/notebook.html",
    "01_ownership/notebook_copies.html",
    "01_ownership/quiz.html",
    "source/solutions/01_ownership/borrow_sum.rs.html",
    "source/chapters/01_ownership/checks/borrow_sum.rs.html",
    "404.html",
)


def serious(page: Page, *rules: str) -> list[str]:
    """What axe-core finds on a page that keeps people from using it, by all of its rules or by some."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": [*rules]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{page.url}: {fault['id']}: {node['html'][:200]}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def fits(page: Page) -> bool:
    """A page wider than its window would have to be moved to and fro to be read."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_every_page_of_the_course_opens_without_fault(real_site, browser):
    assert book_sources.foreign(real_site) == []
    pages = [file.relative_to(real_site).as_posix() for file in sorted(real_site.rglob("*.html"))]
    assert len(pages) > 100
    # toc.html stands inside other pages, and only where a browser runs no scripts.
    pages.remove("toc.html")
    for width in (1280, 380):
        with serving(real_site) as address, opened(browser, width=width) as page:
            # The pages of sources are alike, and what fits on a phone fits.
            for name in (name for name in pages if width == 380 or not name.startswith("source/")):
                page.goto(f"{address}{name}")
                assert page.title(), name
                assert fits(page), f"{name}, {width} pixels wide"
                if page.locator(".quiz-placeholder").count():
                    page.get_by_role("button", name="Start").wait_for()


@pytest.mark.parametrize("width", [1280, 380])
def test_no_kind_of_page_keeps_anybody_out(real_site, browser, width):
    faults: list[str] = []
    with serving(real_site) as address, opened(browser, width=width) as page:
        for name in KINDS:
            page.goto(f"{address}{name}")
            faults += serious(page)
        for show in (asked, searched, unfolded):
            show(page, address)
            faults += serious(page)
    assert faults == []


def test_every_kind_of_page_can_be_read_in_the_dark(real_site, browser):
    """Only the colours are others there, so only they are looked at."""
    faults: list[str] = []
    rules = ("color-contrast", "link-in-text-block")
    with serving(real_site) as address, opened(browser, dark=True) as page:
        for name in KINDS:
            page.goto(f"{address}{name}")
            faults += serious(page, *rules)
        for show in (asked, searched, unfolded):
            show(page, address)
            faults += serious(page, *rules)
    assert faults == []


# What is only there after a click.


def asked(page: Page, address: str) -> None:
    page.goto(f"{address}01_ownership/quiz.html")
    page.get_by_role("button", name="Start").click()
    page.get_by_role("heading", name="Question 1").wait_for()
    # A program that is too wide is made reachable a moment later.
    page.wait_for_function(
        "[...document.querySelectorAll('pre.line-numbers')]"
        ".every(box => box.scrollWidth <= box.clientWidth || box.tabIndex === 0)"
    )


def searched(page: Page, address: str) -> None:
    page.goto(f"{address}index.html?search=borrow")
    page.locator("#mdbook-searchresults li").first.wait_for()


def unfolded(page: Page, address: str) -> None:
    """A hint, the table of contents where it is not open, and the choice of colours."""
    page.goto(f"{address}01_ownership/exercises.html")
    page.locator("summary").first.click()
    if not page.locator("#mdbook-sidebar").is_visible():
        page.get_by_label("Toggle Table of Contents").click()
        page.locator("#mdbook-sidebar").wait_for()
    page.get_by_label("Change theme").click()


def test_the_keyboard_alone_is_enough(real_site, browser):
    with serving(real_site) as address, opened(browser, width=380) as page:

        def focused(words: str) -> bool:
            return bool(page.evaluate(f"document.activeElement.matches({words!r})"))

        def tab_to(words: str, *, most: int = 40) -> None:
            for _ in range(most):
                page.keyboard.press("Tab")
                if focused(words):
                    return
            pytest.fail(f"{most} tabs do not reach '{words}'")

        page.goto(f"{address}01_ownership/exercises.html")
        page.keyboard.press("Tab")
        assert focused(".skip")
        # It is seen when it is needed.
        assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
        tab_to("#mdbook-sidebar-toggle")
        page.keyboard.press("Enter")
        page.locator("#mdbook-sidebar").wait_for()
        page.keyboard.press("Space")
        page.locator("#mdbook-sidebar").wait_for(state="hidden")
        tab_to("#mdbook-theme-toggle")
        page.keyboard.press("Enter")
        for _ in range(2):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert page.evaluate("document.documentElement.classList.contains('navy')")

        page.goto(f"{address}01_ownership/exercises.html")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        tab_to("summary")
        page.keyboard.press("Enter")
        page.locator("details[open]").first.wait_for()
        assert page.locator("details[open]").count() == 1

        page.keyboard.press("/")
        page.keyboard.type("append_key")
        page.locator("#mdbook-searchresults li").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/01_ownership/**highlight=append_key**")

        page.goto(f"{address}01_ownership/quiz.html")
        page.get_by_role("button", name="Start").wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        tab_to("main button")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Question 1").wait_for()
        tab_to("main input[type=radio]")
        page.keyboard.press("Space")
        tab_to("main [type=submit]")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Question 2").wait_for()


def test_it_can_be_printed(real_site, browser):
    with serving(real_site) as address, opened(browser, width=700, dark=True) as page:
        page.emulate_media(media="print")
        for name in KINDS:
            page.goto(f"{address}{name}")
            assert fits(page), name
            assert (
                page.locator("#mdbook-menu-bar, #mdbook-sidebar, .nav-chapters").locator("visible=true").count() == 0
            ), name
            # The ink is dark, and the paper does not scroll.
            for words in ("main p", "main code"):
                inks = page.locator(words).evaluate_all(
                    "all => [...new Set(all.map(one => getComputedStyle(one).color))]"
                )
                assert all(max(map(int, re.findall(r"\d+", ink))) < 128 for ink in inks), (name, inks)
            wide = page.evaluate(
                "[...document.querySelectorAll('pre, pre > code')].some(box => box.scrollWidth > box.clientWidth + 1)"
            )
            assert not wide, name
            assert page.pdf().startswith(b"%PDF"), name


def test_the_first_page_leads_to_all_of_the_course(real_site):
    start = (real_site / "index.html").read_text(encoding="utf-8")
    for chapter in COURSE.chapters:
        assert f'<a href="{chapter.name}/index.html">{html.escape(chapter.title)}</a>' in start
        assert html.escape(chapter.summary, quote=False) in start
        pages = [page.name for page in real_site.glob(f"{chapter.name}/*.html") if not page.name.startswith("index")]
        assert {"exercises.html", "quiz.html"} <= {*pages}
        for page in pages:
            if page.startswith(("exercises", "notebook", "quiz")):
                assert f'href="{chapter.name}/{page}"' in start


def test_every_exercise_has_its_place(real_site):
    for chapter in COURSE.chapters:
        page = (real_site / chapter.name / "exercises.html").read_text(encoding="utf-8")
        assert re.findall(r'<h2 id="(\w+)">', page) == [item.name for item in chapter.exercises]
        assert page.count("<details>") == 3 * len(chapter.exercises)
        lesson = (real_site / chapter.name / "index.html").read_text(encoding="utf-8")
        assert re.findall(r"<strong>Exercise</strong> <a href=\"exercises.html#(\w+)\"", lesson) == [
            item.name for item in chapter.exercises
        ]


def test_the_search_does_not_show_what_is_folded(real_site):
    (index,) = real_site.glob("searchindex*.js")

    def letters(text: str) -> str:
        """The index has its own way with spaces, quotes and code."""
        return re.sub(r"\W+", "", text)

    said = letters(index.read_text(encoding="utf-8"))
    for item in COURSE.exercises:
        page = letters(re.sub(r"<[^>]+>", "", (real_site / item.chapter / "exercises.html").read_text("utf-8")))
        assert letters(item.title) in said
        # A hint that is hardly more than a line of code may well stand elsewhere, too.
        for hint in (hint for hint in item.hints if len(letters(hint)) > 60):
            assert letters(html.escape(hint, quote=False)) in page
            assert letters(hint) not in said, hint


@pytest.mark.parametrize("item", notebook.load(COURSE), ids=lambda item: item.name)
def test_every_notebook_is_shown_with_what_it_prints(real_site, item):
    chapter = notebook.chapter_of(COURSE, item.name)
    outputs = notebook.stored_outputs(COURSE, item)
    assert chapter
    assert outputs
    name = book_exercises.notebook_page(chapter, item).removesuffix(".md")
    page = (real_site / chapter.name / f"{name}.html").read_text(encoding="utf-8")
    # mdBook shows each picture twice: as large as the page, and, on a click, as large as the window.
    pictures = set(re.findall(r'<img src="([^"]+)" alt="What this cell draws[^"]*"', page))
    text = html.unescape(re.sub(r"<[^>]+>", "", page))
    for cell, said in zip(item.code, outputs, strict=True):
        for line in notebook.text_of(said).splitlines():
            # A picture's text is for those who cannot see it, and the page has a better one.
            assert line in text or line.startswith("<Figure"), line
        if cell.turn:
            assert item.master(cell).starter().strip() in text
    drawn = [
        output for said in outputs for output in said if {"image/png", "image/svg+xml"} & {*output.get("data", {})}
    ]
    assert len(pictures) == len(drawn)
    assert all((real_site / chapter.name / picture).is_file() for picture in pictures)


def test_a_folder_of_the_site_can_be_moved(real_site):
    """The public site stands in a folder of its host, so nothing may ask for the host's root."""
    for file in real_site.rglob("*.html"):
        if file.name != "404.html":
            assert not re.search(r"(?:href|src)=[\"']/", file.read_text(encoding="utf-8")), file
