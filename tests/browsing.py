"""The site in a real browser: built once, served on this machine, and opened so that no fault goes unseen."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

from workbook import book, tools

ROOT = Path(__file__).resolve().parents[1]

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextlib.contextmanager
def launched() -> Iterator[Browser]:
    chromium = tools.chromium()
    assert chromium, "These tests need Chromium on the PATH: on Debian, 'apt-get install chromium'."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield started
        started.close()


@contextlib.contextmanager
def serving(site: Path) -> Iterator[str]:
    handler = functools.partial(book.Handler, directory=str(site))
    with book.Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextlib.contextmanager
def opened(browser: Browser, *, width: int = 1280, dark: bool = False) -> Iterator[Page]:
    """A page on which no error may be logged, no request fail, and nothing be asked of another host."""
    faults: list[str] = []

    def said(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            faults.append(message.text)

    def answered(response: Response) -> None:
        if response.status >= 400:
            faults.append(f"{response.status}: {response.url}")

    def asked(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            faults.append(f"asked {request.url}")

    def failed(request: Request) -> None:
        # A page that is left while its icon loads has not failed.
        if "ERR_ABORTED" not in (request.failure or ""):
            faults.append(f"failed: {request.url}")

    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light")
    # A busy machine is slow, and not wrong.
    page.set_default_timeout(180_000)
    page.on("console", said)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", answered)
    page.on("request", asked)
    page.on("requestfailed", failed)
    yield page
    page.close()
    assert faults == []
