"""What grading rests on: the rules about an answer's words, the report that a check makes, the teacher's own checks."""

from __future__ import annotations

import dataclasses
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from course_copy import COUNT, MEAN, SCALE, Copy
from workbook import course as courses
from workbook import exercise, grade, guarded, sandbox, schema, source_rules
from workbook.course import CourseError
from workbook.scratch import Answer

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="sandboxes are Linux's alone")

HIDDEN = """\
//! What no learner knows.

use super::scale;

#[test]
fn scales_by_a_half() {
    let mut got = vec![8.0];
    scale(&mut got, 0.5);
    let want = [4.0];
    assert_eq!(got, want, "a secret of the teacher's");
}

#[test]
fn scales_nothing() {
    scale(&mut [], 3.0);
}
"""


# The rules about words.


def fault(text: str, checks: str = "", name: str = SCALE) -> str | None:
    item = courses.Exercise("01_tensors", name, "", 1, (), (), (), (), "")
    return source_rules.fault(f"{text}\n{item.footer}\n", item, "fn scale() {}\n", checks)


@pytest.mark.parametrize(
    "text",
    [
        "// unsafe, include_str!(\"x\") and std::process::exit(0)\nfn f() {}",
        "/* unsafe /* nested */ extern crate */ fn f() {}",
        'fn f() -> &\'static str { "unsafe \\" extern" }',
        'fn f() -> &\'static str { r#"unsafe " extern"# }',
        "fn f<'a>(x: &'a str) -> char { let _ = x; 'u' }",
        "fn f() -> u8 { b'\\'' + b'\"' }",
        "fn f(include: u8, path: &str) -> u8 { let process = include; let asm = path.len(); process + asm as u8 }",
        "mod inner { pub fn f() {} }",
        "#![allow(dead_code)]\nfn f() {}",
        "macro_rules! square { ($x:expr) => { $x * $x }; }\nfn f() {}",
        "fn f(x: f32) -> f64 { x as f64 }",
        "fn r#match() {}",
        "fn f() -> f32 { 1.0.max(2.) + 1e-3 + (0..5).len() as f32 }",
    ],
)  # fmt: skip
def test_an_ordinary_answer_may_be_judged(text: str) -> None:
    assert fault(text, "use super::*;\nfn g() { vec![1]; }") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fn f() {}\nfn g() { unsafe { } }", "line 2: `unsafe`"),
        ("fn f() { let s = \"\\\\\"; unsafe {} }", "line 1: `unsafe`"),
        ("fn f() { let c = '\"'; unsafe {} let d = '\"'; }", "line 1: `unsafe`"),
        ("fn f() { let s = r\"\\\"; unsafe {} let t = \"\"; }", "line 1: `unsafe`"),
        ("fn f() { /* /* */ */ unsafe {} }", "line 1: `unsafe`"),
        ("fn f() { let x = r#unsafe(); }", "line 1: `unsafe`"),
        ("fn f<'a>() { unsafe {} let _: &'a str; }", "line 1: `unsafe`"),
        ("use std as s;\nfn f() { s::process::exit(0) }", "line 2: `process`"),
        ("use std::{env, process};\nfn f() {}", "line 1: `process`"),
        ("use std::*;\nfn f() { process::exit(0) }", "line 2: `process`"),
        ("use std::os::unix as u;\nfn f() {}", "line 1: `os`"),
        ("use std::include_str as x;\nfn f() {}", "line 1: `include_str`"),
        ("extern crate alloc;\nfn f() {}", "line 1: `extern`"),
        ("mod other;\nfn f() {}", "line 1: `mod`"),
        ("#![feature(x)]\nfn f() {}", "line 1: `#![feature]`"),
        ("macro_rules! assert { () => {}; }\nfn f() {}", "line 1: a macro `assert`"),
        ("macro_rules! vec { () => {}; }\nfn f() {}", "line 1: a macro `vec`"),
        ("type Vec = u8;\nfn f() {}", "line 1: `Vec`"),
        ("fn f() {}\n#[cfg(any())]", "line 2: what stands before the checks"),
        ("fn f() {", "a bracket is never closed"),
        ("fn f() {} )", "line 1: a bracket"),
        ("/* fn f() {}", "a comment that never ends"),
        ("fn f() {} const X: &str = \"", "a string that never ends"),
        ("#!/bin/sh /*\nfn f() {}", "line 1: `#!`"),
    ],
)  # fmt: skip
def test_a_word_that_leaves_the_rules_is_named_with_its_line(text: str, said: str) -> None:
    found = fault(text, "use super::*;\nfn g() { vec![1]; }")
    assert found is not None and said in found


def test_what_the_master_says_is_allowed() -> None:
    item = courses.Exercise("01_tensors", SCALE, "", 1, (), (), (), (), "")
    text = f"fn f() {{ unsafe {{ }} }}\n{item.footer}\n"
    assert source_rules.fault(text, item, "fn f() { unsafe { } }", "") is None


def test_no_rule_is_against_an_answer_of_the_course() -> None:
    """Starters, solutions and the wrong answers that people give: all are judged by what they do."""
    course = courses.load()
    count = 0
    for item in course.exercises:
        master = exercise.parse(course.file(item.master).read_text(encoding="utf-8"), Path(item.master))
        checks = course.file(item.checks).read_text(encoding="utf-8")
        wrong = [master.filled(answer.blocks) for answer in schema.read_wrong(course.file(item.wrong))]
        for text in (master.starter(), master.solution(), *wrong):
            count += 1
            assert source_rules.fault(text, item, master.solution(), checks) is None, item.name
    assert count > 500


@LINUX
def test_a_module_for_the_browser_is_judged_in_node_and_brings_no_javascript() -> None:
    course = courses.load()
    chapter = course.chapter("16_wasm")
    item = next(item for item in chapter.exercises if item.name == "for_javascript")
    master = exercise.parse(course.file(item.master).read_text(encoding="utf-8"), Path(item.master))
    forged = master.starter() + '\n#[wasm_bindgen(inline_js = "export function f() {}")]\nextern "C" {}\n'
    answers = [Answer(item, item.name, text) for text in (master.solution(), master.starter(), forged)]
    ready = guarded.prepare(course, dataclasses.replace(chapter, exercises=(item,)), ".guarded-node")
    solved, unchanged, refused = guarded.judge_all(course, ready, answers, cell=sandbox.find())
    assert solved.verdict.passed, solved.verdict.message
    assert (unchanged.verdict.passed, unchanged.verdict.stage) == (False, "check")
    assert refused.verdict.causes == [guarded.REFUSED]
    assert "`inline_js`: an answer that JavaScript calls must not bring JavaScript" in refused.verdict.message


# The report.


def test_the_checks_keep_their_lines_and_names() -> None:
    source = "//! What.\n\nuse super::f;\n\n#[test]\nfn one() {\n    f();\n}\n\nfn help() {}\n\n#[test]\nfn two() {}\n"
    made = guarded.guarded(source.replace("two() {}", "two() {\n}")).splitlines()
    assert [line.strip() for line in made[:4]] == ["//! What.", "", "use super::f;", ""]
    assert made[4:7] == ["", "fn __workbook_one() {", "    f();"]
    assert exercise.check_names(source) == ["checks::one", "checks::two"]
    assert sum("fn one()" in line or "fn two()" in line for line in made) == 2


def test_an_async_check_reports_after_its_runtime_has_ended() -> None:
    source = "#[tokio::test(start_paused = true)]\nasync fn one() {\n}\n\n#[tokio::test]\nasync fn two() {\n}\n"
    made = guarded.guarded(source).splitlines()
    assert made[:2] == [
        '#[::tokio::main(flavor = "current_thread", start_paused = true)]',
        "async fn __workbook_one() {",
    ]
    assert made[4:6] == ['#[::tokio::main(flavor = "current_thread")]', "async fn __workbook_two() {"]
    assert sum("fn one()" in line or "fn two()" in line for line in made) == 2
    with pytest.raises(CourseError, match="'one' must be a plain"):
        guarded.guarded(source.replace("tokio::test(start_paused = true)", "test"))


def test_a_check_that_is_no_plain_function_is_refused() -> None:
    with pytest.raises(CourseError, match="'one' must be a plain"):
        guarded.guarded("#[test]\nfn one() -> Result<(), String> {\n    Ok(())\n}\n")


@LINUX
def test_a_sandbox_shows_nothing_of_the_machine(tmp_path: Path) -> None:
    cell = sandbox.find()
    (tmp_path / "mine").write_text("secret", encoding="utf-8")
    (tmp_path / "shown").mkdir()
    script = f"ls -A {tmp_path} /tmp /home /root /proc; echo no > {tmp_path}/shown/x; id -u"
    script += "; prlimit --nproc --noheadings -o SOFT; env"
    room = sandbox.Room(Path("/tmp"), (tmp_path / "shown",))
    outcome = sandbox.run(cell, ["sh", "-c", script], room, seconds=10, limits=sandbox.Limits(processes=77))
    assert "mine" not in outcome.output and "shown" in outcome.output
    assert "Read-only file system" in outcome.output or "Permission denied" in outcome.output
    assert outcome.output.count("No such file") == 3
    assert "\n0\n" not in outcome.output and "77" in outcome.output.split()
    assert not (tmp_path / "shown" / "x").exists()
    names = {line.partition("=")[0] for line in outcome.output.splitlines() if "=" in line}
    assert names <= {*sandbox.BARE, "PWD", "SHLVL", "OLDPWD", "_"}


@LINUX
def test_what_fails_inside_is_told_from_a_sandbox_that_fails() -> None:
    cell = sandbox.find()
    inside = sandbox.run(cell, ["sh", "-c", "echo bwrap: no; exit 1"], sandbox.Room(Path("/")), seconds=10)
    assert (inside.returncode, inside.output) == (1, "bwrap: no\n")
    killed = sandbox.run(cell, ["sh", "-c", "kill -SEGV $$"], sandbox.Room(Path("/")), seconds=10)
    assert killed.returncode == -11
    with pytest.raises(sandbox.Broken, match="could not be set up"):
        sandbox.run(cell, ["true"], sandbox.Room(Path("/nowhere")), seconds=10)


@pytest.mark.parametrize("options", [[], ["--trust"]])
def test_without_a_sandbox_nothing_runs_unless_it_is_trusted(small: Copy, tmp_path: Path, options: list[str]) -> None:
    """A PATH on which there is no bubblewrap, as on a machine that has none."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("cargo", "rustc", "cc", "ld", "git"):
        if found := shutil.which(name):
            (programs / name).symlink_to(found)
    item = small.course().exercise(SCALE)
    ada = tmp_path / "ada" / item.path
    ada.parent.mkdir(parents=True)
    ada.write_text(small.solution(SCALE), encoding="utf-8")
    out = tmp_path / "out"
    reply = small.call(
        "grade", "submissions", str(tmp_path / "ada"), "--out", str(out), "--json", *options, PATH=str(programs)
    )
    if options:
        assert reply.code == 0, reply.err
        assert reply.data["learners"][0]["points"] == 1
    else:
        assert reply.code == 2
        assert "bubblewrap" in reply.err and "--trust" in reply.err
        assert not (small.root / ".grade").exists() and not out.exists()


# The teacher's own checks.


def with_hidden(small: Copy, tmp_path: Path, text: str = HIDDEN) -> Path:
    path = tmp_path / "own" / "01_tensors" / f"{SCALE}.rs"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return tmp_path / "own"


def test_own_checks_decide_and_are_never_told(small: Copy, tmp_path: Path) -> None:
    """Ada's answer is right, bob's knows the course's own numbers, cy's lacks what the own checks call."""
    table = "fn scale(values: &mut [f32], _factor: f32) {\n    values.copy_from_slice(&[6.0, -2.0][..]);\n}\n"
    table = table.replace("values.copy", "if values.len() != 2 {\n        return;\n    }\n    values.copy")
    footer = small.course().exercise(SCALE).footer
    leak = small.solution(SCALE).replace(
        "*value *= factor;", '*value *= factor;\n        assert!(factor == 2.0, "the factor is {factor}");'
    )
    answers = {
        "ada": small.solution(SCALE),
        "bob": f"//! Mine.\n\n{table}\n{footer}\n",
        "cy": leak,
        "dan": small.starter(SCALE),
    }
    for learner, text in answers.items():
        path = tmp_path / "class" / learner / small.course().exercise(SCALE).path
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    out, own = tmp_path / "out", with_hidden(small, tmp_path)
    reply = small.call(
        "grade", "submissions", "--class", str(tmp_path / "class"), "--checks", str(own), "--out", str(out), "--json"
    )
    assert reply.code == 0, reply.err
    marks = {
        learner["learner"]: next(item for item in learner["exercises"] if item["name"] == SCALE)
        for learner in reply.data["learners"]
    }
    assert {name: mark["points"] for name, mark in marks.items()} == {"ada": 1, "bob": 0, "cy": 0, "dan": 0}
    assert {name: mark["state"] for name, mark in marks.items()} == {
        "ada": "passed", "bob": "failed", "cy": "failed", "dan": "unchanged",
    }  # fmt: skip
    assert marks["bob"]["message"] == marks["cy"]["message"] == grade.HELD_BACK
    assert marks["bob"]["failed_checks"] == [] and marks["bob"]["hint"] is None
    everything = (
        reply.out + reply.err + "".join(path.read_text(encoding="utf-8") for path in out.rglob("*") if path.is_file())
    )
    for secret in ("scales_by_a_half", "scales_nothing", "secret of the teacher", "factor is 0.5", "[4.0]"):
        assert secret not in everything


def test_an_answer_cannot_learn_from_the_compiler_what_is_hidden(small: Copy, tmp_path: Path) -> None:
    """Hidden checks that do not compile beside an answer say nothing to its author."""
    text = HIDDEN.replace("scale(&mut [], 3.0);", "scale(&mut [], 3.0);\n    let _ = super::TWICE;")
    master = small.root / small.course().exercise(SCALE).master
    master.write_text(
        master.read_text(encoding="utf-8").replace(
            "/// Multiplies", "/// Two.\n#[allow(dead_code)]\nconst TWICE: f32 = 2.0;\n\n/// Multiplies"
        ),
        encoding="utf-8",
    )
    lacking = small.solution(SCALE).replace("const TWICE", "const OTHER")
    course = small.course()
    ready = guarded.prepare(course, course.chapter("01"), ".grade")
    item = course.exercise(SCALE)
    answers = [Answer(item, "a", small.solution(SCALE)), Answer(item, "b", lacking)]
    cell = sandbox.find() if sys.platform == "linux" else None
    extra = with_hidden(small, tmp_path, text)
    whole, lacks = guarded.judge_all(course, ready, answers, cell=cell, extra=extra)
    assert whole.hidden == {"scales_by_a_half": True, "scales_nothing": True}
    assert lacks.hidden == {"scales_by_a_half": False, "scales_nothing": False}
    assert lacks.verdict.passed and "TWICE" not in json.dumps(lacks.verdict.to_json())


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("01_tensors/nothing.rs", HIDDEN, "belongs to no exercise"),
        ("README.md", "x", "there are no checks in it"),
        (f"01_tensors/{SCALE}.rs", HIDDEN.replace("[4.0]", "[5.0]"), "fails your own check 'scales_by_a_half'"),
        (f"01_tensors/{SCALE}.rs", HIDDEN.replace("use super::scale;", ""), "fails your own check"),
        (f"01_tensors/{SCALE}.rs", HIDDEN.replace("nothing() {", "nothing() -> () {"), "must be a plain"),
    ],
)
def test_own_checks_that_are_none_are_named(small: Copy, tmp_path: Path, path: str, text: str, said: str) -> None:
    own = tmp_path / "own" / path
    own.parent.mkdir(parents=True)
    own.write_text(text, encoding="utf-8")
    # Own checks are tried with the course's solution once there is an answer to judge.
    shutil.copytree(small.root / "exercises", tmp_path / "ada" / "exercises")
    reply = small.call(
        "grade", "submissions", str(tmp_path / "ada"), "--checks", str(tmp_path / "own"), "--out", str(tmp_path / "out")
    )
    assert reply.code == 2
    assert said in reply.err


def test_a_batch_can_be_judged_in_another_process(small: Copy) -> None:
    """Nothing but the arguments counts: they are sent as bytes, and the verdicts come back so."""
    import pickle
    import subprocess

    course = small.course()
    ready = guarded.prepare(course, course.chapter("01"), ".grade")
    answers = [Answer(course.exercise(name), name, small.solution(name)) for name in (COUNT, SCALE, MEAN)]
    answers.append(Answer(course.exercise(MEAN), "starter", small.starter(MEAN)))
    program = (
        "import pickle, sys\nfrom workbook import guarded\n"
        "course, ready, answers, cell = pickle.load(sys.stdin.buffer)\n"
        "pickle.dump(guarded.judge_all(course, ready, answers, cell=cell), sys.stdout.buffer)\n"
    )
    cell = sandbox.find() if sys.platform == "linux" else None
    sent = pickle.dumps((course, ready, answers, cell))
    reply = subprocess.run([sys.executable, "-c", program], input=sent, capture_output=True, check=True)
    judged: list[Any] = pickle.loads(reply.stdout)
    assert [each.verdict.passed for each in judged] == [True, True, True, False]
    assert judged[3].verdict.stage == "lint" and judged[3].verdict.causes == ["clippy::ptr_arg"]
