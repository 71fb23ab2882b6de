//! Ranks sentences by how near they are in meaning to the first one.
//!
//! ```console
//! python3 workbook fetch minilm
//! cargo run --release -p candle-chapter --example similar -- "How do I reset my password?" "I cannot log in." "Rain."
//! ```

use candle_chapter::encoder::SentenceEncoder;
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let texts: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if texts.len() < 2 {
        return Err("usage: similar SENTENCE OTHER...".into());
    }
    let start = Instant::now();
    let encoder = SentenceEncoder::load(workbook_models::path("minilm")?)?;
    let loading = start.elapsed();
    let start = Instant::now();
    let rows = encoder.encode(&texts)?;
    let encoding = start.elapsed();

    let cosine = |row: &Vec<f32>| -> f32 { row.iter().zip(&rows[0]).map(|(a, b)| a * b).sum() };
    let mut ranked: Vec<_> = rows.iter().map(cosine).zip(texts).skip(1).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (cosine, text) in ranked {
        println!("{cosine:6.3}  {text}");
    }
    println!(
        "loaded in {loading:.1?}, {} sentences in {encoding:.1?}",
        rows.len()
    );
    Ok(())
}
