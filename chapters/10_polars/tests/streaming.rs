//! A file that is larger than the memory that a program may use. Linux only: elsewhere nobody enforces such a limit.
//!
//! The tests run this program again, in a shell that has set the limit. What counts is what a program may write to, its
//! heap and its stacks (`ulimit -d`), not the pages of files and of code.

#![cfg(all(feature = "frames", target_os = "linux"))]

use polars::prelude::*;
use polars_chapter::{training_data, write_copies};
use std::path::{Path, PathBuf};
use std::process::Command;

/// So many copies of the course's texts are in the file.
const COPIES: usize = 200;
/// So many bytes may the program use.
const LIMIT: u64 = 96 << 20;

fn engine(name: &str) -> Engine {
    match name {
        "streaming" => Engine::Streaming,
        _ => Engine::InMemory,
    }
}

/// The texts of each label, and their characters: every byte of every text is looked at.
fn characters(path: &Path) -> LazyFrame {
    LazyFrame::scan_parquet(
        PlRefPath::try_from_path(path).unwrap(),
        ScanArgsParquet::default(),
    )
    .unwrap()
    .group_by([col("label")])
    .agg([
        len().alias("texts"),
        col("text").str().len_chars().sum().alias("characters"),
    ])
    .sort(["label"], SortMultipleOptions::default())
}

/// Not a test: what `ask` runs, with its file and its engine in the environment.
#[test]
#[ignore = "run by the tests below, in a process of its own"]
fn child() {
    let (path, name) = (
        std::env::var("TEXTS").unwrap(),
        std::env::var("ENGINE").unwrap(),
    );
    let found = characters(Path::new(&path))
        .collect_with_engine(engine(&name))
        .unwrap()
        .unwrap_single();
    let (texts, characters) = (
        found.column("texts").unwrap(),
        found.column("characters").unwrap(),
    );
    let (texts, characters) = (
        texts.u32().unwrap().iter(),
        characters.u32().unwrap().iter(),
    );
    let rows: Vec<_> = texts.flatten().zip(characters.flatten()).collect();
    println!("found {rows:?}");
}

/// What a process of its own finds in the file, or `None` if it does not live to say so.
fn ask(path: &Path, engine: &str, limit: Option<u64>) -> Option<String> {
    let ulimit = limit.map_or(String::new(), |bytes| {
        format!("ulimit -d {} && ", bytes >> 10)
    });
    let output = Command::new("sh")
        .args([
            "-c",
            &format!("{ulimit}exec \"$0\" --exact child --ignored --nocapture"),
        ])
        .arg(std::env::current_exe().unwrap())
        .env("TEXTS", path)
        .env("ENGINE", engine)
        // The same on every machine: two threads, and no heap of its own for each of them.
        .env("POLARS_MAX_THREADS", "2")
        .env("POLARS_ASYNC_THREAD_COUNT", "2")
        .env("MALLOC_ARENA_MAX", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = said
        .lines()
        .find_map(|line| line.split_once("found "))?
        .1
        .to_owned();
    output.status.success().then_some(found)
}

/// A file that is removed in the end.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn streams_a_file_that_is_larger_than_its_memory() {
    let name = format!("polars-chapter-streaming-{}.parquet", std::process::id());
    let file = Temporary(std::env::temp_dir().join(name));
    write_copies(&training_data(), COPIES, &file.0).unwrap();
    let size = std::fs::metadata(&file.0).unwrap().len();
    println!("a file of {size} bytes, and {LIMIT} to use");
    assert!(
        size > LIMIT,
        "the file has {size} bytes, the program may use {LIMIT}"
    );

    let once = characters(&training_data()).collect().unwrap();
    let texts: Vec<_> = once
        .column("texts")
        .unwrap()
        .u32()
        .unwrap()
        .iter()
        .flatten()
        .collect();
    let characters: Vec<_> = once
        .column("characters")
        .unwrap()
        .u32()
        .unwrap()
        .iter()
        .flatten()
        .collect();
    let rows = texts.into_iter().zip(characters);
    let want: Vec<_> = rows
        .map(|(texts, characters)| (texts * COPIES as u32, characters * COPIES as u32))
        .collect();
    let want = Some(format!("{want:?}"));

    assert_eq!(ask(&file.0, "streaming", Some(LIMIT)), want);
    // The limit is one: without streaming the same program does not live with it. It is no other mistake, either:
    // without the limit it does.
    assert_eq!(ask(&file.0, "in memory", Some(LIMIT)), None);
    assert_eq!(ask(&file.0, "in memory", None), want);
}
