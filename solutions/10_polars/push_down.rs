//! # Read what is asked for
//!
//! Of a file with six columns two are needed, and of its rows those about films. This reads the whole file, and then has the
//! rest thrown away. A plan that begins at the file could leave the rest unread.

use polars::prelude::*;
use std::path::Path;

/// The columns `text` and `score` of the texts about films, in the Parquet file at `path`. Nothing is read yet.
fn films(path: &Path) -> PolarsResult<LazyFrame> {
    // TODO: Let the plan begin at the file.
    // [starter]
    // let file = std::fs::File::open(path)?;
    // let texts = ParquetReader::new(file).finish()?.lazy();
    // [solution]
    let texts =
        LazyFrame::scan_parquet(PlRefPath::try_from_path(path)?, ScanArgsParquet::default())?;
    // [end]
    Ok(texts
        .filter(col("source").eq(lit("film")))
        .select([col("text"), col("score")]))
}

#[path = "../../chapters/10_polars/checks/push_down.rs"]
mod checks;
