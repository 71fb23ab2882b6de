"""Masters: what the learner is given, what is right, and what a master with broken markers is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbook import exercise
from workbook.exercise import MasterError, parse

HERE = Path("solutions/01_tensors/twice.rs")

MASTER = """\
//! # Twice

/// What the value is.
/// Not a part of the block.
fn twice(value: f32) -> f32 {
    // TODO: Double it,
    // without a loop.
    // [starter]
    // let sum = value;
    //
    //     sum
    // [solution]
    value + value
    // [end]
}

// A remark that stays.
// [starter]
// [solution]
fn added() {}
// [end]

#[path = "../../chapters/01_tensors/checks/twice.rs"]
mod checks;
"""


def test_the_starter_keeps_the_todo_and_uncomments_its_lines_at_their_depth() -> None:
    assert parse(MASTER, HERE).starter() == (
        "//! # Twice\n\n/// What the value is.\n/// Not a part of the block.\nfn twice(value: f32) -> f32 {\n"
        "    // TODO: Double it,\n    // without a loop.\n    let sum = value;\n\n        sum\n}\n\n"
        "// A remark that stays.\n\n"
        '#[path = "../../chapters/01_tensors/checks/twice.rs"]\nmod checks;\n'
    )


def test_the_solution_has_neither_markers_nor_todo_nor_starter() -> None:
    assert parse(MASTER, HERE).solution() == (
        "//! # Twice\n\n/// What the value is.\n/// Not a part of the block.\nfn twice(value: f32) -> f32 {\n"
        "    value + value\n}\n\n// A remark that stays.\nfn added() {}\n\n"
        '#[path = "../../chapters/01_tensors/checks/twice.rs"]\nmod checks;\n'
    )


def test_without_the_todo_is_the_starter_less_its_comment() -> None:
    master = parse(MASTER, HERE)
    assert master.without_todo() == master.starter().replace("    // TODO: Double it,\n    // without a loop.\n", "")


def test_blocks_know_their_line_and_what_they_ask() -> None:
    first, second = parse(MASTER, HERE).blocks
    assert (first.line, first.todo) == (8, ("    // TODO: Double it,", "    // without a loop."))
    # The comment above the second block is no TODO, so it is not the block's.
    assert (second.line, second.todo) == (18, ())


def test_a_wrong_answer_fills_the_blocks_indented_as_they_are() -> None:
    text = parse(MASTER, HERE).filled(["\nlet two = 2.0;\n\nvalue * two\n", "fn other() {}"])
    assert "{\n    let two = 2.0;\n\n    value * two\n}\n" in text
    assert "// A remark that stays.\nfn other() {}\n" in text
    assert "[starter]" not in text and "TODO" not in text


def test_a_wrong_answer_for_another_number_of_blocks_is_refused() -> None:
    with pytest.raises(MasterError, match=r"twice\.rs:1: 1 blocks are given, the master has 2"):
        parse(MASTER, HERE).filled(["value"])


def test_the_footer_is_the_last_two_lines() -> None:
    assert parse(MASTER, HERE).footer == '#[path = "../../chapters/01_tensors/checks/twice.rs"]\nmod checks;'


def test_a_master_without_blocks_is_the_same_on_both_sides() -> None:
    text = "//! Nothing to do.\nfn f() {}\n"
    master = parse(text, HERE)
    assert (master.starter(), master.solution(), master.blocks) == (text, text, ())


@pytest.mark.parametrize(
    ("lines", "line", "problem"),
    [
        (["// [solution]"], 1, "`// [solution]` where `// [starter]` is expected"),
        (["fn f() {}", "// [end]"], 2, "`// [end]` where `// [starter]` is expected"),
        (["// [starter]", "// a", "// [end]"], 3, "`// [end]` where `// [solution]` is expected"),
        (["// [starter]", "// [starter]"], 2, "`// [starter]` where `// [solution]` is expected"),
        (["// [starter]", "// [solution]", "// [solution]"], 3, "`// [solution]` where `// [end]` is expected"),
        (["", "// [starter]", "let code = 1;"], 3, "a starter's line must be a comment"),
        (["", "// [starter]", "// [solution]", "code"], 2, "never closed: `// [end]` is missing"),
        (["", "", "// [starter]"], 3, "never closed: `// [end]` is missing"),
    ],
)
def test_markers_that_do_not_add_up_are_named_with_file_and_line(lines: list[str], line: int, problem: str) -> None:
    with pytest.raises(MasterError) as caught:
        parse("\n".join(lines) + "\n", HERE)
    assert str(caught.value).startswith(f"{HERE}:{line}: ")
    assert problem in str(caught.value)


def test_checks_are_found_whatever_stands_between_attribute_and_function() -> None:
    text = """\
use super::twice;

fn helper() {}

#[test]
fn plain() {}

    #[test]
    #[should_panic]
    // A remark.
    fn with_attribute() {}

#[tokio::test(start_paused = true)]
async fn under_a_clock() {}

// #[test]
fn not_a_test() {}

#[test]
const NOT: u8 = 1;
fn nor_this() {}
"""
    assert exercise.check_names(text) == ["checks::plain", "checks::with_attribute", "checks::under_a_clock"]


FOOTER = '#[path = "../../chapters/01_x/checks/y.rs"]\nmod checks;'


@pytest.mark.parametrize(
    "head",
    [
        "fn f() {}\n",
        "fn f() {}\n\n",
        "const A: [u8; 1] = [\n    1,\n];\n",
        "fn f() {}\n// a remark\n",
        "use std::fmt;\r\n\r\n",
    ],
)
def test_a_file_that_brings_its_checks_in(head: str) -> None:
    assert exercise.brings_in(head + FOOTER + "\n", FOOTER)
    assert exercise.brings_in((head + FOOTER + "\n\n").replace("\n", "\r\n"), FOOTER)
    assert exercise.brings_in(head + FOOTER + "\n// Done on Sunday.\n", FOOTER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fn f() {}\n",
        FOOTER,
        "fn f() {}\n#[cfg(any())]\n" + FOOTER,
        "fn f() {}\n#[cfg(\n    any()\n)]\n" + FOOTER,
        "fn f() {}\n#[cfg(any())] // ;\n" + FOOTER,
        "fn f() {}\n" + FOOTER.replace("mod checks", "mod others"),
        "fn f() {}\n" + FOOTER + "\nfn g() {}\n",
        "fn f() {}\n/*\nfn g() {}\n" + FOOTER + "\n// */\n",
        "macro_rules! swallow { ($($t:tt)*) => {} }\nswallow! {\n" + FOOTER + "\n}\n",
    ],
)
def test_a_file_that_switches_its_checks_off(text: str) -> None:
    assert not exercise.brings_in(text, FOOTER)
