"""`lab` as a learner sees it: JupyterLab in a real browser, a notebook of each kernel. The step `notebooks` runs it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browsing import launched
from conftest import new_clone
from workbook import tools

START_WAIT = 180.0
RUN_WAIT = 400.0
"""Seconds for all cells: the first one in Rust builds its chapter's crate."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_clone(tmp_path_factory.mktemp("lab")).root


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    """A lab that runs, on a clone, with the kernels of this environment; its address with the token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    log = root / "lab.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "workbook", "lab", "03_traits_curves", "--no-browser", "--port", port],
            # The clone's path has a blank, so evcxr builds in the cache: not in this user's.
            env={
                **os.environ,
                "WORKBOOK_ROOT": str(root),
                "RUST_FOR_AI_TOOLS": str(tools.folder()),
                "XDG_CACHE_HOME": str(root.parent / "cache"),
            },
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + START_WAIT
        found = None
        while not found:
            assert process.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.2)
            found = re.search(r"http://127\.0\.0\.1\S+token=\w+", log.read_text())
        yield found[0]
        # What a terminal sends for Ctrl-C; kernels and all have to be gone after it.
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0, log.read_text()
        end = time.monotonic() + 30
        while started_by(root):
            assert time.monotonic() < end, started_by(root)
            time.sleep(0.2)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def started_by(root: Path) -> list[str]:
    """The commands of all processes that run for the lab of this clone."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if f"WORKBOOK_ROOT={root}\0".encode() in (folder / "environ").read_bytes():
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # It has ended, or is somebody else's.
    return found


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with launched() as browser:
        # High enough for a whole notebook: JupyterLab draws only those cells that can be seen.
        yield browser.new_page(viewport={"width": 1400, "height": 9000})


def run_all(page: Page, address: str, name: str) -> None:
    """Opens a notebook in a lab of its own and runs all its cells."""
    page.goto(address.replace("/lab/tree/", f"/lab/workspaces/{name}/tree/").replace("03_traits_curves", name))
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=120_000)
    # Whoever runs cells before their kernel has started is asked which kernel they want.
    sessions = re.sub(r"/lab/tree/[^?]*", "/api/sessions", address)
    end = time.monotonic() + START_WAIT
    while not any(
        session["name"] == f"{name}.ipynb" and session["kernel"]["execution_state"] == "idle"
        for session in page.request.get(sessions).json()
    ):
        assert time.monotonic() < end, f"no kernel for {name}"
        page.wait_for_timeout(500)
    page.get_by_text(" | Idle").wait_for()
    page.wait_for_timeout(1_000)
    # Left of a code cell stands nothing, a star while it runs, then a number.
    waiting = page.locator(".jp-CodeCell .jp-InputPrompt")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    end = time.monotonic() + RUN_WAIT
    while any(not re.search(r"\d", prompt) for prompt in waiting.all_text_contents()):
        assert time.monotonic() < end, waiting.all_text_contents()
        page.wait_for_timeout(500)


def outputs(page: Page) -> str:
    return "\n".join(page.locator(".jp-OutputArea-output").all_inner_texts())


def test_python_draws_what_rust_computes(page: Page, address: str, root: Path) -> None:
    run_all(page, address, "03_traits_curves")
    pictures = page.locator(".jp-RenderedImage img")
    # A cell's number is there before its picture is drawn, long before on a busy machine.
    expect(pictures).to_have_count(3, timeout=60_000)
    assert pictures.first.evaluate("picture => picture.naturalWidth") > 300
    said = outputs(page)
    assert "('relu', 'leaky_relu', 'sigmoid', 'tanh', 'gelu', 'identity')" in said
    assert re.search(r"sigmoid +from +0\.018 to 0\.250", said)
    # The turns are as a learner finds them.
    assert "gelu       within 0.0005: False" in said
    assert page.get_by_text("Expected of central").count() == 1


def test_rust_says_what_is_wrong_and_goes_on(page: Page, address: str) -> None:
    run_all(page, address, "01_ownership")
    said = outputs(page)
    assert "(24, 16)" in said
    assert "borrow of moved value: `layer`" in said
    # Two turns as a learner finds them: one does not compile, one prints what is not expected.
    assert "mismatched types" in said
    assert "the same buffer: false" in said


def test_the_course_is_as_it_was(address: str, root: Path) -> None:
    assert len(list((root / "my_notebooks").glob("*.ipynb"))) == len(list((root / "notebooks").glob("*.ipynb")))
    assert not list((root / "notebooks").glob(".ipynb_checkpoints"))
