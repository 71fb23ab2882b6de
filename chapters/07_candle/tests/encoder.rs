//! The sentence encoder beside the reference implementation: vectors that PyTorch computed from the same weights.
//!
//! The model comes from `python3 workbook fetch minilm`, which is called if need be. Without it these tests fail: a test
//! that is skipped proves nothing.

use candle_chapter::encoder::SentenceEncoder;
use candle_core::Result;
use serde::Deserialize;
use std::sync::LazyLock;

/// Made by `reference/make_minilm.py`.
#[derive(Deserialize)]
struct Reference {
    sentences: Vec<String>,
    vectors: Vec<Vec<f32>>,
}

/// Loaded once for all tests.
static ENCODER: LazyLock<SentenceEncoder> = LazyLock::new(|| {
    let folder = workbook_models::fetch("minilm").unwrap_or_else(|error| panic!("{error}"));
    SentenceEncoder::load(folder).unwrap_or_else(|error| panic!("{error}"))
});

fn worst(rows: &[Vec<f32>], others: &[Vec<f32>]) -> f32 {
    assert_eq!(rows.len(), others.len());
    let pairs = rows.iter().flatten().zip(others.iter().flatten());
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn the_vectors_are_pytorchs() -> Result<()> {
    let reference: Reference = serde_json::from_str(include_str!("../reference/minilm.json"))
        .expect("make_minilm.py wrote it");
    let sentences: Vec<&str> = reference.sentences.iter().map(String::as_str).collect();
    let rows = ENCODER.encode(&sentences)?;
    assert!(rows.iter().all(|row| row.len() == 384));
    let off = worst(&rows, &reference.vectors);
    // The largest number of these vectors is 0.2; one step of f32 there is 1.5e-8.
    assert!(off < 1e-6, "off by {off}");
    Ok(())
}

#[test]
fn a_vector_does_not_depend_on_its_neighbours_in_the_batch() -> Result<()> {
    let long = "the ".repeat(60);
    let alone = ENCODER.encode(&["rain"])?;
    let beside = ENCODER.embed(&["rain", &long])?.to_vec2::<f32>()?;
    let off = worst(&alone, &beside[..1]);
    assert!(off < 1e-6, "off by {off}");
    Ok(())
}

#[test]
fn many_texts_keep_their_order() -> Result<()> {
    let texts: Vec<String> = (0..40).map(|n| "word ".repeat(40 - n)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let rows = ENCODER.encode(&texts)?;
    for place in [0, 7, 39] {
        let off = worst(
            &rows[place..=place],
            &ENCODER.encode(&texts[place..=place])?,
        );
        assert!(off < 1e-6, "text {place}: off by {off}");
    }
    assert!(ENCODER.encode(&[])?.is_empty());
    Ok(())
}
