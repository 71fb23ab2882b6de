"""Chapter 16's modules and pages: built by one command, and used as a reader uses them, in a real browser."""

from __future__ import annotations

import functools
import http.server
import json
import math
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from browsing import opened
from workbook import book, cargo, node, wasm
from workbook import course as courses
from workbook.course import Course

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = [
    "How do I share weights between threads without copying them?",
    "Why can I not use a tensor after I gave it away?",
    "What does a question mark do with an error?",
    "How are the bytes of a GGUF file laid out?",
    "What is the difference between static and dynamic dispatch?",
    "How do I let go of Python's interpreter lock?",
    "How does byte pair encoding choose what to merge?",
    "Which number of clusters is right?",
    "Read a Parquet file that is larger than memory",
    "How do I save and load the weights of a network?",
]


@pytest.fixture(scope="module")
def course() -> Course:
    return courses.load(ROOT)


@pytest.fixture(scope="module")
def site(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course's site, with the demonstrations in it."""
    wasm.build(course)
    place = tmp_path_factory.mktemp("wasm") / "site"
    assert book.build(course, place) == []
    return place


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    handler = functools.partial(book.Handler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{wasm.CHAPTER}/web/"
        server.shutdown()


@pytest.fixture(scope="module")
def native(site: Path) -> list[dict[str, Any]]:
    """What the encoders say of each question on this machine."""
    data = site / wasm.CHAPTER / "web" / "data"
    command = [cargo.cargo(), "run", "--locked", "--quiet", "-p", wasm.CRATE, "--example", "encode"]
    command += ["--", str(data), "5"]
    done = subprocess.run(command, cwd=ROOT, input="\n".join(QUESTIONS), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def cosine(a: list[float], b: list[float]) -> float:
    product = math.fsum(x * y for x, y in zip(a, b, strict=True))
    return product / math.sqrt(math.fsum(x * x for x in a) * math.fsum(y * y for y in b))


# The modules


def test_a_page_loads_little(site):
    found = {size.name: size for size in wasm.sizes(site / wasm.CHAPTER / "web")}
    for name, most in (("digits", 250_000), ("encoder", 1_900_000)):
        module = found[f"pkg/{name}/{wasm.CRATE}_bg.wasm"]
        assert module.bytes < most, f"{name}: {module.bytes} bytes"
    assert found["data/minilm.safetensors"].bytes < 24_000_000


def test_what_javascript_sees_is_typed_and_explained(course):
    types = (wasm.module(course, "encoder") / f"{wasm.CRATE}.d.ts").read_text(encoding="utf-8")
    for line in (
        "constructor(input_size: number, output_size: number);",
        "predict(input: Float32Array | number[]): Float32Array;",
        "load_weights(weights: Float32Array | number[]): void;",
        "export function cosine_similarity_wasm(a: Float32Array | number[], b: Float32Array | number[]): number;",
        "encode(text: string): Float32Array;",
        "readonly rows: Uint32Array;",
    ):
        assert line in types, line
    # What may be thrown stands above each function that may throw.
    assert types.count("@throws {Error}") >= 8


@pytest.fixture(scope="module")
def in_node(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The module without the encoder, as Node loads it."""
    wasm.build(course)
    route = wasm.ensure_route()
    built = wasm.cache() / f"build-{route.name}-digits" / wasm.TARGET / "wasm" / f"{wasm.CRATE}.wasm"
    if not built.exists():
        command = [route.cargo, "build", "--locked", "-p", wasm.CRATE, "--lib", "--profile", "wasm"]
        command += ["--target", wasm.TARGET, *wasm.MODULES["digits"], *route.flags]
        wasm._run([*command, "--target-dir", str(built.parents[2])], ROOT, route.env)
    place = tmp_path_factory.mktemp("node")
    wasm.for_node(built, "digits", place)
    return place


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("new module.MiniModel(0, 10)", "a model needs at least one input and one output, not 0 and 10"),
        ("new module.MiniModel(65536, 65536)", "65536 x 65536 numbers do not fit into a page's memory of 4 GB"),
        ("new module.MiniModel(3, 2).predict(new Float32Array(4))", "the model takes 3 numbers, and was given 4"),
        (
            "new module.MiniModel(3, 2).load_weights(new Float32Array(5))",
            "a model of 3 inputs and 2 outputs has 6 weights, and was given 5",
        ),
        (
            "module.cosine_similarity_wasm(new Float32Array(2), new Float32Array(3))",
            "vectors of 2 and 3 numbers cannot be compared",
        ),
        ("new module.EmbeddingIndex(0, new Float32Array(3))", "3 numbers are no whole rows of 0"),
        ("new module.DigitReader(new TextEncoder().encode('<!DOCTYPE html>'))", "the weights cannot be used: "),
    ],
)
def test_a_wrong_call_is_an_error_that_says_what_was_wrong(in_node, monkeypatch, body, said):
    monkeypatch.syspath_prepend(str(in_node))
    module = node.Module("digits")
    with pytest.raises(node.JavaScriptError, match=f"^Error: {re.escape(said)}"):
        module.run(f"return {body};")


def test_a_model_answers_in_node(in_node, monkeypatch):
    monkeypatch.syspath_prepend(str(in_node))
    module = node.Module("digits", "MiniModel", "cosine_similarity_wasm")
    first = "return new module.MiniModel(128, 10).predict(new Float32Array(128).fill(0.5));"
    assert module.run(first) == pytest.approx([0.64] * 10)
    # Without a copy: a view on the module's memory, in and out.
    assert module.run("""
        const model = new module.MiniModel(2, 2);
        model.load_weights(new Float32Array([1, 2, -3, -4]));
        const view = (pointer, length) => new Float32Array(module.__wasm.memory.buffer, pointer, length);
        view(model.input_pointer(), 2).set([10, 1]);
        model.run();
        return view(model.output_pointer(), 2);
    """) == [12, 0]
    assert module.run(
        "return module.cosine_similarity_wasm(new Float32Array([3, 4]), new Float32Array([4, 3]));"
    ) == pytest.approx(0.96)


# The pages


def visit(page: Page, address: str) -> None:
    """Opens a page, with patience: a busy machine takes its time, and no test here is about time."""
    page.set_default_timeout(180_000)
    page.goto(address)


def by_mouse(page: Page, *points: tuple[float, float]) -> None:
    """Draws a line through points in the canvas, each between 0 and 1."""
    box = page.locator("canvas").bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


RING = [(0.5 + 0.2 * math.sin(turn / 4), 0.5 - 0.3 * math.cos(turn / 4)) for turn in range(26)]
SEVEN = [(0.28, 0.22), (0.72, 0.22), (0.45, 0.82)]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_digit_is_drawn_and_read(address, browser, width):
    with opened(browser, width=width) as page:
        visit(page, f"{address}digit.html")
        page.get_by_text("Ready: draw a digit.").wait_for()
        for digit, line in ((0, RING), (7, SEVEN)):
            by_mouse(page, *line)
            page.get_by_text(f"This looks like a {digit}").wait_for()
            shares = [float(text) for text in page.locator("tbody td:last-child").all_inner_texts()]
            assert len(shares) == 10
            assert sum(shares) == pytest.approx(100, abs=0.6)
            assert max(shares) == shares[digit] > 50
            page.get_by_role("button", name="Clear").click()
            page.get_by_text("Ready: draw a digit.").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_digit_is_drawn_by_keyboard(address, browser):
    with opened(browser) as page:
        visit(page, f"{address}digit.html")
        page.get_by_text("Ready: draw a digit.").wait_for()
        # From the beginning of the page: the link, then the drawing.
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "CANVAS"
        page.keyboard.press("Space")
        page.get_by_text("Pen down.").wait_for()
        for _ in range(16):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        page.get_by_text("This looks like a 1").wait_for()
        page.keyboard.press("Delete")
        page.get_by_text("Ready: draw a digit.").wait_for()


def start(page: Page, address: str) -> list[str]:
    """Opens the search and loads its model; returns the list to which every request from then on is added."""
    visit(page, f"{address}search.html")
    page.get_by_role("button", name="Load the model").click()
    page.get_by_text("Ready after").wait_for()
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    return asked


def test_questions_are_answered_in_the_page_as_natively(address, browser, native, site):
    passages = json.loads((site / wasm.CHAPTER / "web/data/passages.json").read_text(encoding="utf-8"))
    with opened(browser) as page:
        asked = start(page, address)
        # The field has the focus: one may type at once.
        for number, (question, known) in enumerate(zip(QUESTIONS, native, strict=True)):
            page.keyboard.press("Control+a")
            page.keyboard.type(question)
            page.keyboard.press("Enter")
            page.get_by_text(re.compile(r"^5 passages, in \d+ ms\.$")).wait_for()
            page.wait_for_function(f"document.querySelectorAll('#hits li').length === 5 && {number} >= 0")
            texts = page.locator("#hits li p:nth-child(2)").all_inner_texts()
            shown = [next(row for row, passage in enumerate(passages) if passage["text"] == text) for text in texts]
            scores = [float(text) for text in page.locator("#hits .soft").all_inner_texts()]
            # Eight bits move a score by less than this; passages that are so near to each other may change places.
            for row, score, best in zip(shown, scores, known["scores"], strict=True):
                assert score == pytest.approx(best, abs=0.015), question
                assert row in known["rows"] or best - known["scores"][-1] < 0.015, question
            assert shown[0] == known["rows"][0] or known["scores"][0] - known["scores"][1] < 0.015, question
        assert asked == []
        page.locator("#hits a").first.click()
        page.wait_for_url(re.compile(r"/\d\d_\w+/index\.html#"))


def test_the_encoder_loses_little(native):
    cosines = [cosine(entry["full"], entry["small"]) for entry in native]
    assert min(cosines) > 0.99, cosines


def test_the_browser_keeps_the_model(address, browser):
    with opened(browser) as page:
        start(page, address)
        asked: list[str] = []
        page.context.on("request", lambda request: asked.append(request.url))
        page.reload()
        # Nothing to click: there is nothing to fetch.
        page.get_by_text("Ready after").wait_for()
        assert [url for url in asked if "data/" in url or url.endswith(".wasm")] == []
        kept = page.evaluate("caches.open('rust-ai-wasm').then((box) => box.keys()).then((keys) => keys.length)")
        assert kept == 5


def test_the_page_is_free_while_the_worker_computes(address, browser):
    with opened(browser) as page:
        start(page, address)
        # Each long question takes the worker a while; the page counts its own frames meanwhile.
        frames = page.evaluate("""async () => {
            const field = document.getElementById("question");
            field.value = "weights ".repeat(120);
            document.getElementById("ask").requestSubmit();
            let frames = 0;
            while (document.getElementById("status").textContent.startsWith("Searching")) {
                await new Promise((done) => setTimeout(done, 1));
                frames += 1;
            }
            return frames;
        }""")
        assert frames >= 3


def test_an_older_answer_is_not_shown(address, browser):
    with opened(browser) as page:
        start(page, address)
        page.evaluate("""() => {
            globalThis.shown = 0;
            const count = new MutationObserver(() => (globalThis.shown += 1));
            count.observe(document.getElementById("hits"), { childList: true });
            const field = document.getElementById("question");
            for (const text of ["weights ".repeat(120), "What is a lifetime?", "How is a quantised Llama run?"]) {
                field.value = text;
                document.getElementById("ask").requestSubmit();
            }
        }""")
        # The worker answers in order: with the newest answer, the two before it have come, too.
        page.locator("#hits a").first.get_by_text("Llama").wait_for()
        assert page.evaluate("globalThis.shown") == 1


def test_a_file_that_is_missing_is_told(site, tmp_path, browser):
    broken = tmp_path / "broken"
    shutil.copytree(site / wasm.CHAPTER / "web", broken)
    (broken / "data/pieces.txt").unlink()
    handler = functools.partial(book.Handler, directory=str(broken))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page()
        visit(page, f"http://127.0.0.1:{server.server_port}/search.html")
        page.get_by_role("button", name="Load the model").click()
        page.get_by_text("That did not work: data/pieces.txt: the server says 404").wait_for()
        assert page.get_by_role("button", name="Load the model").is_enabled()
        page.close()
        server.shutdown()


@pytest.mark.parametrize("name", ["digit.html", "search.html"])
def test_a_page_follows_the_books_theme(address, browser, name):
    with opened(browser) as page:
        visit(page, f"{address}{name}")
        page.evaluate("localStorage.setItem('mdbook-theme', 'navy')")
        page.reload()
        page.wait_for_function("document.documentElement.classList.contains('dark')")
        page.evaluate("localStorage.setItem('mdbook-theme', 'light')")
        page.reload()
        page.wait_for_function("!document.documentElement.classList.contains('dark')")


# The build


def test_every_passage_has_its_place_in_the_site(site):
    for passage in json.loads((site / wasm.CHAPTER / "web/data/passages.json").read_text(encoding="utf-8")):
        page, _, anchor = passage["href"].partition("#")
        assert f'id="{anchor}"' in (site / page).read_text(encoding="utf-8"), passage["href"]


def test_pages_without_a_module_say_so(tmp_path, browser):
    own = tmp_path / "chapters" / wasm.CHAPTER
    shutil.copytree(ROOT / "chapters" / wasm.CHAPTER / "web", own / "web")
    for file in ("Cargo.lock", ".cargo/config.toml"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / file, tmp_path / file)
    course = Course(root=tmp_path, chapters=())
    place = wasm.pages(course)
    assert place
    for name in ("digit.html", "search.html"):
        page = browser.new_page()
        page.goto((place / name).as_uri())
        assert "'python3 workbook wasm' builds it" in page.inner_text("main")
        page.close()
    shutil.rmtree(own)
    assert wasm.pages(course) is None


def test_without_a_compiler_the_way_to_one_is_told(monkeypatch):
    monkeypatch.setattr(wasm, "find_route", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    wasm.ensure_route.cache_clear()
    with pytest.raises(wasm.WasmError, match="'rustup target add wasm32-unknown-unknown' gets it; on Debian and"):
        wasm.ensure_route()
    wasm.ensure_route.cache_clear()


def test_built_pages_are_not_built_again(course, site, monkeypatch):
    def built_again(*arguments: object) -> Path:
        pytest.fail("something was built again")

    monkeypatch.setattr(wasm, "module", built_again)
    assert wasm.build(course) == wasm.folder(course) / "pages"
