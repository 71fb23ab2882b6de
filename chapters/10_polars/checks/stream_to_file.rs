//! What `stream_to_file` must do: say what is to be written, and leave the writing to the engine.

use super::write_labelled;
use polars::prelude::*;
use std::path::PathBuf;

fn texts() -> LazyFrame {
    df!("text" => ["wow", "so-so", "dull"], "label" => [Some("positive"), None, Some("negative")])
        .unwrap()
        .lazy()
}

/// A file that is not there yet.
fn target(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!(
        "stream_to_file-{name}-{}.parquet",
        std::process::id()
    ));
    _ = std::fs::remove_file(&path);
    path
}

#[test]
fn writes_the_labelled_rows() {
    let path = target("rows");
    let plan = write_labelled(texts(), &path).unwrap();
    plan.collect_with_engine(Engine::Streaming).unwrap();
    let scan = LazyFrame::scan_parquet(
        PlRefPath::try_from_path(&path).unwrap(),
        ScanArgsParquet::default(),
    );
    let got = scan.unwrap().collect().unwrap();
    std::fs::remove_file(&path).unwrap();
    let want = df!("text" => ["wow", "dull"], "label" => ["positive", "negative"]).unwrap();
    assert_eq!(got, want, "what is in the file");
}

#[test]
fn nothing_happens_before_the_plan_is_run() {
    let path = target("early");
    _ = write_labelled(texts(), &path);
    let early = path.exists();
    _ = std::fs::remove_file(&path);
    assert!(!early, "the file was written while the plan was made");
}

#[test]
fn the_plan_ends_in_the_file() {
    let path = target("plan");
    let plan = write_labelled(texts(), &path)
        .unwrap()
        .describe_plan()
        .unwrap();
    _ = std::fs::remove_file(&path);
    assert!(
        plan.trim_start().starts_with("SINK (file)"),
        "the plan is:\n{plan}"
    );
}
