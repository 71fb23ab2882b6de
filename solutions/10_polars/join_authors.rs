//! # As many rows as before
//!
//! Each text gets its author's country, from another table. After the join some texts are missing. Next month the other
//! table names an author twice, and there are more texts than before. Neither is an error to anybody.

use polars::prelude::*;

/// `texts` with a column `country` from `authors`; both have a column `author`. Every text stays, once: without a country if
/// its author is unknown.
///
/// When it is run, it fails if an author stands in `authors` twice.
fn with_country(texts: LazyFrame, authors: LazyFrame) -> LazyFrame {
    let join = texts.join_builder().with(authors).on([col("author")]);
    // TODO: Keep texts of unknown authors, and have it checked that an author is there once.
    // [starter]
    // let join = join.how(JoinType::Inner);
    // [solution]
    let join = join.how(JoinType::Left).validate(JoinValidation::ManyToOne);
    // [end]
    join.finish()
}

#[path = "../../chapters/10_polars/checks/join_authors.rs"]
mod checks;
