//! Columns from another table.

use polars::prelude::*;

/// The rows of `texts`, all of them and no more, with the columns of `sources` beside them.
///
/// Both have a column `source`. A text whose source is not in `sources` gets nulls.
///
/// # Errors
///
/// When the plan is run: if a source stands twice in `sources`, since its texts would then, too.
pub fn with_sources(texts: LazyFrame, sources: LazyFrame) -> LazyFrame {
    texts
        .join_builder()
        .with(sources)
        .on([col("source")])
        .how(JoinType::Left)
        .validate(JoinValidation::ManyToOne)
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> LazyFrame {
        df!("text" => ["one", "two", "three"], "source" => ["film", "tweet", "film"])
            .unwrap()
            .lazy()
    }

    #[test]
    fn every_text_stays_once() {
        let sources = df!("source" => ["film", "product"], "weight" => [0.5, 2.0]).unwrap();
        let joined = with_sources(texts(), sources.lazy()).collect().unwrap();
        let want = df!(
            "text" => ["one", "two", "three"],
            "source" => ["film", "tweet", "film"],
            "weight" => [Some(0.5), None, Some(0.5)],
        );
        let by_text = |table: DataFrame| table.sort(["text"], SortMultipleOptions::default());
        assert!(
            by_text(joined)
                .unwrap()
                .equals_missing(&by_text(want.unwrap()).unwrap())
        );
    }

    #[test]
    fn a_source_that_is_there_twice_is_an_error() {
        let sources = df!("source" => ["film", "film"], "weight" => [0.5, 2.0]).unwrap();
        let error = with_sources(texts(), sources.lazy()).collect().unwrap_err();
        assert!(error.to_string().contains("m:1"), "{error}");
    }
}
