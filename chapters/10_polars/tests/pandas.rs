//! The pipeline's results beside those of pandas, which `pandas_figures.py` has written down in `pandas.json`.

#![cfg(feature = "frames")]

use polars::prelude::*;
use polars_chapter::{
    MIN_CHARS, batch_generator, compute_label_stats, preprocess_training_data, training_data,
};
use serde_json::Value;

fn pandas() -> Value {
    serde_json::from_str(include_str!("pandas.json")).unwrap()
}

/// Sums of ten thousand floats, added in another order.
fn near(got: Option<f64>, want: &Value) -> bool {
    got.is_some_and(|got| (got - want.as_f64().unwrap()).abs() < 1e-9)
}

fn texts() -> LazyFrame {
    let path = PlRefPath::try_from_path(&training_data()).unwrap();
    LazyFrame::scan_parquet(path, ScanArgsParquet::default()).unwrap()
}

#[test]
fn data_readme_says_which_columns_the_texts_have() {
    let readme = include_str!("../../../data/README.md");
    let table = texts().collect().unwrap();
    let stated = [
        ("id", DataType::String, "string", 0),
        ("source", DataType::String, "string", 0),
        ("text", DataType::String, "string", 0),
        ("label", DataType::String, "string", 527),
        ("score", DataType::Float64, "64-bit float", 0),
        ("raters", DataType::Int32, "32-bit integer", 0),
    ];
    assert_eq!(table.shape(), (11_129, stated.len()));
    for (column, (name, dtype, spelled, nulls)) in table.columns().iter().zip(stated) {
        assert_eq!(
            (column.name().as_str(), column.dtype(), column.null_count()),
            (name, &dtype, nulls)
        );
        assert!(
            readme.contains(&format!("| `{name}` | {spelled} | {nulls} |")),
            "{name}"
        );
        assert_eq!(pandas()["nulls"][name], nulls);
    }
}

#[test]
fn the_pipeline_is_that_of_pandas() {
    let table = preprocess_training_data().unwrap();
    let want = &pandas()["lesson"];
    assert_eq!(
        table.get_column_names(),
        ["text", "label", "score", "text_length"]
    );
    assert_eq!(table.height() as u64, want["rows"].as_u64().unwrap());
    assert_eq!(table.column("label").unwrap().null_count(), 0);
    let length = table.column("text_length").unwrap().u32().unwrap();
    assert!(length.min().unwrap() > MIN_CHARS);
    let characters: u64 = length.iter().flatten().map(u64::from).sum();
    assert_eq!(characters, want["characters"].as_u64().unwrap());
    let score = table.column("score").unwrap().f64().unwrap();
    assert!(near(score.get(0), &want["first"]));
    assert!(near(score.get(table.height() - 1), &want["last"]));
    assert!(near(score.mean(), &want["mean"]));
}

#[test]
fn the_statistics_are_those_of_pandas() {
    let stats = compute_label_stats(&preprocess_training_data().unwrap()).unwrap();
    let want = pandas()["stats"].as_array().unwrap().clone();
    assert_eq!(
        stats.get_column_names(),
        ["label", "avg_score", "std_score", "avg_length", "count"]
    );
    assert_eq!(stats.height(), want.len());
    for (row, want) in want.iter().enumerate() {
        let float = |name: &str| stats.column(name).unwrap().f64().unwrap().get(row);
        assert_eq!(
            stats.column("label").unwrap().str().unwrap().get(row),
            want[0].as_str()
        );
        assert!(near(float("avg_score"), &want[1]));
        assert!(near(float("std_score"), &want[2]));
        assert!(near(float("avg_length"), &want[3]));
        let count = stats.column("count").unwrap().u32().unwrap().get(row);
        assert_eq!(count.map(u64::from), want[4].as_u64());
    }
}

#[test]
fn rows_without_a_label_are_counted_too() {
    let length = col("text").str().len_chars().alias("text_length");
    let table = texts().with_column(length).collect().unwrap();
    let stats = compute_label_stats(&table).unwrap();
    let (label, count) = (
        stats.column("label").unwrap(),
        stats.column("count").unwrap(),
    );
    for (label, count) in label.str().unwrap().iter().zip(count.u32().unwrap().iter()) {
        let want = &pandas()["per_label"][label.unwrap_or("nan")];
        assert_eq!(count.map(u64::from), want.as_u64(), "{label:?}");
    }
}

#[test]
fn a_label_with_one_text_has_no_deviation() {
    let table = df!("label" => ["a", "b", "b"], "score" => [1.0, 2.0, 4.0], "text_length" => [11_u32, 12, 13]);
    let stats = compute_label_stats(&table.unwrap()).unwrap();
    let deviation: Vec<_> = stats
        .column("std_score")
        .unwrap()
        .f64()
        .unwrap()
        .iter()
        .collect();
    assert_eq!(deviation, [Some(2_f64.sqrt()), None]);
}

#[test]
fn labels_that_are_equally_frequent_come_in_the_order_of_the_alphabet() {
    let labels: Vec<_> = (0..101)
        .map(|n| format!("label {:03}", n * 37 % 101))
        .collect();
    let table =
        df!("label" => labels, "score" => [0.5; 101], "text_length" => [11_u32; 101]).unwrap();
    let stats = compute_label_stats(&table).unwrap();
    let got: Vec<_> = stats
        .column("label")
        .unwrap()
        .str()
        .unwrap()
        .iter()
        .flatten()
        .map(str::to_owned)
        .collect();
    assert!(got.is_sorted() && got.len() == 101, "{got:?}");
}

#[test]
fn the_batches_are_the_table_and_its_memory() {
    let table = preprocess_training_data().unwrap();
    let batches = batch_generator(&table, 4096);
    let heights: Vec<_> = batches.iter().map(DataFrame::height).collect();
    assert_eq!(heights, [4096, 4096, 10_526 - 8192]);
    // The table is in several pieces, one a row group. Those of the batches are the same, some of them cut in two.
    let pieces = |df: &DataFrame| -> Vec<_> {
        let scores = df.column("score").unwrap().f64().unwrap();
        let ranges = scores
            .downcast_iter()
            .map(|piece| piece.values().as_slice().as_ptr_range());
        ranges
            .flat_map(|range| [range.start.addr(), range.end.addr()])
            .collect()
    };
    let of_batches: Vec<_> = batches.iter().flat_map(pieces).collect();
    assert!(pieces(&table).iter().all(|end| of_batches.contains(end)));
    let cuts = of_batches.len() - pieces(&table).len();
    assert!(
        cuts <= 2 * 2,
        "{cuts} ends of pieces more than the table has, for two cuts"
    );
    assert!(batch_generator(&table.head(Some(0)), 8).is_empty());
}
