//! What `push_down` must do: give the optimiser a plan that begins at the file.

use super::films;
use polars_chapter::training_data;

fn optimised() -> String {
    let plan = films(&training_data()).unwrap();
    plan.describe_optimized_plan().unwrap()
}

#[test]
fn finds_the_texts_about_films() {
    let got = films(&training_data()).unwrap().collect().unwrap();
    assert_eq!(got.shape(), (3532, 2), "texts about films, two columns");
}

#[test]
fn the_plan_begins_at_the_file() {
    let plan = optimised();
    assert!(
        plan.contains("Parquet SCAN"),
        "no scan of a file in:\n{plan}"
    );
}

// `source` is read for the filter; `id`, `label` and `raters` are not.
#[test]
fn the_scan_leaves_columns_unread() {
    let plan = optimised();
    let scan = plan.split("SCAN").nth(1).unwrap_or_default();
    let columns = scan.lines().find(|line| line.contains("PROJECT"));
    let columns = columns.map_or("", str::trim);
    assert!(
        columns.starts_with("PROJECT 3/6") || columns.starts_with("PROJECT 2/6"),
        "got '{columns}' in:\n{plan}"
    );
}

#[test]
fn the_scan_leaves_rows_unread() {
    let plan = optimised();
    let scan = plan.split("SCAN").nth(1).unwrap_or_default();
    assert!(
        scan.contains("SELECTION: "),
        "the filter is not in the scan:\n{plan}"
    );
}
