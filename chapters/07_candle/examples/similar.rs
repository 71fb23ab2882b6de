//! Ranks sentences by how near they are in meaning to the first one.
//!
//! ```console
//! python3 workbook fetch minilm
//! cargo run --release -p candle-chapter --example similar -- "How do I reset my password?" "I cannot log in." "Rain."
//! ```

use candle_chapter::encoder::SentenceEncoder;
use candle_core::{Result, bail};
use std::time::Instant;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let texts: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if texts.len() < 2 {
        bail!("usage: similar SENTENCE OTHER...")
    }
    let start = Instant::now();
    let encoder = SentenceEncoder::load(candle_chapter::models::minilm()?)?;
    let loaded = start.elapsed();
    let rows = encoder.encode(&texts)?;
    let encoded = start.elapsed() - loaded;

    let cosine = |row: &Vec<f32>| -> f32 { row.iter().zip(&rows[0]).map(|(a, b)| a * b).sum() };
    let mut ranked: Vec<_> = rows.iter().map(cosine).zip(texts).skip(1).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (cosine, text) in ranked {
        println!("{cosine:6.3}  {text}");
    }
    println!(
        "loaded in {loaded:.1?}, {} sentences in {encoded:.1?}",
        rows.len()
    );
    Ok(())
}
