//! What `ranked_authors` must do: order by number, and where numbers are equal, by name.

use super::ranking;
use polars::prelude::*;

/// The ranking's names when author `n` has written as many texts as `texts` says.
fn ranked(authors: usize, texts: impl Fn(usize) -> usize) -> Vec<String> {
    // Far from the alphabet's order: 37 and 101 have no common divisor.
    let authors = (0..authors).map(|n| n * 37 % 101);
    let written: Vec<_> = authors
        .flat_map(|n| vec![format!("author {n:03}"); texts(n)])
        .collect();
    let table = ranking(df!("author" => written).unwrap().lazy());
    let table = table.collect().unwrap();
    let names = table.column("author").unwrap().str().unwrap();
    names.iter().flatten().map(str::to_owned).collect()
}

#[test]
fn most_texts_first() {
    let got = ranked(3, |n| n + 1);
    let want = ["author 074", "author 037", "author 000"];
    assert_eq!(got, want, "authors of 75, 38 and 1 texts");
}

#[test]
fn equally_many_texts_in_the_order_of_names() {
    let got = ranked(101, |_| 2);
    let want: Vec<_> = (0..101).map(|n| format!("author {n:03}")).collect();
    assert_eq!(got, want, "101 authors of two texts each");
}
