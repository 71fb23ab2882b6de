//! What `ctc_collapse` must do: give the method to every iterator over tokens, and stay lazy.

// What the trait is called is up to you.
#[allow(clippy::wildcard_imports)]
use super::*;
use std::iter::repeat_n;

// h h - e l l - l o, with 0 for the blank: the blank keeps the two l apart.
#[test]
fn decodes_frames() {
    let got = decode(&[8, 8, 0, 5, 12, 12, 0, 12, 15]);
    let want = [8, 5, 12, 12, 15];
    assert_eq!(got, want, "'hh-ell-lo', decoded");
}

#[test]
fn every_iterator_has_the_method() {
    let got: Vec<u32> = vec![3, 3, 4].into_iter().collapse().collect();
    let want = [3, 4];
    assert_eq!(got, want, "a vector's tokens, collapsed");

    let got: Vec<u32> = repeat_n(7, 100).chain(8..10).collapse().collect();
    let want = [7, 8, 9];
    assert_eq!(got, want, "7 a hundred times, then 8 and 9");
}

#[test]
fn reads_no_further_than_it_must() {
    let mut got = 0;
    let frames = [5, 5, 6].into_iter().chain(repeat_n(7, 1_000));
    frames.inspect(|_| got += 1).collapse().nth(1);
    let want = 3;
    assert_eq!(got, want, "frames read for two tokens of 5 5 6 7 7 …");
}
