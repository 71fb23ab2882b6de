//! The sentence embeddings of chapter 9: `vectors.safetensors`, from the definitions in `texts.tsv`, by the encoder of
//! chapter 7.
//!
//! ```text
//! python3 workbook fetch minilm
//! cargo run --release -p candle-chapter --example encode_definitions
//! ```
//!
//! One row of 384 numbers for each definition, in the file's order, of length 1. The word that is defined and its topic
//! are not shown to the encoder.

use candle_chapter::encoder::SentenceEncoder;
use candle_core::{Device, Tensor, safetensors};
use std::collections::HashMap;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new("data/definitions");
    let texts = std::fs::read_to_string(folder.join("texts.tsv"))?;
    let definitions: Vec<&str> = texts
        .lines()
        .skip(1)
        .filter_map(|row| row.split('\t').nth(2))
        .collect();
    let rows = SentenceEncoder::load(workbook_models::path("minilm")?)?.encode(&definitions)?;
    let shape = (rows.len(), rows[0].len());
    let vectors = Tensor::from_vec(rows.concat(), shape, &Device::Cpu)?;
    let file = folder.join("vectors.safetensors");
    safetensors::save(&HashMap::from([("vectors", vectors)]), &file)?;
    println!("{} rows of {} in {}", shape.0, shape.1, file.display());
    Ok(())
}
