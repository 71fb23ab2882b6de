//! From a Parquet file to the rows that a model is trained on.

use polars::prelude::*;
use std::path::{Path, PathBuf};

/// Texts of so many characters or fewer are left out.
pub const MIN_CHARS: u32 = 10;

/// Where the course's texts are: `data/texts/texts.parquet`, described in `data/README.md`.
pub fn training_data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/texts/texts.parquet")
}

/// What is to be done with the texts in the Parquet file at `path`. Nothing is read here but the file's schema.
///
/// The file has the columns `text`, `label` (nullable) and `score`. The plan's result has `text`, `label`, `score` and
/// `text_length`: rows without a label are dropped, `score` is shifted and scaled to mean 0 and standard deviation 1 (divided
/// by n - 1, as pandas does) over all labelled rows, and then texts of [`MIN_CHARS`] characters or fewer are dropped.
///
/// # Errors
///
/// If the file is missing or is not Parquet. That a column is missing, or has another type, is found when the plan is
/// optimised or run.
pub fn training_plan(path: &Path) -> PolarsResult<LazyFrame> {
    let path = PlRefPath::try_from_path(path)?;
    let plan = LazyFrame::scan_parquet(path, ScanArgsParquet::default())?
        .filter(col("label").is_not_null())
        .with_columns([
            col("text").str().len_chars().alias("text_length"),
            // Takes the name of the first column in it, and so the place of `score`.
            (col("score") - col("score").mean()) / col("score").std(1),
        ])
        .filter(col("text_length").gt(lit(MIN_CHARS)))
        .select([col("text"), col("label"), col("score"), col("text_length")]);
    Ok(plan)
}

/// The course's texts, ready to train on: [`training_plan`] over [`training_data`].
///
/// # Errors
///
/// As [`training_plan`], and what goes wrong when it is run.
pub fn preprocess_training_data() -> PolarsResult<DataFrame> {
    training_plan(&training_data())?.collect()
}
