//! What `convert_error` must do: read good settings, and return each kind of failure as what it is.

use super::{Settings, SettingsError, settings};

#[test]
fn reads_good_settings() {
    let got = settings("64", "0.5");
    let want = Ok(Settings {
        max_tokens: 64,
        temperature: 0.5,
    });
    assert_eq!(got, want, "settings of 64 and 0.5");
}

#[test]
fn a_bad_count_is_about_max_tokens() {
    let below = "many".parse::<usize>().expect_err("no number");
    let got = settings("many", "0.5");
    let want = Err(SettingsError::MaxTokens(below));
    assert_eq!(got, want, "settings of many and 0.5");
}

#[test]
fn a_bad_number_is_about_the_temperature() {
    let below = "warm".parse::<f32>().expect_err("no number");
    let got = settings("64", "warm");
    let want = Err(SettingsError::Temperature(below));
    assert_eq!(got, want, "settings of 64 and warm");
}

// The parser tells an empty text from a wrong one. Whatever it said has to come through.
#[test]
fn keeps_the_error_that_came_in() {
    let below = "".parse::<usize>().expect_err("no number");
    let got: SettingsError = below.clone().into();
    let want = SettingsError::MaxTokens(below);
    assert_eq!(got, want, "the error of an empty text");
}
