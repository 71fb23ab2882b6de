//! What the page should say: `encode FOLDER COUNT` reads questions, one a line, from standard input and prints for each a line
//! of JSON: its tokens, its vector by chapter 7's encoder with all of its bits and by this chapter's, and the best passages of each.
//!
//! FOLDER is what `make_weights` and `make_passages` have filled.

use candle_half::encoder::SentenceEncoder;
use rust_ai_wasm::encoder::SmallEncoder;
use rust_ai_wasm::similarity::nearest;
use rust_ai_wasm::weights::Weights;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, count] = &arguments[..] else {
        return Err("usage: encode FOLDER COUNT <QUESTIONS".into());
    };
    let count: usize = count.parse()?;
    let read = |name: &str| std::fs::read(Path::new(folder).join(name));
    let full = SentenceEncoder::load(workbook_models::fetch("minilm")?)?;
    let pieces = String::from_utf8(read("pieces.txt")?)?;
    let small = SmallEncoder::new(&read("minilm.safetensors")?, &pieces)?;
    let vectors = read("vectors.safetensors")?;
    let (_, rows) = Weights::read(&vectors)?.numbers("vectors")?;
    for question in std::io::stdin().lines() {
        let question = question?;
        let vector = full.encode(&[&question])?.remove(0);
        let hits = nearest(&rows, &vector, count)?;
        let rounded = small.encode(&question)?;
        let line = serde_json::json!({
            "question": question,
            "tokens": small.tokens(&question),
            "full": vector,
            "small": rounded,
            "small_rows": nearest(&rows, &rounded, count)?.iter().map(|hit| hit.row).collect::<Vec<_>>(),
            "rows": hits.iter().map(|hit| hit.row).collect::<Vec<_>>(),
            "scores": hits.iter().map(|hit| hit.score).collect::<Vec<_>>(),
        });
        println!("{line}");
    }
    Ok(())
}
