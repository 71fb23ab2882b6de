//! The report of `src/report.rs` from the command line, for `benches/frames.py` and to try:
//!
//! ```console
//! cargo run --release -p polars-chapter --example report -- TEXTS AUTHORS [streaming]
//! ```
//!
//! Prints the report as lines of JSON, then how many seconds the query took, scan included.

use polars::prelude::*;
use std::path::Path;
use std::time::Instant;

fn main() -> PolarsResult<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (texts, authors, engine) = match arguments.as_slice() {
        [texts, authors] => (texts, authors, Engine::InMemory),
        [texts, authors, engine] if engine == "streaming" => (texts, authors, Engine::Streaming),
        _ => {
            eprintln!("usage: report TEXTS AUTHORS [streaming]");
            std::process::exit(2);
        }
    };
    let start = Instant::now();
    let found = polars_chapter::report(Path::new(texts), Path::new(authors))?
        .collect_with_engine(engine)?
        .unwrap_single();
    let seconds = start.elapsed().as_secs_f64();
    let (country, label) = (
        found.column("country")?.str()?,
        found.column("label")?.str()?,
    );
    let (score, count) = (
        found.column("avg_score")?.f64()?,
        found.column("count")?.u32()?,
    );
    for row in 0..found.height() {
        if let (Some(country), Some(label), Some(score), Some(count)) = (
            country.get(row),
            label.get(row),
            score.get(row),
            count.get(row),
        ) {
            println!(r#"["{country}", "{label}", {score}, {count}]"#);
        }
    }
    println!("{seconds}");
    Ok(())
}
