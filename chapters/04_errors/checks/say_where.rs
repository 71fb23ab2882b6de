//! What `say_where` must do: read scores, and say line and text of the first that cannot be read.

use super::scores;
use allocation_counter::measure;

/// The scores, or the text of the error.
fn answer(file: &str) -> Result<Vec<f32>, String> {
    scores(file).map_err(|error| error.to_string())
}

#[test]
fn reads_one_score_a_line() {
    let got = answer("0.5\n1\n-2.25\n");
    let want = Ok(vec![0.5, 1.0, -2.25]);
    assert_eq!(got, want, "three lines");
}

#[test]
fn says_the_line_and_its_text() {
    let got = answer("0.5\n1\nn/a\n");
    let want = Err("line 3: 'n/a' is not a score".to_string());
    assert_eq!(got, want, "what is printed for 'n/a' in line 3");
}

#[test]
fn says_the_first_of_two() {
    let got = answer("high\n0.5\nlow\n");
    let want = Err("line 1: 'high' is not a score".to_string());
    assert_eq!(got, want, "what is printed for lines 1 and 3");
}

// The list of four scores takes one piece of memory. A text for an error that never happens would take more.
#[test]
fn a_good_line_pays_for_no_error() {
    let got = measure(|| {
        let _ = scores("0.5\n1\n-2.25\n0");
    })
    .count_total;
    let want = 1;
    assert_eq!(got, want, "allocations while 4 scores are read");
}
