//! A question to more texts than fit into memory, and a file that holds as many.

use polars::prelude::*;
use std::path::Path;

/// Of the labelled texts in the Parquet file `texts`: how many, and with what average score, for each label and each
/// country that their authors come from.
///
/// `texts` has the columns `author`, `label` (nullable) and `score`; `authors` has `author`, once each, and `country`.
/// The result has `country`, `label`, `avg_score` and `count`, sorted by the first two. Texts of authors who are not in
/// `authors` are left out.
///
/// # Errors
///
/// If one of the files is missing or is not Parquet.
pub fn report(texts: &Path, authors: &Path) -> PolarsResult<LazyFrame> {
    let scan =
        |path| LazyFrame::scan_parquet(PlRefPath::try_from_path(path)?, ScanArgsParquet::default());
    let plan = scan(texts)?
        .filter(col("label").is_not_null())
        .inner_join(scan(authors)?, col("author"), col("author"))
        .group_by([col("country"), col("label")])
        .agg([col("score").mean().alias("avg_score"), len().alias("count")])
        .sort(["country", "label"], SortMultipleOptions::default());
    Ok(plan)
}

/// Writes `copies` times the rows of one Parquet file into another, without holding them in memory.
///
/// What is written is not compressed, so that the file is as large as what is in it.
///
/// # Errors
///
/// If `from` cannot be read or `to` cannot be written.
pub fn write_copies(from: &Path, copies: usize, to: &Path) -> PolarsResult<()> {
    let scan =
        LazyFrame::scan_parquet(PlRefPath::try_from_path(from)?, ScanArgsParquet::default())?;
    let options = ParquetWriteOptions {
        compression: ParquetCompression::Uncompressed,
        row_group_size: Some(1 << 14),
        ..ParquetWriteOptions::default()
    };
    concat(vec![scan; copies], UnionArgs::default())?
        .sink(
            SinkDestination::File {
                target: SinkTarget::Path(PlRefPath::try_from_path(to)?),
            },
            FileWriteFormat::Parquet(Arc::new(options)),
            UnifiedSinkArgs::default(),
        )?
        .collect_with_engine(Engine::Streaming)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{training_data, training_plan};
    use std::fs;
    use std::path::PathBuf;

    /// A folder that is removed in the end.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn write(&self, name: &str, mut table: DataFrame) -> PathBuf {
            let path = self.0.join(name);
            let file = fs::File::create(&path).unwrap();
            ParquetWriter::new(file).finish(&mut table).unwrap();
            path
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn both_engines_count_the_labelled_texts_of_each_country() {
        let folder = Folder::new("polars-chapter-report");
        let texts = folder.write(
            "texts",
            df!(
                "author" => ["ann", "bob", "ann", "eve", "bob", "kim"],
                "label" => [Some("good"), Some("bad"), None, Some("good"), Some("bad"), Some("good")],
                "score" => [1.0, -1.0, 9.0, 2.0, -3.0, 9.0],
            )
            .unwrap(),
        );
        let authors = folder.write(
            "authors",
            df!("author" => ["ann", "bob", "eve"], "country" => ["SE", "PL", "SE"]).unwrap(),
        );
        let want = df!(
            "country" => ["PL", "SE"],
            "label" => ["bad", "good"],
            "avg_score" => [-2.0, 1.5],
            "count" => [2_u32, 2],
        )
        .unwrap();
        for engine in [Engine::InMemory, Engine::Streaming] {
            let plan = report(&texts, &authors).unwrap();
            let found = plan.collect_with_engine(engine).unwrap().unwrap_single();
            assert_eq!(found, want);
        }
    }

    #[test]
    fn copies_follow_one_another() {
        let folder = Folder::new("polars-chapter-copies");
        let to = folder.0.join("three.parquet");
        write_copies(&training_data(), 3, &to).unwrap();
        let once = training_plan(&training_data()).unwrap().collect().unwrap();
        let thrice = training_plan(&to).unwrap().collect().unwrap();
        assert_eq!(thrice.height(), 3 * once.height());
        let texts = |table: &DataFrame, start| {
            table
                .slice(start, once.height())
                .column("text")
                .unwrap()
                .clone()
        };
        let last = 2 * once.height().cast_signed() as i64;
        assert_eq!(texts(&thrice, last), texts(&once, 0));
    }
}
