"""The compiler called without cargo: it says what cargo would say, and gives way to cargo whenever that is in doubt."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from course_copy import COUNT, MEAN, SCALE, Copy, lay_down
from workbook import author, headstart, judge, replay, stamps
from workbook.files import locked
from workbook.verdict import Verdict

PACKAGE = "tensors-exercises"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A course whose exercises use their chapter's crate: `count_first`'s wanted number stands there."""
    copy = lay_down(tmp_path_factory.mktemp("replay") / "kurs ö")
    copy.edit(
        "Cargo.toml", "[workspace.dependencies]\n", '[workspace.dependencies]\ntensors.path = "chapters/01_tensors"\n'
    )
    copy.edit("solutions/01_tensors/Cargo.toml", "[lints]", "[dependencies]\ntensors.workspace = true\n\n[lints]")
    with (copy.root / "chapters/01_tensors/src/lib.rs").open("a", encoding="utf-8") as file:
        file.write("\n/// What two layers have.\npub const WANTED: usize = 3;\n")
    copy.edit("chapters/01_tensors/checks/count_first.rs", "let want = 3;", "let want = tensors::WANTED;")
    author.sync(copy.course())
    command = ["cargo", "generate-lockfile", "--offline", "--quiet"]
    subprocess.run(command, cwd=copy.root, env=copy.environment(), check=True, stdin=subprocess.DEVNULL)
    return copy


@pytest.fixture
def copy(built: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Copy]:
    """The course with its first exercise's command learnt."""
    for name in ("CARGO_TARGET_DIR", "RUSTFLAGS", "WORKBOOK_REPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WORKBOOK_ROOT", str(built.root))
    # pytest's own variable changes between a test and its fixtures.
    monkeypatch.setattr(stamps, "PERSONAL", re.compile(stamps.PERSONAL.pattern + "|PYTEST_CURRENT_TEST"))
    kept = tmp_path / "kept"
    ignored = shutil.ignore_patterns("target", ".workbook")
    shutil.copytree(built.root, kept, ignore=ignored)
    settle()
    built.write(COUNT, built.solution(COUNT))
    judged(built)
    built.write(COUNT, built.solution(COUNT) + "// learnt\n")
    judged(built)
    yield built
    shutil.copytree(kept, built.root, dirs_exist_ok=True)


def settle() -> None:
    """Waits until what was written last is clearly older than the next build."""
    time.sleep(2 * replay.SLACK_NS / 1e9)


def judged(copy: Copy, name: str = COUNT) -> tuple[Verdict, list[bool]]:
    """A verdict, and for each question to the compiler or to clippy whether it went without cargo."""
    went: list[bool] = []
    real = replay.replay

    def spy(call: replay.Call) -> replay.Replayed | None:
        answer = real(call)
        went.append(answer is not None)
        return answer

    replay.replay = spy
    try:
        course = copy.course()
        return judge.judge(course, course.exercise(name)), went
    finally:
        replay.replay = real


def plain(verdict: Verdict) -> dict[str, object]:
    """The verdict less its times."""
    for check in verdict.checks:
        check.seconds = 0.0
    return dataclasses.asdict(dataclasses.replace(verdict, seconds=0.0))


def cargo_test(copy: Copy, name: str = COUNT) -> bool:
    command = ["cargo", "test", "--quiet", "-p", PACKAGE, "--test", name, "--locked"]
    return subprocess.run(command, cwd=copy.root, env=copy.environment(), capture_output=True).returncode == 0


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (COUNT, "(weights.len(), weights)"),
        (COUNT, "let kept = weights;\n(weights.len(), kept)"),
        (COUNT, "let unused = 1;\n(weights.len(), weights)"),
        (COUNT, "(nothing.len(), weights)\n}\nfn other() {\nlet x: u8 = 1_u16;"),
        (COUNT, "(weights.len(), weights"),
        (COUNT, "use missing_crate::thing;\n(thing(), weights)"),
        (COUNT, "(4, weights)"),
        (SCALE, "let _ = *value * factor;"),
        (MEAN, "fn mean(values: &Vec<f32>) -> f32 {\n    values.iter().sum::<f32>() / values.len() as f32\n}"),
    ],
)
def test_it_says_what_cargo_says(copy: Copy, monkeypatch: pytest.MonkeyPatch, name: str, code: str) -> None:
    copy.solve(name)
    judged(copy, name)
    copy.body(name, code)
    ours, went = judged(copy, name)
    assert went and went[0]
    monkeypatch.setenv("WORKBOOK_REPLAY", "0")
    theirs, asked = judged(copy, name)
    assert not asked
    assert plain(ours) == plain(theirs)
    assert cargo_test(copy, name) == (ours.passed or ours.stage == "lint")


def test_clippy_too_goes_without_cargo(copy: Copy) -> None:
    copy.write(COUNT, copy.solution(COUNT) + "// once more\n")
    verdict, went = judged(copy)
    assert verdict.passed
    assert went == [True, True]


def test_cargo_still_knows_what_it_built(copy: Copy) -> None:
    """A file that comes back with its old time stamp, after another was compiled without cargo in between."""
    path = copy.write(COUNT, copy.solution(COUNT) + "// kept\n")
    aside = path.with_suffix(".aside")
    shutil.copy2(path, aside)
    assert cargo_test(copy)
    copy.body(COUNT, "(4, weights)")
    assert not judged(copy)[0].passed
    aside.replace(path)
    assert cargo_test(copy)
    verdict, went = judged(copy)
    assert verdict.passed and went[0]


def test_two_contents_in_turn(copy: Copy) -> None:
    for turn in range(6):
        right = turn % 2 == 0
        copy.body(COUNT, "(weights.len(), weights)" if right else "(4, weights)")
        verdict, went = judged(copy)
        assert verdict.passed == right and went[0]
        assert cargo_test(copy) == right


def test_the_checks_are_read_each_time(copy: Copy) -> None:
    copy.edit("chapters/01_tensors/checks/count_first.rs", "let want = tensors::WANTED;", "let want = 17;")
    verdict, went = judged(copy)
    assert verdict.failed_checks == ["counts_the_weights"] and went == [True]


def test_a_change_of_the_chapters_crate_is_seen(copy: Copy) -> None:
    copy.edit("chapters/01_tensors/src/lib.rs", "WANTED: usize = 3", "WANTED: usize = 5")
    verdict, went = judged(copy)
    assert verdict.failed_checks == ["counts_the_weights"] and went == [False]
    settle()
    copy.write(COUNT, copy.solution(COUNT) + "// after\n")
    judged(copy)
    copy.write(COUNT, copy.solution(COUNT) + "// long after\n")
    verdict, went = judged(copy)
    assert verdict.failed_checks == ["counts_the_weights"] and went == [True]


@pytest.mark.parametrize(
    "changed",
    [
        "Cargo.toml",
        "Cargo.lock",
        "exercises/01_tensors/Cargo.toml",
        "solutions/01_tensors/Cargo.toml",
        "rust-toolchain.toml",
    ],
)
def test_a_touched_manifest_is_cargos_business(copy: Copy, changed: str) -> None:
    os.utime(copy.root / changed)
    assert judged(copy)[1][0] is False


def test_a_new_setting_is_seen(copy: Copy) -> None:
    config = copy.root / ".cargo" / "config.toml"
    config.parent.mkdir()
    config.write_text('[build]\nrustflags = ["--cfg", "strict"]\n', encoding="utf-8")
    try:
        assert judged(copy)[1][0] is False
    finally:
        shutil.rmtree(config.parent)


def test_a_new_build_script_is_seen(copy: Copy) -> None:
    script = copy.root / "exercises" / "01_tensors" / "build.rs"
    script.write_text('fn main() {\n    println!("cargo::rustc-cfg=strict");\n}\n', encoding="utf-8")
    try:
        assert judged(copy)[1][0] is False
    finally:
        script.unlink()


def test_another_environment_is_cargos_business(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "another")
    assert judged(copy)[1][0] is True
    monkeypatch.setenv("RUSTFLAGS", "--cfg strict")
    assert judged(copy)[1][0] is False


def test_a_lost_dependency_is_built_again(copy: Copy) -> None:
    for path in (copy.root / "target" / "debug" / "deps").glob("libtensors-*"):
        path.unlink()
    verdict, went = judged(copy)
    assert verdict.passed and went[0] is False


def test_a_cleaned_target_folder_is_built_again(copy: Copy) -> None:
    shutil.rmtree(copy.root / "target")
    verdict, went = judged(copy)
    assert verdict.passed and went[0] is False


def test_a_change_while_cargo_runs_is_not_trusted(copy: Copy) -> None:
    record = copy.root / ".workbook" / "replay" / f"{PACKAGE}-{COUNT}-build.json"
    record.unlink()
    copy.write(COUNT, copy.solution(COUNT) + "// a moment ago\n")
    os.utime(copy.root / "Cargo.toml")
    judged(copy)
    assert not record.exists()


def test_another_runner_at_the_same_exercise_is_left_alone(copy: Copy) -> None:
    record = copy.root / ".workbook" / "replay" / f"{PACKAGE}-{COUNT}-build.json"
    with locked(record.with_suffix(".lock")):
        verdict, went = judged(copy)
    assert verdict.passed and went[0] is False


@pytest.mark.parametrize(
    "said", ["", '{"level": "error", "code": null, "message": "linking failed", "spans": []}', "panic"]
)
def test_a_failure_without_a_place_is_cargos_business(copy: Copy, tmp_path: Path, said: str) -> None:
    """A linker that fails, a compiler that crashes: cargo tries again, and says it in its own words."""
    record = copy.root / ".workbook" / "replay" / f"{PACKAGE}-{COUNT}-build.json"
    broken = tmp_path / "rustc"
    broken.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    kept = json.loads(record.read_text(encoding="utf-8"))
    kept["command"][0] = str(broken)
    record.write_text(json.dumps(kept), encoding="utf-8")
    verdict, went = judged(copy)
    assert verdict.passed and went[0] is False


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"identity": 3, "stamps": 4}', "\x00"])
def test_a_damaged_record_is_no_record(copy: Copy, text: str) -> None:
    record = copy.root / ".workbook" / "replay" / f"{PACKAGE}-{COUNT}-build.json"
    record.write_text(text, encoding="utf-8")
    verdict, went = judged(copy)
    assert verdict.passed and went[0] is False


def test_an_interrupted_compiler_leaves_nothing_that_is_believed(copy: Copy) -> None:
    for delay in (0.08, 0.12, 0.16, 0.2, 0.24, 0.3):
        copy.body(COUNT, "(weights.len(), weights)")
        runner = subprocess.Popen(
            copy.command("run", COUNT),
            cwd=copy.root,
            env=copy.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        time.sleep(delay)
        runner.send_signal(signal.SIGINT)
        runner.communicate()
        copy.body(COUNT, "(4, weights)")
        assert judged(copy)[0].failed_checks == ["counts_the_weights"]
        assert not cargo_test(copy)


@pytest.fixture
def begun(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Whether the compiler's head start was taken over, for each time that somebody asked."""
    taken: list[bool] = []
    real = headstart.take

    def spy(record: str) -> tuple[str, int] | None:
        answer = real(record)
        taken.append(answer is not None)
        return answer

    monkeypatch.setattr(headstart, "take", spy)
    yield taken
    real("nothing")


@pytest.mark.parametrize("name", [COUNT, f"01_tensors/{COUNT}", f"exercises/01_tensors/{COUNT}.rs"])
def test_the_compiler_starts_before_the_runner(copy: Copy, begun: list[bool], name: str) -> None:
    for code in ("(weights.len(), weights)", "let kept = weights;\n(weights.len(), kept)", "(4, weights)"):
        copy.body(COUNT, code)
        here = Path.cwd()
        headstart.begin(name)
        ours, went = judged(copy)
        theirs, _ = judged(copy)
        assert went[0] and begun[0]
        assert plain(ours) == plain(theirs)
        assert Path.cwd() == here
        begun.clear()


def test_an_edit_after_the_head_start_counts(copy: Copy, begun: list[bool]) -> None:
    copy.body(COUNT, "(weights.len(), weights)")
    headstart.begin(COUNT)
    copy.body(COUNT, "(4, weights)")
    verdict, went = judged(copy)
    assert verdict.failed_checks == ["counts_the_weights"]
    assert begun == [False] and went == [True]


def test_a_head_start_for_another_exercise_is_dropped(copy: Copy, begun: list[bool]) -> None:
    copy.solve(SCALE)
    judged(copy, SCALE)
    headstart.begin(COUNT)
    verdict, _ = judged(copy, SCALE)
    assert verdict.passed and begun[0] is False


@pytest.mark.parametrize("name", ["", "nothing", "../" + COUNT + "x", "first", "\0"])
def test_no_head_start_for_what_is_not_known(copy: Copy, begun: list[bool], name: str) -> None:
    headstart.begin(name)
    assert headstart._begun is None


def test_no_head_start_after_a_change(copy: Copy, begun: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUSTFLAGS", "--cfg strict")
    headstart.begin(COUNT)
    assert headstart._begun is None
    monkeypatch.delenv("RUSTFLAGS")
    os.utime(copy.root / "Cargo.toml")
    headstart.begin(COUNT)
    assert headstart._begun is None


def test_run_says_the_same_with_a_head_start_and_without(copy: Copy) -> None:
    for code in ("(weights.len(), weights)", "let kept = weights;\n(weights.len(), kept)"):
        copy.body(COUNT, code)
        replies = [copy.call("run", COUNT, "--json", WORKBOOK_REPLAY=replayed) for replayed in ("1", "1", "0")]
        times = re.compile(r'"seconds": [0-9.]+')
        assert len({times.sub("", reply.out) for reply in replies}) == 1
        assert len({reply.code for reply in replies}) == 1
