"""`workbook claims`: what the field claims for Rust, measured on this machine.

A chapter's `claims.toml` says what is claimed and which two programs decide (`claim.py`); `measure.py` runs them. That
a claim does not hold here is a result. That it can no longer be measured is a fault.
"""

from __future__ import annotations

import difflib
import json
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from workbook import claims_report, show
from workbook.claim import Claim, load
from workbook.course import Course, UnknownName
from workbook.measure import Measurement, Store, build, measure, read, surroundings
from workbook.show import Screen

RUNS = 7
QUICK_RUNS = 3


def main(
    course: Course,
    names: Sequence[str],
    as_json: bool,
    *,
    only_list: bool = False,
    quick: bool = False,
    only_report: bool = False,
    out: Path | None = None,
    plain: bool = False,
) -> int:
    """Measures claims, by default all. Returns 0, 1 when one could not be measured, 130 when interrupted."""
    known = load(course)
    chosen = _chosen(known, names)
    screen = Screen(plain=plain)
    if only_list:
        return _list(screen, course, chosen, as_json)
    if only_report:
        return _report(course, known, out)
    store = Store(course, chosen, runs=QUICK_RUNS if quick else RUNS, kept=not quick)
    about = surroundings(course)
    results: list[Measurement] = []

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    try:
        commands = build(course, chosen, say, quick=quick)
        with _Bar(store.runs, len(chosen), plain=plain or as_json) as bar:
            for claim in chosen:
                results.append(measure(claim, commands, store, bar.advance, about, say))
                if not as_json:
                    bar.show(lambda: screen.print(*_shown(screen, results[-1])))
    except KeyboardInterrupt:
        going = "'python3 workbook claims' with the same names goes on" if store.kept else "--quick keeps nothing"
        show.error(f"Stopped: {len(results)} of {len(chosen)} claims are measured; {going}.")
        return 130
    store.finish()
    if as_json:
        print(json.dumps({**about, "claims": [result.to_json() for result in results]}, indent=2, ensure_ascii=False))
    else:
        screen.print("", *_shown_surroundings(about))
    if not quick and any(result.state in ("holds", "not_so_here") for result in results):
        _report(course, known, out)
    return 1 if any(result.state == "not_measured" for result in results) else 0


def _report(course: Course, known: Sequence[Claim], out: Path | None) -> int:
    folder = out or course.root / ".workbook" / "claims" / "report"
    count = claims_report.write(course, known, folder, amount)
    # Not on standard output, where JSON may be read.
    print(f"The report of {count} claims: {folder / claims_report.REPORT}", file=sys.stderr)
    return 0


def _chosen(known: list[Claim], names: Sequence[str]) -> list[Claim]:
    by_name = {claim.name: claim for claim in known}
    for name in names:
        if name not in by_name:
            near = difflib.get_close_matches(name, by_name, n=3, cutoff=0.5)
            advice = f" Did you mean {' or '.join(near)}?" if near else ""
            raise UnknownName(f"There is no claim '{name}'.{advice} 'python3 workbook claims --list' shows them all.")
    return [by_name[name] for name in dict.fromkeys(names)] or known


def _list(screen: Screen, course: Course, claims: Sequence[Claim], as_json: bool) -> int:
    if as_json:
        data = [{"chapter": claim.chapter.name, **claim.model.model_dump()} for claim in claims]
        print(json.dumps(data, indent=2, ensure_ascii=False))
        return 0
    for claim in claims:
        last = read(course.root / ".workbook" / "claims" / f"{claim.name}.json")
        known = (
            f"{_WORDS[last['state']]} ({str(last.get('date'))[:10]})"
            if last.get("state") in _WORDS
            else "not measured yet"
        )
        screen.print(
            f"{screen.paint(claim.name, 'bold')}  {claim.chapter.name}, {known}", screen.wrap(claim.model.says)
        )
    return 0


_WORDS = {
    "holds": "holds here",
    "not_so_here": "not so here",
    "not_measured": "COULD NOT BE MEASURED",
    "other_system": "not on this system",
    "looked_at": "can be measured; not run by --quick",
}
_COLOURS = {"holds": "green", "not_so_here": "yellow", "not_measured": "red", "other_system": "dim", "looked_at": "dim"}


def _shown(screen: Screen, result: Measurement) -> Iterator[str]:
    model, state = result.claim.model, result.state or "not_measured"
    yield ""
    yield f"{screen.paint(model.name, 'bold')}: {screen.paint(_WORDS[state], _COLOURS[state])}"
    yield screen.wrap(model.says)
    if result.why:
        yield screen.wrap(f"{result.why}.")
    if state in ("holds", "not_so_here"):
        width = max(len(side.label) for side in result.claim.sides)
        for side, figures in zip(result.claim.sides, result.figures, strict=True):
            low, middle = amount(min(figures), model.unit), amount(statistics.median(figures), model.unit)
            yield f"  {side.label:<{width}}  median {middle:>9}   minimum {low:>9}"
        ratio = claims_report.ratio_of(result.ratio)
        claimed = f"claimed: at least {model.at_least:,g}"
        yield f"  ratio of the medians {ratio}; {claimed}; {result.runs} runs each, outputs agree"
    if model.note:
        yield screen.wrap(model.note)


def amount(value: float, unit: str) -> str:
    """A figure in the unit that people would use: `33.7 ms`, `268 MB`."""
    steps = {
        "ns": (("ns", 1e3), ("µs", 1e3), ("ms", 1e3), ("s", 0)),
        "bytes": (("B", 1e3), ("kB", 1e3), ("MB", 1e3), ("GB", 0)),
    }
    for name, step in steps.get(unit, ((unit, 0),)):
        if not step or value < step:
            return f"{value:.3g} {name}" if value < 1e4 else f"{value:,.0f} {name}"
        value /= step
    raise AssertionError("every list ends with a step of 0")


def _shown_surroundings(about: dict[str, Any]) -> Iterator[str]:
    machine, versions = about["machine"], about["versions"]
    processor, cores, load = machine["processor"] or machine["architecture"], machine["cores"], machine["load"]
    yield f"{about['date'][:10]}; {processor}, {cores} cores; {machine['system']}"
    yield f"{versions['rust']}; {versions['python']}"
    if load and cores and load[0] > cores / 2:
        yield f"The machine was busy (load {load[0]} on {cores} cores): the minimum tells more than the median."
    for name, value in about["environment"].items():
        yield f"{name}={value} was set."


class _Bar:
    """A bar on standard error where somebody watches; nothing elsewhere."""

    def __init__(self, runs: int, claims: int, *, plain: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(stderr=True)
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn())
        self.bar = Progress(*columns, console=console, transient=True, disable=plain or not console.is_terminal)
        self.task = self.bar.add_task("", total=2 * runs * claims)

    def __enter__(self) -> _Bar:
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bar.stop()

    def advance(self, name: str, steps: int) -> None:
        self.bar.update(self.task, advance=steps, description=name)

    def show(self, write: Callable[[], None]) -> None:
        """Writes something lasting where the bar is; the bar comes back with its next step."""
        self.bar.stop()
        write()
        self.bar.start()
