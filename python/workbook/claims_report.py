"""What was measured of the claims, as a report: a table, a chart for each, machine and dates, and all of it as JSON.

It is written from `.workbook/claims/`, so claims that were measured in several calls come together; each says when, and
how busy the machine was.
"""

from __future__ import annotations

import html
import json
import math
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from workbook.claim import Claim
from workbook.course import Course, CourseError
from workbook.files import write_atomically
from workbook.measure import read

REPORT, DATA = "README.md", "report.json"

WIDTH, LEFT, RIGHT = 720, 190, 24
ROWS = {"ours": 62, "peer": 104}
AXIS = 136

STYLE = """\
<style>
  text { font: 13px system-ui, sans-serif; fill: #222; }
  .small { font-size: 11px; fill: #666; }
  .ours { fill: #b7410e; stroke: #b7410e; }
  .peer { fill: #3572a5; stroke: #3572a5; }
  .run { fill-opacity: 0.45; stroke: none; }
  .axis, .claimed { stroke: #888; fill: none; }
  .claimed { stroke-dasharray: 4 3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #ddd; } .small { fill: #aaa; }
    .ours { fill: #f08a5d; stroke: #f08a5d; } .peer { fill: #7fb2e5; stroke: #7fb2e5; }
  }
</style>"""


def write(course: Course, claims: Sequence[Claim], folder: Path, amount: Callable[[float, str], str]) -> int:
    """Writes the report of every claim that was measured whole; returns how many those are. Raises `CourseError`."""
    kept = [(claim, read(course.root / ".workbook" / "claims" / f"{claim.name}.json")) for claim in claims]
    found = [data for claim, data in kept if data.get("state") in ("holds", "not_so_here") and _is_of(claim, data)]
    if not found:
        raise CourseError("Nothing was measured yet: 'python3 workbook claims' measures, and then writes the report.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for data in found:
            write_atomically(folder / f"{data['name']}.svg", chart(data, amount))
        write_atomically(folder / DATA, json.dumps({"claims": found}, indent=1, ensure_ascii=False) + "\n")
        write_atomically(folder / REPORT, text(found, amount))
    except OSError as error:
        raise CourseError(f"{folder} cannot be written: {error.strerror or error}.") from None
    return len(found)


def _is_of(claim: Claim, data: dict[str, Any]) -> bool:
    """Whether it is a measurement of the claim as it is said now, and not as it was."""
    return data.get("says") == claim.model.says and data.get("at_least") == claim.model.at_least


def ratio_of(ratio: float | None) -> str:
    """As it is told: with more digits where they decide."""
    if ratio is None:
        return "none (ours is 0)"
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.1f}" if ratio >= 1.95 else f"{ratio:.2f}"


def text(found: Sequence[dict[str, Any]], amount: Callable[[float, str], str]) -> str:
    """The report in Markdown."""
    held = sum(data["state"] == "holds" for data in found)
    lines = [
        "# The claims, measured",
        "",
        "<!-- Written by 'python3 workbook claims'; measure anew instead of changing it. -->",
        "",
        f"{len(found)} claims: {held} hold here, {len(found) - held} do not. Each side ran in fresh processes, in "
        "turn, and what the two computed was compared in every round. A figure is the median of the runs; a ratio is "
        "the peer's median divided by ours.",
        "",
        *_surroundings(found),
        "",
        "| claim | here | ratio | claimed | ours | peer |",
        "|---|---|---|---|---|---|",
    ]
    for data in found:
        sides = []
        for name in ("ours", "peer"):
            sides.append(f"{data[name]['label']}: {amount(data[name]['median'], data['unit'])}")
        verdict = "holds" if data["state"] == "holds" else "**not so**"
        row = [f"[{data['name']}](#{data['name']})", verdict, ratio_of(data["ratio"]), f"{data['at_least']:,g}", *sides]
        lines.append(f"| {' | '.join(row)} |")
    chapter = ""
    for data in found:
        if data["chapter"] != chapter:
            chapter = data["chapter"]
            lines += ["", f"## {chapter}"]
        load = f", load {data['load']:g} on {data['machine']['cores']} cores" if data.get("load") is not None else ""
        if data["machine"].get("first"):
            load += ", of which these went first (`chrt -f`)"
        lines += [
            "",
            f"### {data['name']}",
            "",
            data["says"],
            "",
            f"![{data['ours']['label']} and {data['peer']['label']}]({data['name']}.svg)",
            "",
            f"Said by: {data['source']}",
            "",
            *([data["note"], ""] if data["note"] else []),
            f"{data['runs']} runs each; {data['measured_at'][:16].replace('T', ' ')} UTC{load}. "
            f"`python3 workbook claims {data['name']}`",
        ]
    return "\n".join(lines) + "\n"


def _surroundings(found: Sequence[dict[str, Any]]) -> list[str]:
    """Machine and versions: once where all were measured on one, else each."""
    told: dict[str, list[str]] = {}
    for data in found:
        machine, versions = data["machine"], data["versions"]
        processor = machine["processor"] or machine["architecture"]
        line = f"{processor}, {machine['cores']} cores; {machine['system']}; {versions['rust']}; {versions['python']}."
        told.setdefault(line, []).append(data["name"])
    days = sorted({data["measured_at"][:10] for data in found})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    loads = [data["load"] for data in found if data.get("load") is not None]
    cores = found[0]["machine"]["cores"] or 1
    lines = [f"Measured {when} on: " + " ".join(told)]
    if loads and max(loads) > cores:
        first = sum(bool(data["machine"].get("first")) for data in found)
        lines += [
            "",
            f"**The machine was shared and busy**: up to {max(loads):g} programs wanted {cores} cores (the median over "
            f"the claims: {statistics.median(loads):g}). {_priority(first, len(found))} The runs take turns, so what "
            "is left of it meets both sides. Each claim says its own load; the dots in its chart are the runs.",
        ]
    return lines


def _priority(first: int, all_of_them: int) -> str:
    if not first:
        return "Times are longer than on a quiet one."
    whose = "All of these" if first == all_of_them else f"{first} of these"
    return f"{whose} went before the other programs (`chrt -f`), so times are near those of a quiet machine."


def chart(data: dict[str, Any], amount: Callable[[float, str], str]) -> str:
    """Each run as a dot, the medians as the bars' ends, and where the peer's would have to be for the claim."""
    figures = {name: data[name]["figures"] for name in ROWS}
    medians = {name: data[name]["median"] for name in ROWS}
    claimed = data["at_least"] * medians["ours"]
    everything = [value for values in figures.values() for value in values] + [claimed]
    place, ticks = _scale([value for value in everything if value > 0], everything, log=_wide(medians, claimed))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 170" role="img" width="{WIDTH}">',
        f"<title>{html.escape(data['says'])}</title>",
        STYLE,
        f'<text x="8" y="22" font-weight="600">{html.escape(data["name"])}</text>',
        f'<text x="{WIDTH - RIGHT}" y="22" text-anchor="end">{_verdict(data)}</text>',
    ]
    for name, y in ROWS.items():
        end = place(medians[name])
        shown = amount(medians[name], data["unit"])
        parts += [
            f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{html.escape(data[name]["label"])}</text>',
            f'<rect class="{name}" x="{LEFT}" y="{y - 7}" width="{max(end - LEFT, 1):.1f}" height="14" '
            'fill-opacity="0.3"/>',
            *(f'<circle class="{name} run" cx="{place(value):.1f}" cy="{y}" r="4"/>' for value in figures[name]),
            _label(end, y - 12, shown),
        ]
    x = place(claimed)
    parts += [
        f'<line class="claimed" x1="{x:.1f}" y1="40" x2="{x:.1f}" y2="{AXIS}"/>',
        _label(x, 44, "claimed", "small"),
        f'<line class="axis" x1="{LEFT}" y1="{AXIS}" x2="{WIDTH - RIGHT}" y2="{AXIS}"/>',
    ]
    for tick in ticks:
        at = place(tick)
        parts.append(f'<line class="axis" x1="{at:.1f}" y1="{AXIS}" x2="{at:.1f}" y2="{AXIS + 4}"/>')
        parts.append(
            f'<text class="small" x="{at:.1f}" y="{AXIS + 18}" text-anchor="middle">{amount(tick, data["unit"])}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _verdict(data: dict[str, Any]) -> str:
    word = "holds here" if data["state"] == "holds" else "not so here"
    return f"ratio {ratio_of(data['ratio'])}, claimed {data['at_least']:,g}: {word}"


def _label(x: float, y: float, words: str, kind: str = "") -> str:
    anchor, at = ("end", x - 6) if x > WIDTH - 120 else ("start", x + 6)
    return f'<text class="{kind}" x="{at:.1f}" y="{y}" text-anchor="{anchor}">{html.escape(words)}</text>'


def _wide(medians: dict[str, float], claimed: float) -> bool:
    """Bars on a scale from 0 say nothing where one is a sliver; then each step is a factor of ten."""
    positive = [value for value in (*medians.values(), claimed) if value > 0]
    return len(positive) > 1 and max(positive) / min(positive) > 8


def _scale(
    positive: list[float], everything: list[float], *, log: bool
) -> tuple[Callable[[float], float], list[float]]:
    span = WIDTH - LEFT - RIGHT - 10
    if log:
        first, last = math.floor(math.log10(min(positive)) - 0.1), math.ceil(math.log10(max(positive)) + 0.01)
        steps = range(first, last + 1)

        def place(value: float) -> float:
            return LEFT + span * (math.log10(value) - first) / (last - first) if value > 0 else float(LEFT)

        return place, [10.0**step for step in steps if len(steps) <= 9 or step % 2 == 0]
    top = max(everything) * 1.05 or 1.0
    step = 10.0 ** math.floor(math.log10(top))
    step = next(step * part for part in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0) if top / (step * part) <= 6)
    return lambda value: LEFT + span * value / top, [step * count for count in range(int(top / step) + 1)]
