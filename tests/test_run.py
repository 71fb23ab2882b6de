"""`run`, `verify`, `hint`, `solution`, `reset` and the overview, end to end: a small course, real cargo, no terminal"""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from pathlib import Path

import pexpect
import pytest
from junitparser import Failure, JUnitXml

from course_copy import COUNT, MEAN, SCALE, Copy, alive, processes
from workbook import author

ESCAPE = "\x1b"


def at_line(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


# --- the verdicts -------------------------------------------------------------------------------------------------


def test_a_file_that_does_not_compile(small: Copy) -> None:
    reply = small.call("run", COUNT)
    assert reply.code == 1
    assert "does not compile  E0382" in reply.out
    # The compiler's own message, with the learner's line, and the hint that knows the code.
    line = at_line(small.path(COUNT), "(weights.len(), kept)")
    assert f"exercises/01_tensors/{COUNT}.rs:{line}:6" in reply.out
    assert "The value was moved in the line above." in reply.out
    assert f"python3 workbook hint {COUNT}" in reply.out

    data = small.call("run", COUNT, "--json").data
    assert (data["stage"], data["code"], data["passed"]) == ("compile", "E0382", False)
    assert (data["causes"], data["failed_checks"], data["checks"]) == (["E0382"], [], [])
    assert [(d["code"], d["line"]) for d in data["diagnostics"] if d["level"] == "error"] == [("E0382", line)]


def test_a_file_that_fails_a_check(small: Copy) -> None:
    reply = small.call("run", SCALE)
    assert reply.code == 1
    assert "compiles, but a check fails" in reply.out
    checks = small.root / f"chapters/01_tensors/checks/{SCALE}.rs"
    line = at_line(checks, 'assert_eq!(got, want, "twice')
    assert f"chapters/01_tensors/checks/{SCALE}.rs:{line}\n" in reply.out
    assert re.search(rf"(?m)^[▶>]\s+{line} [│|]     assert_eq!", reply.out)
    assert re.search(r"wanted\s+\[6\.0, -2\.0\]\n\s+got\s+\[3\.0, -1\.0\]", reply.out)
    assert "The product must be written back." in reply.out

    data = small.call("run", SCALE, "--json").data
    assert (data["stage"], data["code"], data["failed_checks"]) == ("check", None, ["scales_each_value"])
    assert [check["state"] for check in data["checks"]] == ["passed", "failed"]
    failed = data["checks"][1]
    assert (failed["message"], failed["wanted"], failed["got"]) == ("twice [3.0, -1.0]", "[6.0, -2.0]", "[3.0, -1.0]")
    assert (failed["file"], failed["line"]) == (f"chapters/01_tensors/checks/{SCALE}.rs", line)


def test_a_file_that_passes(small: Copy) -> None:
    small.solve(SCALE)
    reply = small.call("run", SCALE)
    assert reply.code == 0
    assert "passes  2 checks" in reply.out
    assert f"Next: python3 workbook run {COUNT}" in reply.out
    data = small.call("run", SCALE, "--json").data
    assert (data["stage"], data["passed"], data["failed_checks"], data["hint"]) == ("done", True, [], None)


def test_a_lint_decides_where_the_exercise_says_so(small: Copy) -> None:
    reply = small.call("run", MEAN)
    assert reply.code == 1
    assert "passes its checks, but not its lint" in reply.out
    assert "writing `&Vec` instead of `&[_]`" in reply.out
    assert "Arrays have a mean too." in reply.out
    data = small.call("run", MEAN, "--json").data
    assert (data["stage"], data["causes"], data["failed_checks"]) == ("lint", ["clippy::ptr_arg"], [])
    small.solve(MEAN)
    assert small.call("run", MEAN).code == 0


def test_elsewhere_a_lint_only_advises_and_only_after_a_pass(small: Copy) -> None:
    clumsy = "*value = *value * factor;"
    small.body(SCALE, f"{clumsy}\nbreak;")
    assert "Clippy" not in small.call("run", SCALE).out
    assert small.call("run", SCALE, "--json").data["lints"] == []
    small.body(SCALE, clumsy)
    reply = small.call("run", SCALE)
    assert reply.code == 0
    assert reply.out.index("passes  2 checks") < reply.out.index("Clippy, Rust's linter, adds:")
    assert "manual implementation of an assign operation" in reply.out


def test_warnings_of_the_compiler_are_no_errors(small: Copy) -> None:
    small.body(SCALE, "let unused = 1;\n*value *= factor;")
    data = small.call("run", SCALE, "--json").data
    assert data["passed"]
    assert [d["level"] for d in data["diagnostics"]] == ["warning"]


def test_the_verdict_is_on_the_file_as_it_is_now(small: Copy) -> None:
    """Back and forth between contents: no run may answer with an earlier one's verdict."""
    right, wrong = small.solution(SCALE), small.starter(SCALE)
    for text, code in ((right, 0), (wrong, 1), (right, 0), (right, 0), (wrong, 1), ("fn f( {", 1), (right, 0)):
        small.write(SCALE, text)
        assert small.call("run", SCALE, "--json").code == code
    checks = small.root / f"chapters/01_tensors/checks/{SCALE}.rs"
    checks.write_text(checks.read_text(encoding="utf-8").replace("6.0, -2.0", "6.0, -2.5"), encoding="utf-8")
    assert small.call("run", SCALE, "--json").data["failed_checks"] == ["scales_each_value"]


def test_an_error_without_a_code(small: Copy) -> None:
    small.write(SCALE, "fn scale( {\n")
    data = small.call("run", SCALE, "--json").data
    assert (data["stage"], data["code"], data["causes"]) == ("compile", None, ["uncoded"])
    assert data["message"].startswith("It does not compile: ")
    assert small.call("run", SCALE).code == 1


def test_without_a_name_it_is_the_first_that_is_not_done(small: Copy) -> None:
    assert small.call("run", "--json").data["name"] == COUNT
    small.solve(COUNT)
    small.call("run", COUNT)
    assert small.call("run", "--json").data["name"] == SCALE


def test_when_everything_is_done_it_says_so(small: Copy) -> None:
    small.solve(COUNT, SCALE, MEAN)
    assert small.call("verify").code == 0
    reply = small.call("run")
    assert (reply.code, reply.out) == (0, "All exercises are done.\n")
    assert small.call("run", "--json").out == "null\n"
    assert small.call().out.endswith("'python3 workbook list' shows them, 'quiz CHAPTER' asks about them.\n")


# --- programs that misbehave ----------------------------------------------------------------------------------------


def test_an_endless_loop_gets_its_verdict_within_the_limit_and_leaves_nothing(small: Copy) -> None:
    small.body(SCALE, "loop {\n    std::hint::spin_loop();\n}")
    small.call("run", COUNT)
    started = time.monotonic()
    reply = small.call("run", SCALE, "--json")
    took = time.monotonic() - started
    data = reply.data
    assert reply.code == 1
    assert (data["stage"], data["causes"][0]) == ("check", "timeout")
    assert [(check["state"], check["cause"]) for check in data["checks"]] == [
        ("failed", "timeout"),
        ("not_run", "timeout"),
    ]
    assert "still running after 2 s" in data["checks"][0]["message"]
    # The limit is two seconds; the rest is patience with a busy machine, far from the ten of the default.
    assert 2.0 <= data["checks"][0]["seconds"] < 9.0, took
    assert processes(str(small.root)) == []
    assert "It was still running after 2 s and was stopped. Does a loop end?" in small.call("run", SCALE).out


def test_the_children_of_an_endless_loop_end_with_it(small: Copy) -> None:
    note = small.root / "child"
    small.body(
        SCALE,
        f'let child = std::process::Command::new("sleep").arg("98765").spawn().unwrap();\n'
        f'std::fs::write("{note}", child.id().to_string()).unwrap();\n'
        "loop {\n    let _ = (&value, factor);\n    std::hint::spin_loop();\n}",
    )
    assert small.call("run", SCALE, "--json").data["causes"][0] == "timeout"
    pid = int(note.read_text(encoding="utf-8"))
    deadline = time.monotonic() + 30
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(pid)


def test_a_flood_of_output_is_stopped(small: Copy) -> None:
    small.body(SCALE, 'loop {\n    println!("{value} and {factor}, over and over again");\n}')
    reply = small.call("run", SCALE, "--json")
    assert reply.code == 1
    assert reply.data["causes"][0] == "output"
    assert "printed more than 1 MB" in reply.data["checks"][0]["message"]
    assert len(reply.out) < 300_000
    assert "printed more than 1 MB and was stopped" in small.call("run", SCALE).out


def test_reading_standard_input_gets_its_end_at_once(small: Copy) -> None:
    small.body(
        SCALE,
        "let mut line = String::new();\nlet read = std::io::stdin().read_line(&mut line).unwrap();\n"
        'assert_eq!(read, 0, "bytes read");\n*value *= factor;',
    )
    # Our own input is open, as it is in a terminal, and nobody types.
    command = small.command("run", SCALE, "--json")
    with subprocess.Popen(
        command, env=small.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as runner:
        assert runner.stdout
        assert json.loads(runner.stdout.read())["passed"]


def test_a_stack_overflow_is_called_by_its_name(small: Copy) -> None:
    small.body(
        SCALE,
        "fn deeper(n: u64) -> u64 {\n    let room = [n; 512];\n    std::hint::black_box(deeper(n + 1) + room[7])\n}\n"
        "*value *= factor + deeper(0) as f32;",
    )
    data = small.call("run", SCALE, "--json").data
    assert data["causes"][0] == "crash"
    assert data["checks"][0]["message"] == "The program overflowed its stack: does a recursion end?"


def test_leaving_with_success_from_inside_is_no_pass(small: Copy) -> None:
    small.body(SCALE, "let _ = (&value, factor);\nstd::process::exit(0);")
    reply = small.call("run", SCALE)
    assert reply.code == 1
    assert "The check did not run to its end: the program left before it" in reply.out
    data = small.call("run", SCALE, "--json").data
    assert (data["stage"], data["failed_checks"]) == ("check", ["keeps_their_number", "scales_each_value"])
    # The checks are all there: nothing is to be said of the file's last lines.
    assert data["message"] == "It compiles, and 2 of 2 checks fail."


def test_leaving_with_another_status_is_a_crash(small: Copy) -> None:
    small.body(SCALE, "let _ = (&value, factor);\nstd::process::exit(3);")
    data = small.call("run", SCALE, "--json").data
    assert data["causes"][0] == "crash"
    assert data["checks"][0]["message"] == "The program left with status 3 in the middle of the check."


def test_an_abort_is_told_with_its_signal(small: Copy) -> None:
    small.body(SCALE, "let _ = (&value, factor);\nstd::process::abort();")
    data = small.call("run", SCALE, "--json").data
    assert data["causes"][0] == "crash"
    assert data["checks"][0]["message"] == "The program was ended by SIGABRT."
    assert "ended by SIGABRT" in small.call("run", SCALE).out


def test_a_panic_in_the_learners_own_line_shows_that_line(small: Copy) -> None:
    path = small.body(SCALE, "let nothing: Vec<f32> = Vec::new();\n*value *= factor * nothing[7];")
    data = small.call("run", SCALE, "--json").data
    line = at_line(path, "nothing[7]")
    failed = data["checks"][0]
    assert (failed["file"], failed["line"]) == (f"exercises/01_tensors/{SCALE}.rs", line)
    assert failed["message"] == "index out of bounds: the len is 0 but the index is 7"
    shown = small.call("run", SCALE).out
    assert f"exercises/01_tensors/{SCALE}.rs:{line}\n" in shown
    assert re.search(rf"(?m)^[▶>]\s+{line} [│|] .*nothing\[7\]", shown)


def test_a_panic_inside_the_standard_library_shows_the_check(small: Copy) -> None:
    small.body(
        SCALE,
        "*value *= factor;\nlet cell = std::cell::OnceCell::new();\n"
        "let _: &u8 = cell.get_or_init(|| *cell.get_or_init(|| 1));",
    )
    data = small.call("run", SCALE, "--json").data
    failed = data["checks"][0]
    assert failed["message"] == "reentrant init"
    # With the component rust-src, rustc names the file on this machine; without it, the one that it was built from.
    assert "/library/core/src/" in failed["file"], "this panic no longer points into the standard library"
    shown = small.call("run", SCALE).out
    checks = small.root / f"chapters/01_tensors/checks/{SCALE}.rs"
    # The check's own lines, under a line number of the check and not of the library.
    assert f"chapters/01_tensors/checks/{SCALE}.rs:{at_line(checks, '#[test]')}\n" in shown
    assert "fn keeps_their_number() {" in shown


def test_a_huge_value_is_shortened_on_the_screen(small: Copy) -> None:
    small.write(MEAN, small.solution(MEAN))
    checks = small.root / f"chapters/01_tensors/checks/{MEAN}.rs"
    text = checks.read_text(encoding="utf-8")
    checks.write_text(
        text.replace("let want = 3.0;", "let got = vec![got; 5_000];\n    let want = vec![7.0; 5_000];"),
        encoding="utf-8",
    )
    data = small.call("run", MEAN, "--json").data
    assert data["failed_checks"] == ["means_what_it_says"]
    assert data["checks"][0]["wanted"].startswith("[7.0, 7.0,") and len(data["checks"][0]["wanted"]) > 20_000
    assert data["checks"][0]["got"].startswith("[3.0, 3.0,")
    shown = small.call("run", MEAN).out
    assert len(shown) < 5_000
    assert re.search(r"… \([\d,]+ characters\)", shown)


def test_a_huge_message_is_shortened_on_the_screen(small: Copy) -> None:
    small.body(
        SCALE, 'let _ = factor;\nlet lines = format!("{value} ").repeat(9_000);\npanic!("before\\n{lines}\\nafter");'
    )
    data = small.call("run", SCALE, "--json").data
    assert data["checks"][0]["message"].startswith("before\n1 1 1")
    shown = small.call("run", SCALE).out
    assert len(shown) < 5_000
    assert "before" in shown and "characters)" in shown


def test_what_the_program_printed_is_shown_before_its_failure(small: Copy) -> None:
    small.body(SCALE, 'println!("at {value}");\neprintln!("by {factor}");')
    data = small.call("run", SCALE, "--json").data
    assert data["checks"][1]["output"] == "at 3\nby 2\nat -1\nby 2"
    shown = small.call("run", SCALE).out
    assert "Your program printed:\n    at 3\n    by 2\n" in shown


def test_control_characters_of_the_program_do_not_reach_the_terminal(small: Copy) -> None:
    rude = r"\x1b[2J\x1b]0;title\x07\x08\r\x1b[31mred"
    small.body(SCALE, f'let _ = (&value, factor);\nprintln!("{rude} printed");\npanic!("{rude} panicked");')
    data = small.call("run", SCALE, "--json").data
    assert data["checks"][0]["message"] == "red panicked"
    assert data["checks"][0]["output"] == "red printed"
    shown = small.call("run", SCALE).out
    assert "red panicked" in shown and "red printed" in shown
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", shown)


# --- checks that do not run -------------------------------------------------------------------------------------------


def without_checks(copy: Copy, kind: str) -> str:
    solution = copy.solution(SCALE)
    footer = author.read_master(copy.course(), copy.course().exercise(SCALE)).footer
    assert solution.count(footer) == 1
    own = "mod checks {\n    #[test]\n    fn keeps_their_number() {}\n    #[test]\n    fn scales_each_value() {}\n}"
    return {
        "cut": solution.replace(footer, ""),
        "replaced": solution.replace(footer, own),
        "switched off": "#![cfg(any())]\n" + solution,
        "switched off there": solution.replace(footer, f"#[cfg(any())]\n{footer}"),
        "in a comment": solution.replace(footer, f"/*\n{footer}\n*/"),
        "emptied": "",
        "elsewhere": solution.replace(footer, "mod inner {\n" + footer.replace("../..", "../../..") + "\n}"),
    }[kind]


@pytest.mark.parametrize(
    "kind", ["cut", "replaced", "switched off", "switched off there", "in a comment", "emptied", "elsewhere"]
)
def test_without_the_courses_checks_there_is_no_pass(small: Copy, kind: str) -> None:
    small.write(SCALE, without_checks(small, kind))
    reply = small.call("run", SCALE)
    assert reply.code == 1
    data = small.call("run", SCALE, "--json").data
    assert not data["passed"]
    if data["stage"] == "check":
        assert (data["causes"], data["failed_checks"]) == (
            ["checks_missing"],
            ["keeps_their_number", "scales_each_value"],
        )
        assert "The checks did not run. The last two lines of the file bring them in" in reply.out
        assert f'#[path = "../../chapters/01_tensors/checks/{SCALE}.rs"]' in reply.out
        assert f"python3 workbook reset {SCALE}" in " ".join(reply.out.split())
    else:
        # The compiler has refused the file before it came to that.
        assert data["stage"] == "compile" and kind in ("switched off", "elsewhere")
    assert small.call("list", "--json").data[1]["state"] == "pending"


# --- files that cannot be judged --------------------------------------------------------------------------------------


def test_a_misspelt_name_is_offered_the_nearest(small: Copy) -> None:
    for command in (["run", "scale_in_plase"], ["run", "scale_in_plase", "--json"], ["hint", "scale_in_plase"]):
        reply = small.call(*command)
        assert (reply.code, reply.out) == (2, "")
        assert "There is no exercise 'scale_in_plase'. Did you mean scale_in_place?" in reply.err


@pytest.mark.parametrize("arguments", [["run", "--nonsense"], ["run", COUNT, SCALE], ["nonsense"], ["reset"]])
def test_a_wrong_call_exits_2_and_says_what_was_wrong(small: Copy, arguments: list[str]) -> None:
    reply = small.call(*arguments)
    assert (reply.code, reply.out) == (2, "")
    assert "rror" in reply.err


def test_a_deleted_file_is_offered_back(small: Copy) -> None:
    small.path(SCALE).unlink()
    for command in (["run", SCALE], ["run", SCALE, "--json"]):
        reply = small.call(*command)
        assert reply.code == 2
        assert f"exercises/01_tensors/{SCALE}.rs is not there. 'python3 workbook reset {SCALE}'" in reply.err
    assert small.call("reset", SCALE).code == 0
    assert small.path(SCALE).read_text(encoding="utf-8") == small.starter(SCALE)


def test_a_file_that_is_no_text_is_told_where(small: Copy) -> None:
    small.path(SCALE).write_bytes(b"fn scale() {} // \xff\xfe")
    reply = small.call("run", SCALE)
    assert reply.code == 2
    assert f"exercises/01_tensors/{SCALE}.rs is not UTF-8 text (byte 17)." in reply.err
    assert small.call("reset", SCALE).code == 0
    kept = list((small.root / ".workbook" / "backup").iterdir())
    assert [path.read_bytes() for path in kept] == [b"fn scale() {} // \xff\xfe"]


def test_a_folder_in_the_files_place_is_told_and_not_touched(small: Copy) -> None:
    path = small.path(SCALE)
    path.unlink()
    path.mkdir()
    (path / "mine").write_text("precious", encoding="utf-8")
    reply = small.call("run", SCALE)
    assert reply.code == 2
    assert f"exercises/01_tensors/{SCALE}.rs cannot be read: Is a directory." in reply.err
    reply = small.call("reset", SCALE)
    assert reply.code == 2
    assert "Is a directory" in reply.err
    assert (path / "mine").read_text(encoding="utf-8") == "precious"


def test_one_unreadable_file_does_not_hide_the_others(small: Copy) -> None:
    small.path(COUNT).unlink()
    small.solve(SCALE)
    reply = small.call("verify", "--json")
    assert reply.code == 2
    assert [(item["name"], item["passed"]) for item in reply.data] == [(COUNT, False), (SCALE, True), (MEAN, False)]
    assert "is not there" in reply.data[0]["message"]


def test_without_cargo_it_says_where_to_get_it(small: Copy, tmp_path: Path) -> None:
    nowhere = {"PATH": str(tmp_path / "nothing"), "CARGO_HOME": str(tmp_path / "nothing"), "HOME": str(tmp_path)}
    for command in (["run", COUNT], ["run", COUNT, "--json"], ["verify"]):
        reply = small.call(*command, **nowhere)
        assert reply.code == 2
        assert "Rust is not installed: 'cargo' was not found. Get it from https://rustup.rs" in reply.err
    assert small.call("list", **nowhere).code == 0


def test_a_chapter_that_does_not_compile_is_not_the_learners_fault(small: Copy) -> None:
    for folder in ("exercises", "solutions"):
        manifest = small.root / folder / "01_tensors" / "Cargo.toml"
        text = manifest.read_text(encoding="utf-8")
        manifest.write_text(
            text.replace("[lints]", "[dependencies]\ntensors.workspace = true\n\n[lints]"), encoding="utf-8"
        )
    small.edit(
        "Cargo.toml", "[workspace.dependencies]", '[workspace.dependencies]\ntensors = { path = "chapters/01_tensors" }'
    )
    subprocess.run(
        ["cargo", "generate-lockfile", "--offline", "-q"], cwd=small.root, env=small.environment(), check=True
    )
    lib = small.root / "chapters" / "01_tensors" / "src" / "lib.rs"
    lib.write_text(lib.read_text(encoding="utf-8") + "pub fn broken( {\n", encoding="utf-8")
    small.solve(SCALE)
    reply = small.call("run", SCALE)
    assert reply.code == 2
    assert "The course's own code does not compile; the fault is not in your file." in reply.err
    assert "chapters/01_tensors/src/lib.rs" in reply.err


def test_a_lock_that_does_not_fit_is_told_with_the_way_back(small: Copy) -> None:
    text = (small.root / "Cargo.lock").read_text(encoding="utf-8")
    (small.root / "Cargo.lock").write_text(
        text.replace('name = "tensors-exercises"', 'name = "tensors-other"'), encoding="utf-8"
    )
    reply = small.call("run", SCALE)
    assert reply.code == 2
    assert "git checkout Cargo.lock" in reply.err


# --- all of them ------------------------------------------------------------------------------------------------------


def test_verify_judges_all_and_writes_junit(small: Copy, tmp_path: Path) -> None:
    small.solve(MEAN)
    small.body(SCALE, r'panic!("\x1b[31mred\x00\u{fffe} {value} {factor} ]]> & <");')
    report = tmp_path / "new" / "report.xml"
    reply = small.call("verify", "--junit", str(report))
    assert reply.code == 1
    assert reply.out.endswith("1 passed, 2 failed\n")
    suites = list(JUnitXml.fromfile(str(report)))
    assert [(suite.name, suite.tests, suite.failures) for suite in suites] == [("01_tensors", 3, 2)]
    cases = {case.name: case for case in suites[0]}
    assert list(cases) == [COUNT, SCALE, MEAN]
    assert cases[MEAN].is_passed and cases[MEAN].classname == "01_tensors"
    failure = cases[COUNT].result[0]
    assert isinstance(failure, Failure) and failure.type == "E0382"
    assert "borrow of moved value" in failure.text and ESCAPE not in failure.text
    assert "red 1 2 ]]> & <" in cases[SCALE].result[0].text


def test_verify_of_the_solutions_leaves_progress_alone(small: Copy) -> None:
    reply = small.call("verify", "--solutions", "--json")
    assert reply.code == 0
    assert [(item["name"], item["passed"]) for item in reply.data] == [(COUNT, True), (SCALE, True), (MEAN, True)]
    assert not (small.root / "progress.toml").exists()


def test_a_report_that_cannot_be_written_is_told(small: Copy) -> None:
    reply = small.call("verify", "--solutions", "--junit", str(small.root / "Cargo.toml" / "report.xml"))
    assert reply.code == 2
    assert "report.xml could not be written" in reply.err


# --- help on the way --------------------------------------------------------------------------------------------------


def test_each_call_of_hint_shows_one_more(small: Copy) -> None:
    hints = small.course().exercise(SCALE).hints
    for shown in (1, 2, 3, 3):
        reply = small.call("hint", SCALE)
        assert reply.code == 0
        assert [text in reply.out for text in hints] == [number < shown for number in range(3)]
        assert ("Ask again" in reply.out) == (shown < 3)


def test_the_solution_waits_for_a_pass_unless_revealed(small: Copy) -> None:
    refused = small.call("solution", SCALE)
    assert (refused.code, refused.out) == (2, "")
    assert "has not passed yet" in refused.err and "--reveal" in refused.err
    shown = small.call("solution", SCALE, "--reveal", COLUMNS="120")
    assert shown.code == 0
    assert re.search(r"(?m)^        let _ = \*value \* factor; +│", shown.out)
    assert re.search(r"(?m) │         \*value \*= factor;$", shown.out)
    assert "It writes where the value stands." in shown.out
    narrow = small.call("solution", SCALE, "--reveal", COLUMNS="60").out
    assert "\n-        let _ = *value * factor;\n" in narrow and "\n+        *value *= factor;\n" in narrow

    small.body(SCALE, "*value = *value * factor;")
    assert small.call("run", SCALE).code == 0
    assert "*value = *value * factor;" in small.call("solution", SCALE).out
    small.solve(SCALE)
    assert "Your file and the course's solution are the same." in small.call("solution", SCALE).out


def test_reset_keeps_what_it_replaces_and_forgets_the_pass(small: Copy) -> None:
    small.solve(SCALE)
    assert small.call("run", SCALE).code == 0
    small.call("hint", SCALE)
    reply = small.call("reset", SCALE)
    assert reply.code == 0
    assert small.path(SCALE).read_text(encoding="utf-8") == small.starter(SCALE)
    named = re.search(r"Your version is kept: (\S+)", reply.out)
    assert named and (small.root / named[1]).read_text(encoding="utf-8") == small.solution(SCALE)
    assert small.call("list", "--json").data[1]["state"] == "pending"
    assert "Hint 1 of 3" in small.call("hint", SCALE).out
    # Nothing to keep the second time.
    assert "kept" not in small.call("reset", SCALE).out
    assert len(list((small.root / ".workbook" / "backup").iterdir())) == 1


def test_reset_without_a_place_for_the_backup_changes_nothing(small: Copy) -> None:
    small.solve(SCALE)
    assert small.call("run", SCALE).code == 0
    (small.root / ".workbook" / "backup").write_text("in the way", encoding="utf-8")
    reply = small.call("reset", SCALE)
    assert reply.code == 2
    assert f"{SCALE}.rs was not touched: a backup could not be written" in reply.err
    assert small.path(SCALE).read_text(encoding="utf-8") == small.solution(SCALE)
    assert small.call("list", "--json").data[1]["state"] == "done"


def test_markers_that_are_broken_are_told_with_file_and_line(small: Copy) -> None:
    small.edit(f"solutions/01_tensors/{SCALE}.rs", "        // [end]\n", "")
    line = at_line(small.root / f"solutions/01_tensors/{SCALE}.rs", "[starter]")
    for command in (["reset", SCALE], ["solution", SCALE, "--reveal"], ["author", "sync"]):
        reply = small.call(*command)
        assert reply.code == 2, command
        assert f"solutions/01_tensors/{SCALE}.rs:{line}: this block is never closed" in reply.err


# --- what is printed --------------------------------------------------------------------------------------------------


def test_without_a_terminal_the_bare_command_shows_progress_and_one_verdict(small: Copy) -> None:
    small.solve(COUNT)
    small.call("run", COUNT)
    reply = small.call()
    assert reply.code == 0
    assert " 1/3\n" in reply.out
    assert f"01_tensors / {SCALE}" in reply.out and "compiles, but a check fails" in reply.out
    assert f"python3 workbook hint {SCALE}" in reply.out


COMMANDS = (
    ["run", COUNT],
    ["run", SCALE],
    ["list"],
    ["status"],
    ["hint", SCALE],
    ["solution", SCALE, "--reveal"],
    ["verify"],
)


def on_a_terminal(copy: Copy, *arguments: str, **more: str) -> str:
    """What a command prints when its output is a terminal."""
    command, *rest = copy.command(*arguments)
    env = copy.environment(**{"TERM": "xterm", **more})
    child = pexpect.spawn(command, rest, env=env, encoding="utf-8", timeout=60)
    child.expect(pexpect.EOF)
    child.close()
    assert isinstance(child.before, str)
    return child.before


@pytest.mark.parametrize("how", ["pipe", "NO_COLOR", "--plain", "dumb"])
def test_plain_text_where_it_is_wanted(small: Copy, how: str) -> None:
    for command in COMMANDS:
        if how == "pipe":
            reply = small.call(*command)
            shown = reply.out + reply.err
        elif how == "NO_COLOR":
            shown = on_a_terminal(small, *command, NO_COLOR="1")
        elif how == "--plain":
            shown = on_a_terminal(small, *command, "--plain")
        else:
            shown = on_a_terminal(small, *command, TERM="dumb")
        assert len(shown) > 100, command
        assert ESCAPE not in shown, command


def test_colours_on_a_terminal_and_the_compilers_own(small: Copy) -> None:
    shown = on_a_terminal(small, "run", COUNT)
    assert "\x1b[1;31;7m" in shown
    assert re.search(r"\x1b\[[0-9;]*merror\[E0382\]", shown)


def test_a_stream_that_knows_ascii_only_gets_ascii(small: Copy) -> None:
    reply = small.call("run", SCALE, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert reply.code == 1
    assert reply.out.isascii() and "x compiles, but a check fails" in reply.out


@pytest.mark.parametrize(
    "command", [["run", COUNT], ["list"], ["list", "--json"], ["verify"], ["run", COUNT, "--json"], []]
)
def test_a_reader_that_leaves_early_causes_no_trace(small: Copy, command: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as broken:
        done = subprocess.run(
            small.command(*command),
            env=small.environment(),
            stdin=subprocess.DEVNULL,
            stdout=broken,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            timeout=120,
        )
    assert "Traceback" not in done.stderr and "BrokenPipe" not in done.stderr and "Exception" not in done.stderr
    assert done.returncode in (0, 1)
