"""Claims: their registry, and their measurement by real programs in fresh processes."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import time
import tomllib
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from course_copy import ROOT, Copy
from workbook import claim as registry
from workbook import claim_peers, claims, claims_report
from workbook import course as courses
from workbook.course import CourseError, UnknownName

REGISTRY = """\
[[claims]]
name = "adds_up"
says = "Adding up is a hundred times as fast."
source = "The tests."
unit = "ns"
at_least = 100
outputs = "equal"

[claims.ours]
label = "Rust"
bench = "tensors"
figure = "add"

[claims.peer]
label = "Python"
script = "benches/peer.py"
figure = "add"
"""

BENCH = """\
//! Says what the tests expect, and notes that it ran.

use std::io::Write;

fn main() {
    let figure = std::env::args().nth(1).expect("a figure");
    let log = std::env::var("CLAIMS_LOG").expect("the environment is passed on");
    let mut log = std::fs::OpenOptions::new().append(true).create(true).open(log).expect("a log");
    writeln!(log, "ours {}", std::process::id()).expect("a line");
    println!("warming up");
    println!(r#"{{"name": "other", "ns": 1, "output": 1}}"#);
    println!(r#"{{"name": "{figure}", "ns": 5, "output": [6, 0.5]}}"#);
}
"""

PEER = """\
import json, os, sys, time
with open(os.environ["CLAIMS_LOG"], "a") as log:
    log.write(f"peer {os.getpid()}\\n")
time.sleep(float(os.environ.get("PEER_SLEEP", "0")))
print(json.dumps({"name": sys.argv[1], "ns": 5 * float(os.environ.get("PEER_FACTOR", "200")), "output": OUTPUT}))
"""


class Bench:
    """A small course with one claim, and the log that its two programs write."""

    def __init__(self, copy: Copy) -> None:
        self.copy = copy
        self.chapter = copy.root / "chapters" / copy.chapter
        self.log = copy.root / "log"
        self.kept = copy.root / ".workbook" / "claims"
        copy.env["CLAIMS_LOG"] = str(self.log)
        manifest = self.chapter / "Cargo.toml"
        bench = '\n[lib]\nbench = false\n\n[[bench]]\nname = "tensors"\nharness = false\n'
        manifest.write_text(manifest.read_text(encoding="utf-8") + bench, encoding="utf-8")
        (self.chapter / "benches").mkdir()
        (self.chapter / "benches" / "tensors.rs").write_text(BENCH, encoding="utf-8")
        self.peer("[6, 0.5]")
        self.registry(REGISTRY)

    def registry(self, text: str) -> None:
        (self.chapter / "claims.toml").write_text(text, encoding="utf-8")

    def peer(self, output: str, program: str = PEER) -> None:
        (self.chapter / "benches" / "peer.py").write_text(program.replace("OUTPUT", output), encoding="utf-8")

    @property
    def ran(self) -> list[tuple[str, str]]:
        """Who ran, in order, each with its process id."""
        lines = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        return [(side, pid) for side, pid in map(str.split, lines)]

    def measure(self, *arguments: str, code: int = 0, **env: Any) -> Any:
        reply = self.copy.call("claims", "--json", *arguments, **env)
        assert reply.code == code, reply.err
        return reply.data


@pytest.fixture
def bench(small: Copy) -> Bench:
    return Bench(small)


def test_both_sides_run_in_turn_and_in_fresh_processes(bench: Bench) -> None:
    report = bench.measure()
    [result] = report["claims"]
    assert (result["state"], result["runs"], result["ratio"]) == ("holds", 7, 200)
    assert result["ours"] == {"label": "Rust", "figures": [5.0] * 7, "minimum": 5.0, "median": 5.0}
    assert (result["peer"]["median"], result["outputs"]) == (1000.0, [[6, 0.5], [6, 0.5]])
    assert [side for side, _ in bench.ran] == (["ours", "peer", "peer", "ours"] * 4)[:14]
    assert len({pid for _, pid in bench.ran}) == 14
    assert {"date", "machine", "versions", "environment"} <= set(report)
    assert report["versions"]["rust"].startswith("rustc 1.")
    assert report["machine"]["cores"] == os.cpu_count()
    kept = json.loads((bench.kept / "adds_up.json").read_text(encoding="utf-8"))
    assert (kept["state"], kept["versions"], kept["ours"]) == ("holds", report["versions"], result["ours"])
    # A whole measurement is not taken for today's.
    bench.measure()
    assert len(bench.ran) == 28


def test_not_so_here_is_a_result(bench: Bench) -> None:
    reply = bench.copy.call("claims", "--quick", PEER_FACTOR="3")
    assert reply.code == 0, reply.err
    assert "adds_up: not so here" in reply.out
    assert "ratio of the medians 3.0; claimed: at least 100; 3 runs each, outputs agree" in reply.out


def test_quick_takes_three_runs_and_keeps_nothing(bench: Bench) -> None:
    [result] = bench.measure("--quick")["claims"]
    assert (result["state"], result["runs"], len(bench.ran)) == ("holds", 3, 6)
    assert not bench.kept.exists()


@pytest.mark.parametrize(
    ("program", "why"),
    [
        (PEER.replace("OUTPUT", "[6, 0.25]"), "the two sides computed different things, [6, 0.5] and [6, 0.25]"),
        (PEER.replace("OUTPUT", "None"), "Python: 'add' came without an output to compare"),
        (PEER.replace('"ns"', '"s"').replace("OUTPUT", "6"), "Python: 'add' came without a number of ns"),
        (PEER.replace("sys.argv[1]", "'sub'").replace("OUTPUT", "6"), "Python: it printed no figure 'add'"),
        ("raise SystemExit('no such library')", "Python: it ended with status 1 and said: no such library"),
    ],
    ids=["output", "no output", "no number", "no figure", "fails"],
)
def test_a_claim_that_cannot_be_measured_is_a_fault(bench: Bench, program: str, why: str) -> None:
    second = REGISTRY.replace("adds_up", "adds_up_too").replace("benches/peer.py", "benches/good.py")
    bench.registry(REGISTRY + "\n" + second)
    (bench.chapter / "benches" / "good.py").write_text(PEER.replace("OUTPUT", "[6, 0.5]"), encoding="utf-8")
    bench.peer("", program)
    broken, good = bench.measure("--quick", code=1)["claims"]
    assert (broken["state"], good["state"]) == ("not_measured", "holds")
    assert broken["why"].startswith(why)


def test_outputs_may_differ_by_what_the_claim_allows(bench: Bench) -> None:
    bench.registry(REGISTRY.replace('outputs = "equal"', "outputs = 1e-3"))
    bench.peer("[6, 0.5001]")
    assert bench.measure("--quick")["claims"][0]["state"] == "holds"
    bench.peer("[6, 0.51]")
    assert bench.measure("--quick", code=1)["claims"][0]["state"] == "not_measured"


def test_a_claim_of_another_system_is_no_fault(bench: Bench) -> None:
    other = "windows" if os.name != "nt" else "linux"
    bench.registry(REGISTRY.replace('outputs = "equal"', f'outputs = "equal"\nsystems = ["{other}"]'))
    [result] = bench.measure("--quick")["claims"]
    assert (result["state"], result["why"]) == ("other_system", f"measured on {other} only")
    assert bench.ran == []


def test_a_bench_that_does_not_build_is_told_in_the_compilers_words(bench: Bench) -> None:
    (bench.chapter / "benches" / "tensors.rs").write_text("fn main() { nonsense }\n", encoding="utf-8")
    reply = bench.copy.call("claims")
    assert reply.code == 2
    assert "The course's own code does not compile" in reply.err
    assert "cannot find value `nonsense`" in reply.err


@pytest.mark.skipif(os.name == "nt", reason="sends a signal")
def test_interrupted_it_goes_on_where_it_stopped(bench: Bench) -> None:
    """The first claim is whole and the second half done; the next call measures what is missing and no more."""
    bench.registry(REGISTRY + "\n" + REGISTRY.replace("adds_up", "adds_up_too"))
    process = subprocess.Popen(
        bench.copy.command("claims", "--json"),
        cwd=bench.copy.root.parent,
        env=bench.copy.environment(PEER_SLEEP="0.2"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        deadline = time.monotonic() + 60
        while len(bench.ran) < 14 + 6:
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, said = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (process.returncode, out) == (130, "")
    assert "1 of 2 claims are measured" in said and "Traceback" not in said
    before = json.loads((bench.kept / "adds_up.json").read_text(encoding="utf-8"))
    half = json.loads((bench.kept / "adds_up_too.json").read_text(encoding="utf-8"))
    assert half["state"] is None and 1 <= half["runs"] < 7
    started = len(bench.ran)

    first, second = bench.measure()["claims"]
    assert (first["state"], second["state"], second["runs"]) == ("holds", "holds", 7)
    assert first["measured_at"] == before["measured_at"]
    assert len(bench.ran) - started == 2 * (7 - half["runs"])
    # That call came to its end, so the next one starts anew.
    assert bench.measure()["claims"][0]["measured_at"] != before["measured_at"]


def test_figures_of_another_program_or_setting_are_not_mixed(bench: Bench) -> None:
    bench.measure()
    names = json.dumps({"names": ["adds_up"], "started": "2000-01-01"})

    def runs_after_an_interruption(**env: Any) -> int:
        (bench.kept / "session.json").write_text(names, encoding="utf-8")
        before = len(bench.ran)
        bench.measure(**env)
        return len(bench.ran) - before

    assert runs_after_an_interruption() == 0
    assert runs_after_an_interruption(PYTHONOPTIMIZE="1") == 14
    bench.peer("[6, 0.5]", PEER + "# changed\n")
    assert runs_after_an_interruption(PYTHONOPTIMIZE="1") == 14
    (bench.kept / "adds_up.json").write_text("{", encoding="utf-8")
    assert runs_after_an_interruption(PYTHONOPTIMIZE="1") == 14


def test_quick_tells_the_programs_to_take_a_small_input(bench: Bench) -> None:
    factor = '(200 if os.environ.get("CLAIMS_QUICK") else 3)'
    bench.peer("[6, 0.5]", PEER.replace('float(os.environ.get("PEER_FACTOR", "200"))', factor))
    assert bench.measure("--quick")["claims"][0]["ratio"] == 200
    assert bench.measure()["claims"][0]["ratio"] == 3


def test_what_would_download_too_much_is_only_looked_at(bench: Bench) -> None:
    bench.registry(REGISTRY.replace('outputs = "equal"', 'outputs = "equal"\nquick = "look"'))
    # It looks for the figure in the text.
    bench.peer("[6, 0.5]", PEER + '# "add"\n')
    [result] = bench.measure("--quick")["claims"]
    assert (result["state"], result["runs"], bench.ran) == ("looked_at", 0, [])
    # Without --quick it is measured like any other.
    assert bench.measure()["claims"][0]["runs"] == 7


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("print(", "Python: peer.py:1: '(' was never closed"),
        ("print('sub')", "Python: peer.py knows no figure 'add'"),
        (None, "Python: peer.py: No such file or directory"),
    ],
    ids=["syntax", "figure", "gone"],
)
def test_a_look_finds_what_can_no_longer_be_measured(bench: Bench, program: str | None, why: str) -> None:
    bench.registry(REGISTRY.replace('outputs = "equal"', 'outputs = "equal"\nquick = "look"'))
    peer = bench.chapter / "benches" / "peer.py"
    if program is None:
        peer.unlink()
    else:
        peer.write_text(program, encoding="utf-8")
    [result] = bench.measure("--quick", code=1)["claims"]
    assert (result["state"], result["why"]) == ("not_measured", why)


def wheel(folder: Path) -> str:
    """A package that nobody else has, and the line of a lock that names it."""
    file = folder / "only_the_peer-1-py3-none-any.whl"
    info = "only_the_peer-1.dist-info"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("only_the_peer.py", "OUTPUT = [6, 0.5]\n")
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: only-the-peer\nVersion: 1\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: us\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return f"only_the_peer @ {file.as_uri()} --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


def test_a_side_finds_packages_of_its_own(bench: Bench, tmp_path: Path) -> None:
    (bench.chapter / "peers").mkdir()
    lock = bench.chapter / "peers" / "old.txt"
    lock.write_text(wheel(tmp_path), encoding="utf-8")
    bench.registry(
        REGISTRY.replace('script = "benches/peer.py"', 'script = "benches/peer.py"\npackages = "peers/old.txt"')
    )
    bench.peer("only_the_peer.OUTPUT", "import only_the_peer\n" + PEER)
    assert bench.measure("--quick")["claims"][0]["state"] == "holds"
    # A lock whose hash is another's is not installed, and its claim is not measured; that is no reason to stop.
    lock.write_text(lock.read_text(encoding="utf-8").replace("sha256:", "sha256:0")[:-2] + "\n", encoding="utf-8")
    [result] = bench.measure("--quick", code=1)["claims"]
    assert result["why"].startswith("The packages of old.txt could not be installed")


# The report.


def test_the_report_has_a_table_and_a_chart_for_each_claim(bench: Bench, tmp_path: Path) -> None:
    said = bench.copy.call("claims", "--report")
    assert said.code == 2 and "Nothing was measured yet" in said.err
    bench.registry(REGISTRY + "\n" + REGISTRY.replace("adds_up", "adds_up_too"))
    bench.measure("adds_up")
    text = (bench.kept / "report" / "README.md").read_text(encoding="utf-8")
    assert "1 claims: 1 hold here, 0 do not" in text
    assert "| [adds_up](#adds_up) | holds | 200 | 100 | Rust: 5 ns | Python: 1 µs |" in text
    assert "`python3 workbook claims adds_up`" in text
    # Another call adds to it, and the report can be written elsewhere without measuring anew.
    bench.measure("adds_up_too", PEER_FACTOR="3")
    before = len(bench.ran)
    assert bench.copy.call("claims", "--report", "--out", str(tmp_path / "here")).code == 0
    assert len(bench.ran) == before
    text = (tmp_path / "here" / "README.md").read_text(encoding="utf-8")
    assert "2 claims: 1 hold here, 1 do not" in text and "| **not so** | 3.0 | 100 |" in text
    data = json.loads((tmp_path / "here" / "report.json").read_text(encoding="utf-8"))["claims"]
    assert [claim["name"] for claim in data] == ["adds_up", "adds_up_too"]
    for claim in data:
        picture = ElementTree.parse(tmp_path / "here" / f"{claim['name']}.svg").getroot()
        assert len(picture.findall("{http://www.w3.org/2000/svg}circle")) == 14
    # A claim that is said differently now was not measured.
    bench.registry(REGISTRY.replace("a hundred times", "two hundred times"))
    assert "Nothing was measured yet" in bench.copy.call("claims", "--report").err


@pytest.mark.parametrize(
    ("ours", "peer", "at_least"),
    [(5.0, 1000.0, 100), (5.0, 5.5, 0.9), (0.0, 4.0, 10), (4096.0, 4096.0, 10), (2.0, 62.0, 5)],
)
def test_a_chart_keeps_its_parts_inside(ours: float, peer: float, at_least: float) -> None:
    sides = {"ours": ours, "peer": peer}
    data: dict[str, Any] = {"name": "a", "says": "b & c", "unit": "ns", "at_least": at_least, "state": "holds"}
    data |= {"ratio": peer / ours if ours else None}
    data |= {name: {"label": name, "figures": [value] * 7, "median": value} for name, value in sides.items()}
    picture = ElementTree.fromstring(claims_report.chart(data, claims.amount))
    places = [float(dot.get("cx", "nan")) for dot in picture.iter() if dot.tag.endswith("circle")]
    assert len(places) == 14 and all(0 <= place <= claims_report.WIDTH for place in places), places


# The registry.


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('unit = "ns"', "", "claims.toml:1: field 'claims[1].unit': field required"),
        (
            'figure = "add"\n\n',
            'figure = "add"\nscript = "x.py"\n\n',
            "claims.toml:9: field 'claims[1].ours': name one",
        ),
        ('script = "benches/peer.py"', 'script = "../../peer.py"', ":16: field 'claims[1].peer.script'"),
        ("at_least = 100", "at_least = 0", ":6: field 'claims[1].at_least'"),
        ('outputs = "equal"', 'outputs = "roughly"', ":7: field 'claims[1].outputs"),
        ('source = "The tests."', 'source = "The tests."\nsauce = 1', ":5: field 'claims[1].sauce'"),
    ],
)
def test_a_broken_registry_is_told_with_file_line_and_field(bench: Bench, old: str, new: str, said: str) -> None:
    assert REGISTRY.count(old) == 1
    bench.registry(REGISTRY.replace(old, new))
    with pytest.raises(CourseError) as caught:
        registry.load(bench.copy.course())
    assert said in str(caught.value), caught.value


def test_names_are_unique_and_near_ones_are_offered(bench: Bench) -> None:
    with pytest.raises(UnknownName, match=r"no claim 'adds_op'\. Did you mean adds_up\?"):
        claims.main(bench.copy.course(), ["adds_op"], False)
    bench.registry(REGISTRY + "\n" + REGISTRY)
    with pytest.raises(CourseError, match="2 claims are called 'adds_up'"):
        registry.load(bench.copy.course())


def test_the_list_says_what_was_found_last(bench: Bench) -> None:
    assert "adds_up  01_tensors, not measured yet" in bench.copy.call("claims", "--list").out
    bench.measure(PEER_FACTOR="2")
    assert "adds_up  01_tensors, not so here (20" in bench.copy.call("claims", "--list").out
    [listed] = bench.copy.call("claims", "--list", "--json").data
    assert (listed["chapter"], listed["ours"]["bench"], listed["peer"]["script"]) == (
        *("01_tensors", "tensors", "benches/peer.py"),
    )


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1.26, "ns", "1.26 ns"),
        (36_949_933, "ns", "36.9 ms"),
        (2e9, "ns", "2 s"),
        (5e12, "ns", "5e+03 s"),
        (0, "bytes", "0 B"),
        (268_451_840, "bytes", "268 MB"),
        (12_345, "tokens", "12,345 tokens"),
    ],
)
def test_figures_are_told_in_a_unit_of_their_size(value: float, unit: str, text: str) -> None:
    assert claims.amount(value, unit) == text


def test_every_claim_of_the_course_names_programs_that_are_there() -> None:
    found = registry.load(courses.load(ROOT))
    assert {"lend_not_copy", "sum_a_million", "freed_in_a_cycle"} <= {claim.name for claim in found}
    for claim in found:
        assert not list(claim_peers.missing(courses.load(ROOT), claim)), claim.name
        chapter = ROOT / "chapters" / claim.chapter.name
        manifest = tomllib.loads((chapter / "Cargo.toml").read_text(encoding="utf-8"))
        for side in claim.sides:
            if side.bench:
                assert side.bench in [target["name"] for target in manifest["bench"]]
                assert side.figure in (chapter / "benches" / f"{side.bench}.rs").read_text(encoding="utf-8")
            if side.script:
                assert f'"{side.figure}"' in (chapter / Path(side.script)).read_text(encoding="utf-8")
