//! What `short_texts` must do: count as people count.

use super::long_enough;
use polars::prelude::*;

fn kept(texts: &[&str]) -> Vec<String> {
    let table = df!("text" => texts).unwrap().lazy();
    let kept = long_enough(table).collect().unwrap();
    let texts = kept.column("text").unwrap().str().unwrap();
    texts.iter().flatten().map(str::to_owned).collect()
}

#[test]
fn keeps_more_than_ten_characters() {
    let got = kept(&["exactly 10", "eleven here", "no", "a longer sentence"]);
    let want = ["eleven here", "a longer sentence"];
    assert_eq!(got, want, "texts of 10, 11, 2 and 17 letters");
}

#[test]
fn an_accent_does_not_make_a_text_longer() {
    let got = kept(&["Très déçu.", "Très déçue."]);
    let want = ["Très déçue."];
    assert_eq!(got, want, "texts of 10 and 11 characters");
}

#[test]
fn five_chinese_characters_are_five() {
    let got = kept(&["非常好看。", "这部电影真的非常好看。"]);
    let want = ["这部电影真的非常好看。"];
    assert_eq!(got, want, "texts of 5 and 11 characters");
}
