//! What `derive_error` must do: name the file, the layer and the widths, and lead to the error below.

use super::{check_width, read};
use std::error::Error;

#[test]
fn says_which_file() {
    let got = read("no/such/model").map_err(|error| error.to_string());
    let want = Err("cannot read no/such/model".to_string());
    assert_eq!(got, want, "what is printed for a missing file");
}

#[test]
fn says_which_layer_and_which_widths() {
    let got = check_width("fc2", 128, 256).map_err(|error| error.to_string());
    let want = Err("layer fc2 has width 128, wanted 256".to_string());
    assert_eq!(got, want, "what is printed for fc2, 128 not 256");
}

#[test]
fn the_right_width_is_fine() {
    let got = check_width("fc2", 256, 256).is_ok();
    let want = true;
    assert_eq!(got, want, "whether 256 fits 256");
}

// 'No such file' and 'permission denied' want different answers; the operating system's own words must be at hand.
#[test]
fn leads_to_what_the_system_said() {
    let error = read("no/such/model").expect_err("there is no such file");
    let got = error.source().is_some();
    let want = true;
    assert_eq!(got, want, "whether the error has a source");
}
