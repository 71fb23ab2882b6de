//! What `join_authors` must do: keep the number of rows, or say why it cannot.

use super::with_country;
use polars::prelude::*;

fn texts() -> LazyFrame {
    df!("author" => ["ann", "bob", "ann", "eve"], "text" => ["one", "two", "three", "four"])
        .unwrap()
        .lazy()
}

fn countries(authors: DataFrame) -> PolarsResult<Vec<(String, Option<String>)>> {
    let table = with_country(texts(), authors.lazy()).collect()?;
    let (text, country) = (
        table.column("text")?.str()?,
        table.column("country")?.str()?,
    );
    let rows = text.iter().zip(country.iter());
    Ok(rows
        .filter_map(|(text, country)| Some((text?.to_owned(), country.map(str::to_owned))))
        .collect())
}

fn row(text: &str, country: Option<&str>) -> (String, Option<String>) {
    (text.to_owned(), country.map(str::to_owned))
}

#[test]
fn gives_each_text_its_authors_country() {
    let authors = df!("author" => ["ann", "bob"], "country" => ["SE", "PL"]).unwrap();
    let got = countries(authors).unwrap();
    for want in [
        row("one", Some("SE")),
        row("two", Some("PL")),
        row("three", Some("SE")),
    ] {
        assert!(got.contains(&want), "{want:?} is not in {got:?}");
    }
}

#[test]
fn keeps_texts_of_unknown_authors() {
    let authors = df!("author" => ["ann", "bob"], "country" => ["SE", "PL"]).unwrap();
    let got = countries(authors).unwrap();
    assert!(got.contains(&row("four", None)), "no 'four' in {got:?}");
}

#[test]
fn adds_nobody_who_has_written_nothing() {
    let authors =
        df!("author" => ["ann", "bob", "eve", "kim"], "country" => ["SE", "PL", "IE", "KR"]);
    let table = with_country(texts(), authors.unwrap().lazy())
        .collect()
        .unwrap();
    assert_eq!(table.height(), 4, "rows for four texts");
}

#[test]
fn an_author_who_is_there_twice_is_an_error() {
    let authors = df!("author" => ["ann", "bob", "ann"], "country" => ["SE", "PL", "NO"]).unwrap();
    let got = countries(authors).map(|rows| rows.len()).ok();
    assert_eq!(got, None, "rows for four texts, 'ann' being there twice");
}
