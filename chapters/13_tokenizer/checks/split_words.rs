//! What `split_words` must do: cut where GPT-2's regular expression cuts.
//!
//! The pieces were written by `benches/oracles.py`, with the package `regex`.

use super::pieces;

#[test]
fn a_space_belongs_to_the_word_behind_it() {
    let got = pieces("a + 12");
    let want = ["a", " +", " 12"];
    assert_eq!(got, want, "pieces of 'a + 12'");
}

#[test]
fn a_run_leaves_its_last_space_over() {
    let got = pieces("a  b");
    let want = ["a", " ", " b"];
    assert_eq!(got, want, "pieces of 'a  b'");
    let got = pieces("x = 1\n\n    y");
    let want = ["x", " =", " 1", "\n\n   ", " y"];
    assert_eq!(got, want, "pieces of two lines of Python");
}

#[test]
fn at_the_end_it_is_one_piece() {
    let got = pieces("end  ");
    let want = ["end", "  "];
    assert_eq!(got, want, "pieces of 'end', and two spaces");
}

#[test]
fn other_white_space_joins_no_word() {
    let got = pieces("\ta \n");
    let want = ["\t", "a", " \n"];
    assert_eq!(got, want, "pieces of a tab, 'a', a space, a line end");
}

#[test]
fn a_piece_is_of_one_class() {
    let got = pieces("no,\n2nd4!");
    let want = ["no", ",", "\n", "2", "nd", "4", "!"];
    assert_eq!(got, want, "pieces of letters, numbers and signs");
}

#[test]
fn characters_are_not_bytes() {
    let got = pieces("été  東京\u{3000}x");
    let want = ["été", " ", " 東京", "\u{3000}", "x"];
    assert_eq!(got, want, "pieces of French and Japanese");
}
