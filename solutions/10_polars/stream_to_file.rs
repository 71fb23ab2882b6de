//! # From file to file
//!
//! The labelled texts of a large file are to go into a new file. Here they are all collected on the way. The machine has
//! 16 GB, the file 40. A plan can end in a file, as it can begin at one; then the rows pass through in pieces.

use polars::prelude::*;
use std::path::Path;

/// A plan that writes the labelled rows of `texts` into the Parquet file `to`. It writes when it is run.
fn write_labelled(texts: LazyFrame, to: &Path) -> PolarsResult<LazyFrame> {
    let labelled = texts.filter(col("label").is_not_null());
    let to = PlRefPath::try_from_path(to)?;
    // TODO: Let the plan end in the file.
    // [starter]
    // let mut table = labelled.collect()?;
    // ParquetWriter::new(std::fs::File::create(to.as_std_path())?).finish(&mut table)?;
    // Ok(table.lazy())
    // [solution]
    labelled.sink(
        SinkDestination::File {
            target: SinkTarget::Path(to),
        },
        FileWriteFormat::Parquet(Arc::new(ParquetWriteOptions::default())),
        UnifiedSinkArgs::default(),
    )
    // [end]
}

#[path = "../../chapters/10_polars/checks/stream_to_file.rs"]
mod checks;
