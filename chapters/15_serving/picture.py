"""The lesson's picture of the sidecar: `python chapters/15_serving/picture.py` writes sidecar.svg beside it."""

from __future__ import annotations

from html import escape
from pathlib import Path

WIDTH, HEIGHT = 860, 410
INK, PALE, BLUE, GREEN, ORANGE = "#222222", "#f4f4f4", "#0072b2", "#009e73", "#d55e00"


def box(x: int, y: int, width: int, height: int, title: str, lines: list[str], colour: str = INK) -> list[str]:
    """A box with a bold title and lines below it."""
    parts = [
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="white" stroke="{colour}"/>',
        f'<text x="{x + width / 2:g}" y="{y + 20}" text-anchor="middle" font-weight="bold">{escape(title)}</text>',
    ]
    for number, line in enumerate(lines):
        place = f'x="{x + width / 2:g}" y="{y + 38 + 15 * number}"'
        parts.append(f'<text {place} text-anchor="middle" font-size="11">{escape(line)}</text>')
    return parts


def arrow(
    start: tuple[int, int], end: tuple[int, int], label: str = "", colour: str = INK, below: bool = False
) -> list[str]:
    """An arrow, and a label at its middle."""
    (x1, y1), (x2, y2) = start, end
    parts = [f'<path d="M{x1} {y1} L{x2} {y2}" stroke="{colour}" fill="none" marker-end="url(#tip)"/>']
    if label:
        if x1 == x2:
            place = f'x="{x1 + 6}" y="{(y1 + y2) // 2 + 4}"'
        else:
            place = f'x="{(x1 + x2) // 2}" y="{(y1 + y2) // 2 + (15 if below else -6)}" text-anchor="middle"'
        parts.append(f'<text {place} font-size="11" fill="{colour}">{escape(label)}</text>')
    return parts


def draw() -> str:
    """The picture as SVG."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="13">',
        "<title>An application and its inference sidecar</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0 L8 4 L0 8 z" fill="{INK}"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        # One machine: what starts and ends together.
        f'<rect x="12" y="66" width="836" height="256" rx="10" fill="{PALE}" stroke="#aaaaaa" stroke-dasharray="5 4"/>',
        '<text x="24" y="86" font-size="12" fill="#555555">one machine, or one pod</text>',
        f'<rect x="196" y="98" width="638" height="210" rx="8" fill="white" stroke="{BLUE}" stroke-width="2"/>',
        f'<text x="208" y="118" font-weight="bold" fill="{BLUE}">serve, the sidecar</text>',
    ]
    parts += box(
        28, 132, 116, 128, "application", ["Python, workers", "", "waits, asks again", "or does without", "at 429"]
    )
    parts += box(
        212,
        132,
        128,
        128,
        "handlers",
        ["axum, two threads", "body: 64 kB", "JSON, limits,", "text to tokens", "400, 413, 422"],
    )
    parts += box(372, 132, 92, 128, "gate", ["8 + 64 places", "", "none free:", "429 and", "Retry-After"], ORANGE)
    parts += box(496, 132, 88, 128, "line", ["first come,", "first served", "", "hung up, late:", "gone"])
    parts += box(
        616, 132, 98, 128, "batch", ["8 sequences", "join and leave", "at each pass", "", "64 rows a pass"], GREEN
    )
    parts += box(740, 132, 82, 128, "model", ["weights,", "read once", "for all", "", "a cache each"], GREEN)
    for start, end in (
        ((340, 180), (372, 180)),
        ((464, 180), (496, 180)),
        ((584, 180), (616, 180)),
        ((714, 180), (740, 180)),
    ):
        parts += arrow(start, end)
    parts += arrow((144, 180), (212, 180), "HTTP", BLUE)
    parts += arrow((212, 236), (144, 236), "events", BLUE, below=True)
    # The way back passes nobody: from the batch straight to each client's handler.
    parts += [
        f'<path d="M665 260 L665 284 L276 284 L276 262" stroke="{GREEN}" fill="none" marker-end="url(#tip)"/>',
        f'<text x="470" y="300" text-anchor="middle" font-size="11" fill="{GREEN}">'
        "oneshot: the answer; a channel each for text that grows</text>",
        '<text x="86" y="284" text-anchor="middle" font-size="11">127.0.0.1, or</text>',
        '<text x="86" y="298" text-anchor="middle" font-size="11">a Unix socket, 0600</text>',
    ]
    parts += box(196, 12, 190, 40, "orchestrator", [])
    parts += box(432, 12, 150, 40, "Prometheus", [])
    parts += box(628, 12, 150, 40, "log collector", [])
    parts += arrow((236, 52), (236, 98), "/health, /ready")
    parts += arrow((356, 52), (356, 98), "SIGTERM")
    parts += arrow((507, 52), (507, 98), "/metrics")
    parts += arrow((703, 98), (703, 52), "JSON lines")
    steps = [
        "Roll-out: the new version starts, loads, and /ready says 200. The old one gets SIGTERM: /ready says 503,",
        "it stops listening, answers what it has accepted, and ends with code 0. A request is refused, or answered;",
        "or its client hangs up, and its place is free at the next pass.",
    ]
    for number, step in enumerate(steps):
        parts.append(f'<text x="24" y="{352 + 20 * number}">{escape(step)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("sidecar.svg").write_text(draw(), encoding="utf-8")
