//! What `filtered_search` must do: find as many as there are, the nearest first, and read no vector for nothing.

use super::instruments::vectors_read;
use super::{Point, search};
use proptest::prelude::*;

/// The first in English are the nearest of all.
fn points() -> Vec<Point> {
    (0_u16..400)
        .map(|place| Point {
            vector: vec![1.0 - f32::from(place) / 400.0, 0.5],
            language: if place < 200 || place % 4 > 0 {
                "en"
            } else {
                "de"
            },
        })
        .collect()
}

#[test]
fn without_a_filter_the_nearest_are_found() {
    let got = search(&points(), &[1.0, 0.0], 3, |_| true);
    assert_eq!(got, [0, 1, 2], "three of 400, all let through");
    let got = search(&points(), &[-1.0, 0.0], 2, |_| true);
    assert_eq!(got, [399, 398], "two on the other side");
}

#[test]
fn five_in_german_are_five() {
    let got = search(&points(), &[1.0, 0.0], 5, |point| point.language == "de");
    let want = [200, 204, 208, 212, 216];
    assert_eq!(got, want, "five in German, of fifty");
}

#[test]
fn fewer_only_if_there_are_fewer() {
    let points = points();
    let got = search(&points, &[1.0, 0.0], 500, |point| point.language == "de").len();
    assert_eq!(got, 50, "five hundred in German, of fifty");
}

#[test]
fn vectors_of_the_others_are_not_read() {
    let points = points();
    vectors_read();
    search(&points, &[1.0, 0.0], 5, |point| point.language == "de");
    let got = vectors_read();
    assert_eq!(got, 50, "vectors read for fifty in German of 400");
}

#[test]
fn any_filter_gives_what_a_sort_gives() {
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(
        rows in prop::collection::vec((any::<bool>(), -9_i8..9), 0..40),
        k in 0_usize..12,
    )| {
        let language = |german| if german { "de" } else { "en" };
        let made: Vec<Point> = rows
            .iter()
            .map(|(german, value)| Point { vector: vec![f32::from(*value)], language: language(*german) })
            .collect();
        let got = search(&made, &[1.0], k, |point| point.language == "de");
        let mut want: Vec<usize> = (0..rows.len()).filter(|place| rows[*place].0).collect();
        want.sort_by_key(|place| -rows[*place].1);
        want.truncate(k);
        prop_assert_eq!(got, want, "the first of equals comes first");
    });
}
