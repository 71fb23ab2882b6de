//! What `layer_widths` must do: count parameters, and hand up what is wrong with a width, whichever it is.

use super::parameters;

/// The count, or the text of the error.
fn answer(text: &str) -> Result<usize, String> {
    parameters(text).map_err(|error| error.to_string())
}

// 784 x 256 + 256 and 256 x 10 + 10.
#[test]
fn counts_the_parameters() {
    let got = answer("784, 256, 10");
    let want = Ok(203_530);
    assert_eq!(got, want, "parameters of 784, 256, 10");
}

#[test]
fn one_layer_has_no_parameters() {
    let got = answer("784");
    let want = Ok(0);
    assert_eq!(got, want, "parameters of 784 alone");
}

#[test]
fn a_word_is_handed_up() {
    let got = answer("784, ten");
    let want = Err("invalid digit found in string".to_string());
    assert_eq!(got, want, "parameters of 784, ten");
}

#[test]
fn nothing_between_two_commas_is_handed_up() {
    let got = answer("784,,10");
    let want = Err("cannot parse integer from empty string".to_string());
    assert_eq!(got, want, "parameters of 784,,10");
}
