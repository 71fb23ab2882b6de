"""The lessons' diagrams of ownership and of memory: `python docs/diagrams.py` writes `chapters/*/NAME.svg`.

Each is drawn by the function below that bears its name, to the width of a phone, in colours that follow the page from
light to dark. A title and a description say the same to those who do not see it. `--check` writes nothing and fails
where a file is not what this script draws; the tests do that too.
"""

from __future__ import annotations

import argparse
import html
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 480

STYLE = """
svg { color-scheme: light dark }
text { font: 15px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2430 }
.code { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace }
.quiet { fill: #5a606c; font-size: 13px }
.bad { fill: #b3261e }
.paper { fill: #ffffff }
.owner { fill: #fbeee6; stroke: #a83b0d; stroke-width: 1.5 }
.loan { fill: #e7f0fb; stroke: #0b57a4; stroke-width: 1.5 }
.heap { fill: #f1f2f4; stroke: #6b717d; stroke-width: 1.5 }
.gone { fill: none; stroke: #6b717d; stroke-width: 1.5; stroke-dasharray: 5 4 }
.fault { fill: #fbe9e7; stroke: #b3261e; stroke-width: 1.5 }
.line { fill: none; stroke: #5a606c; stroke-width: 1.5 }
.badline { fill: none; stroke: #b3261e; stroke-width: 1.5; stroke-dasharray: 5 4 }
.tip { fill: #5a606c }
@media (prefers-color-scheme: dark) {
text { fill: #d3d7e3 }
.quiet { fill: #a3abbd }
.bad { fill: #ff8f85 }
.paper { fill: #161923 }
.owner { fill: #3a2a22; stroke: #f0a06b }
.loan { fill: #1f2f4a; stroke: #8ab4f8 }
.heap { fill: #262d3f; stroke: #9aa1b2 }
.gone { stroke: #9aa1b2 }
.fault { fill: #402524; stroke: #ff8f85 }
.line { stroke: #a3abbd }
.badline { stroke: #ff8f85 }
.tip { fill: #a3abbd }
}
"""

DIAGRAMS: dict[str, Callable[[], Diagram]] = {}
"""Each diagram by the place of its file in `chapters/`, without the suffix."""


class Diagram:
    """What is drawn so far, from the top down; `height` grows with it."""

    def __init__(self, title: str, about: str) -> None:
        self.title, self.about = title, about
        self.parts: list[str] = []
        self.height = 0.0

    def text(self, x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> None:
        """Words whose line stands at `y`. What stands between backticks is code."""
        pieces = words.split("`")
        inside = "".join(
            f'<tspan class="code">{html.escape(piece)}</tspan>' if number % 2 else html.escape(piece)
            for number, piece in enumerate(pieces)
        )
        self._add(
            f'<text x="{x:g}" y="{y:g}"{_class(kind)} text-anchor="{anchor}" xml:space="preserve">{inside}</text>',
            y + 6,
        )

    def box(self, x: float, y: float, width: float, height: float, kind: str, words: str = "") -> None:
        place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="4"'
        self._add(f"<rect {place}{_class(kind)}/>", y + height + 1)
        if words:
            self.text(x + width / 2, y + height / 2 + 5, words, anchor="middle")

    def row(self, x: float, y: float, cells: Sequence[str], kind: str, width: float = 52, height: float = 30) -> None:
        """Places in memory, side by side."""
        for number, words in enumerate(cells):
            self.box(x + number * width, y, width, height, kind, words)

    def arrow(self, *points: tuple[float, float], kind: str = "line") -> None:
        way = " ".join(f"{x:g},{y:g}" for x, y in points)
        self._add(f'<polyline points="{way}"{_class(kind)} marker-end="url(#tip)"/>', max(y for _, y in points) + 2)

    def line(self, *points: tuple[float, float], kind: str = "line") -> None:
        way = " ".join(f"{x:g},{y:g}" for x, y in points)
        self._add(f'<polyline points="{way}"{_class(kind)}/>', max(y for _, y in points) + 2)

    def _add(self, part: str, bottom: float) -> None:
        self.parts.append(part)
        self.height = max(self.height, bottom)

    def svg(self) -> str:
        height = round(self.height + 10)
        tip = '<path class="tip" d="M0,0 L8,4 L0,8 z"/>'
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
                f'height="{height}" role="img" aria-labelledby="title about">',
                f'<title id="title">{html.escape(self.title)}</title>',
                f'<desc id="about">{html.escape(self.about)}</desc>',
                f"<style>{STYLE}</style>",
                f'<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">{tip}'
                "</marker></defs>",
                f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
                *self.parts,
                "</svg>",
            ]
        )


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def diagram(place: str) -> Callable[[Callable[[], Diagram]], Callable[[], Diagram]]:
    """Says which file a function draws."""

    def register(draw: Callable[[], Diagram]) -> Callable[[], Diagram]:
        DIAGRAMS[place] = draw
        return draw

    return register


def _vector(drawing: Diagram, x: float, y: float, kind: str, length: int, capacity: int | None = None) -> None:
    """The parts of a vector or a slice that stand on the stack: an address, a length, and of a vector its capacity."""
    fields = ["address", f"length {length}", *([] if capacity is None else [f"capacity {capacity}"])]
    drawing.row(x, y, fields, kind, width=84)


# --- 01_ownership -----------------------------------------------------------------------------------------------------


@diagram("01_ownership/move")
def _move() -> Diagram:
    drawing = Diagram(
        "A move",
        "Before: the variable weights holds an address, a length of 3 and a capacity of 3, and the address leads "
        "to the numbers 0.1, 0.2, 0.3. After 'let layer = weights' the same address, length and capacity are in "
        "layer, the numbers have not moved, and weights has no value.",
    )
    numbers = ["0.1", "0.2", "0.3"]
    drawing.text(10, 24, "`let weights = vec![0.1, 0.2, 0.3];`")
    drawing.text(10, 62, "`weights`")
    _vector(drawing, 90, 42, "owner", 3, 3)
    drawing.arrow((128, 72), (128, 100))
    drawing.row(102, 102, numbers, "heap")
    drawing.text(270, 122, "12 bytes, on the heap", "quiet")
    drawing.line((10, 152), (470, 152))
    drawing.text(10, 182, "`let layer = weights;`")
    drawing.text(10, 220, "`weights`")
    drawing.box(90, 200, 252, 30, "gone", "no value")
    drawing.text(10, 262, "`layer`")
    _vector(drawing, 90, 242, "owner", 3, 3)
    drawing.text(352, 262, "24 bytes moved", "quiet")
    drawing.arrow((128, 272), (128, 300))
    drawing.row(102, 302, numbers, "heap")
    drawing.text(270, 322, "the same 12 bytes", "quiet")
    return drawing


@diagram("01_ownership/slice")
def _slice() -> Diagram:
    drawing = Diagram(
        "A vector and two slices of it",
        "samples owns five numbers on the heap: an address, a length of 5 and a capacity of 5. train is an "
        "address and a length of 3, and shows the first three; valid is an address and a length of 2, and its "
        "address is that of the fourth number. Nothing is copied.",
    )
    drawing.text(10, 30, "`samples`")
    _vector(drawing, 90, 10, "owner", 5, 5)
    drawing.text(352, 30, "24 bytes; it owns", "quiet")
    drawing.arrow((128, 40), (128, 72))
    drawing.row(102, 74, ["1.0", "2.0", "3.0", "4.0", "5.0"], "heap")
    drawing.arrow((112, 160), (112, 106))
    drawing.text(10, 180, "`train`")
    _vector(drawing, 66, 160, "loan", 3)
    drawing.arrow((345, 160), (345, 132), (284, 132), (284, 106))
    drawing.text(248, 180, "`valid`")
    _vector(drawing, 303, 160, "loan", 2)
    drawing.text(66, 210, "`&samples[..3]`, 16 bytes", "quiet")
    drawing.text(471, 210, "`&samples[3..]`, 16 bytes", "quiet", "end")
    return drawing


@diagram("01_ownership/loans")
def _loans() -> Diagram:
    drawing = Diagram(
        "Many readers or one writer",
        "Time runs to the right. While running owns the list, two loans for reading may overlap, and later there "
        "may be one loan for writing. A loan for writing that begins while the loop still reads is refused: "
        "E0502.",
    )
    left, right = 128.0, 470.0
    drawing.text(10, 28, "owner")
    drawing.box(left, 8, right - left, 30, "owner", "`running`")
    drawing.text(10, 76, "readers")
    drawing.box(left + 10, 52, 120, 26, "loan", "`&`")
    drawing.box(left + 50, 82, 100, 26, "loan", "`&`")
    drawing.text(10, 142, "one writer")
    drawing.box(left + 180, 122, 100, 28, "loan", "`&mut`")
    drawing.text(left + 172, 82, "together", "quiet")
    drawing.text(left + 290, 141, "alone", "quiet")
    drawing.line((10, 168), (470, 168))
    drawing.text(10, 200, "the loop reads")
    drawing.box(left, 182, 250, 28, "loan", "`running.iter()`")
    drawing.text(10, 236, "and writes")
    drawing.box(left + 90, 218, 150, 28, "fault", "`remove`")
    drawing.text(left + 262, 237, "E0502", "bad")
    drawing.arrow((left, 268), (right, 268))
    drawing.text(right, 288, "time", "quiet", "end")
    return drawing


# --- 02_lifetimes -----------------------------------------------------------------------------------------------------


@diagram("02_lifetimes/outlives")
def _outlives() -> Diagram:
    drawing = Diagram(
        "A loan that outlives its owner",
        "Time runs to the right. In each of three turns of the loop there is a vector scores, which is freed at "
        "the turn's end. The loan best begins in a turn and is used after the loop, when its owner is gone: "
        "E0597.",
    )
    left = 90.0
    drawing.text(10, 50, "`scores`")
    for turn in range(3):
        drawing.text(left + turn * 100 + 45, 20, f"turn {turn}", "quiet", "middle")
        drawing.box(left + turn * 100, 32, 90, 28, "owner", "owns")
        drawing.text(left + turn * 100 + 90, 78, "freed", "quiet", "end")
    drawing.text(10, 116, "`best`")
    drawing.box(left + 40, 98, 250, 28, "loan", "`&scores`")
    drawing.box(left + 290, 98, 80, 28, "fault", "of what?")
    drawing.text(left + 290, 148, "E0597", "bad")
    drawing.text(470, 166, "its last use: `println!`", "quiet", "end")
    drawing.arrow((left, 182), (470, 182))
    drawing.text(470, 202, "time", "quiet", "end")
    return drawing


@diagram("02_lifetimes/mapped")
def _mapped() -> Diagram:
    drawing = Diagram(
        "A file of weights, mapped and viewed",
        "A mapped model owns the map of a file. Its method weights lends a view: an address, a length, 2 "
        "rows and 3 columns, 32 bytes. The address leads into the file's own pages, and a page is read when "
        "somebody looks at it.",
    )
    drawing.text(10, 30, "`MappedModel`")
    drawing.row(130, 10, ["map", "rows 2", "columns 3"], "owner", width=84)
    drawing.text(392, 30, "owns", "quiet")
    drawing.arrow((172, 40), (172, 76))
    drawing.box(10, 78, 460, 72, "heap")
    drawing.text(20, 96, "the file, as the system maps it", "quiet")
    drawing.row(20, 106, ["1.0", "2.0", "3.0", "4.0", "5.0", "6.0"], "paper heap", width=60)
    drawing.text(462, 126, "pages,", "quiet", "end")
    drawing.text(462, 142, "on demand", "quiet", "end")
    drawing.arrow((50, 196), (50, 138))
    drawing.row(10, 198, ["address", "length 6", "rows 2", "columns 3"], "loan", width=84)
    drawing.text(10, 252, "`weights()` lends a `ModelWeights`: 32 bytes, no number copied", "quiet")
    return drawing


# --- 03_traits --------------------------------------------------------------------------------------------------------


@diagram("03_traits/dispatch")
def _dispatch() -> Diagram:
    drawing = Diagram(
        "Dynamic and static dispatch",
        "Above: a box of a dyn Activation is two addresses. One leads to the value, a LeakyReLU with a slope of "
        "0.5; the other to a table for LeakyReLU with drop, size, forward, backward and apply. Below: with a type "
        "parameter there is a copy of the function for each type, and each calls its forward directly.",
    )
    drawing.text(10, 24, "`Box<dyn Activation>`: decided when the program runs")
    drawing.row(10, 40, ["value", "table"], "owner", width=70)
    drawing.text(160, 60, "16 bytes", "quiet")
    drawing.arrow((45, 70), (45, 104))
    drawing.box(10, 106, 170, 30, "heap", "`slope: 0.5`")
    drawing.text(10, 156, "a `LeakyReLU`, on the heap", "quiet")
    drawing.arrow((115, 70), (115, 86), (300, 86), (300, 104))
    for number, words in enumerate(["drop, size", "`forward`", "`backward`", "`apply`"]):
        drawing.box(230, 106 + number * 26, 140, 26, "heap", words)
    drawing.text(378, 124, "one table", "quiet")
    drawing.text(378, 141, "for each type", "quiet")
    drawing.line((10, 226), (470, 226))
    drawing.text(10, 254, "`<A: Activation>`: decided when it is compiled")
    for x, name in ((10, "ReLU"), (245, "GELU")):
        drawing.box(x, 270, 225, 30, "loan", f"`apply::<{name}>`")
        drawing.arrow((x + 112, 300), (x + 112, 324))
        drawing.box(x + 22, 326, 180, 30, "heap", f"`{name}::forward`")
    drawing.text(10, 376, "a copy for each type; the call may vanish into it", "quiet")
    return drawing


# --- 04_errors --------------------------------------------------------------------------------------------------------


@diagram("04_errors/question_mark")
def _question_mark() -> Diagram:
    drawing = Diagram(
        "The way of a value and of an error",
        "parse gives either Ok with a number or Err with an error. At the question mark, Ok gives its number to "
        "the next line of twice, which returns Ok. Err leaves twice at once, as its result. The caller gets one "
        "of both.",
    )
    drawing.box(150, 10, 220, 32, "heap", "`text.parse::<usize>()`")
    drawing.arrow((200, 42), (200, 76))
    drawing.text(192, 64, "`Ok(21)`", anchor="end")
    drawing.arrow((330, 42), (330, 76), kind="badline")
    drawing.text(338, 64, "`Err(error)`", "bad")
    drawing.box(110, 78, 290, 36, "owner", "`?`")
    drawing.arrow((160, 114), (160, 148))
    drawing.text(152, 136, "`21`", anchor="end")
    drawing.box(110, 150, 160, 32, "heap", "`Ok(number * 2)`")
    drawing.arrow((190, 182), (190, 218))
    drawing.text(182, 206, "`Ok(42)`", anchor="end")
    drawing.arrow((350, 114), (350, 218), kind="badline")
    drawing.text(358, 160, "leaves `twice`", "bad")
    drawing.text(358, 180, "at once", "bad")
    drawing.box(110, 220, 290, 32, "loan", "`Result<usize, ParseIntError>`")
    drawing.text(255, 272, "what the caller gets, and must look at", "quiet", "middle")
    return drawing


# --- 05_iterators -----------------------------------------------------------------------------------------------------


@diagram("05_iterators/pulled")
def _pulled() -> Diagram:
    drawing = Diagram(
        "Lists in between, or one item at a time",
        "Above, step by step: a list of 64, 128, 192 and so on is made whole, and then searched. Below, a chain: "
        "find asks map for one item, map asks the range, and the item comes back through both. At 192 find stops "
        "asking, and nothing after it is ever computed.",
    )
    drawing.text(10, 24, "Step by step: a list is made, and then searched")
    drawing.row(10, 38, ["1", "2", "3", "4", "…"], "heap", width=48)
    drawing.arrow((34, 68), (34, 92))
    drawing.text(44, 86, "`* 64`", "quiet")
    drawing.row(10, 94, ["64", "128", "192", "256", "…"], "heap", width=48)
    drawing.text(262, 58, "all of it,", "quiet")
    drawing.text(262, 76, "and the range has no end", "quiet")
    drawing.line((10, 144), (470, 144))
    drawing.text(10, 172, "A chain: each item goes all the way")
    for x, words in ((10, "`(1..)`"), (180, "`map`"), (350, "`find`")):
        drawing.box(x, 190, 120, 40, "owner", words)
    for x in (180, 350):
        drawing.arrow((x, 205), (x - 50, 205))
        drawing.arrow((x - 50, 220), (x, 220))
    drawing.text(155, 197, "next?", "quiet", "middle")
    drawing.text(325, 197, "next?", "quiet", "middle")
    for turn, (item, product, verdict) in enumerate((("1", "64", "no"), ("2", "128", "no"), ("3", "192", "yes: stop"))):
        y = 256 + turn * 24
        drawing.text(155, y, f"`{item}`", anchor="middle")
        drawing.text(325, y, f"`{product}`", anchor="middle")
        drawing.text(410, y, verdict, anchor="middle")
    return drawing


# --- 06_concurrency ---------------------------------------------------------------------------------------------------


@diagram("06_concurrency/counted")
def _counted() -> Diagram:
    drawing = Diagram(
        "Two owners of one list",
        "weights in one thread and share in another are each an Arc: one address, 8 bytes. Both lead to one place "
        "on the heap with the number of owners, 2, and the vector, whose address leads to the four numbers. When "
        "the last owner goes, all of it is freed.",
    )
    drawing.text(10, 24, "one thread", "quiet")
    drawing.text(470, 24, "another", "quiet", "end")
    drawing.box(10, 36, 150, 32, "owner", "`weights: Arc`")
    drawing.box(320, 36, 150, 32, "owner", "`share: Arc`")
    drawing.text(170, 57, "8 bytes", "quiet")
    drawing.text(310, 57, "8 bytes", "quiet", "end")
    drawing.arrow((40, 68), (40, 108))
    drawing.arrow((395, 68), (395, 90), (70, 90), (70, 108))
    drawing.box(10, 110, 120, 32, "loan", "owners: 2")
    drawing.row(130, 110, ["weak", "address", "length 4", "cap. 4"], "heap", width=85, height=32)
    drawing.arrow((257, 142), (257, 176))
    drawing.row(130, 178, ["0.1", "0.2", "0.3", "0.4"], "heap", width=85)
    drawing.text(10, 162, "counted in one step", "quiet")
    drawing.text(10, 179, "of the processor", "quiet")
    drawing.text(10, 234, "`Arc::clone` adds 1, `drop` takes 1 away; at 0 all of it is freed", "quiet")
    return drawing


@diagram("06_concurrency/turns")
def _turns() -> Diagram:
    drawing = Diagram(
        "Three threads and one lock",
        "Time runs to the right. Each of three threads calls lock. The first gets the guard at once; the second "
        "and the third wait until the guard before theirs is gone. At no time do two threads hold it.",
    )
    left = 110.0
    for number, (start, held) in enumerate(((0, 0), (30, 100), (60, 200))):
        y = 10 + number * 44
        drawing.text(10, y + 20, f"thread {number + 1}")
        if held > start:
            drawing.box(left + start, y, held - start, 30, "gone", "waits")
        drawing.box(left + held, y, 100, 30, "owner", "guard")
    drawing.arrow((left, 154), (470, 154))
    drawing.text(470, 174, "time", "quiet", "end")
    drawing.text(10, 174, "one guard at a time; it is unlocked when it is gone", "quiet")
    return drawing


@diagram("06_concurrency/channel")
def _channel() -> Diagram:
    drawing = Diagram(
        "A channel",
        "Two threads each own a sender. What they send moves through the channel to the one receiver, in the "
        "order in which it arrives. When the last sender is dropped, the receiver's loop ends.",
    )
    for number, words in enumerate(("`(0, 3.0)`", "`(1, 7.0)`")):
        y = 10 + number * 60
        drawing.box(10, y, 110, 34, "owner", "`sender`")
        drawing.text(65, y + 50, f"thread {number + 1}", "quiet", "middle")
        drawing.text(128, y + 12, words, "code")
        end = 54 + 14 * number
        drawing.arrow((120, y + 20), (220, y + 20), (220, end), (238, end))
    drawing.row(240, 44, ["", "", ""], "heap", width=30, height=34)
    drawing.arrow((330, 61), (358, 61))
    drawing.box(360, 44, 110, 34, "loan", "`receiver`")
    drawing.text(10, 150, "what is sent is moved; the loop ends when the last sender is gone", "quiet")
    return drawing


# --- the command ------------------------------------------------------------------------------------------------------


def drawn() -> Iterator[tuple[Path, str]]:
    """Every diagram's file, relative to the course, with the text that it should have."""
    for place, draw in DIAGRAMS.items():
        yield Path("chapters") / f"{place}.svg", draw().svg() + "\n"


def stale() -> list[str]:
    """The files that are missing or are not what this script draws."""
    return [
        file.as_posix()
        for file, text in drawn()
        if not (ROOT / file).exists() or (ROOT / file).read_text(encoding="utf-8") != text
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Draws the lessons' diagrams.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a file is stale")
    options = parser.parse_args(arguments)
    if options.check:
        faults = stale()
        for fault in faults:
            print(f"{fault} is not what this script draws: python docs/diagrams.py", file=sys.stderr)
        return 1 if faults else 0
    for file, drawing in drawn():
        (ROOT / file).write_text(drawing, encoding="utf-8")
    print(f"{len(DIAGRAMS)} diagrams")
    return 0


if __name__ == "__main__":
    sys.exit(main())
