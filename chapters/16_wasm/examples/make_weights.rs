//! Writes the sentence encoder for the page: `make_weights FOLDER` makes `minilm.safetensors`, whose matrices are bytes, and
//! `pieces.txt`, the tokenizer's list. The full model is chapter 7's: `python3 workbook fetch minilm`.

use rust_ai_wasm::encoder::{SCALES, becomes_bytes};
use rust_ai_wasm::quantised::QuantisedMatrix;
use rust_ai_wasm::weights::Weights;
use safetensors::tensor::{Dtype, TensorView, serialize_to_file};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("usage: make_weights FOLDER")?;
    let model = workbook_models::fetch("minilm")?;
    let bytes = std::fs::read(model.join("model.safetensors"))?;
    let weights = Weights::read(&bytes)?;

    let mut made: BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)> = BTreeMap::new();
    for name in weights.names() {
        let Ok((shape, numbers)) = weights.numbers(name) else {
            continue; // The numbers of the positions, which the code counts itself.
        };
        if name.starts_with("pooler.") {
            continue; // A layer for another task.
        }
        if becomes_bytes(&shape, Dtype::F32) {
            let matrix = QuantisedMatrix::from_weights(&numbers, shape[1])?;
            let (bytes, scales) = matrix.parts();
            let bytes = bytemuck::cast_slice(bytes).to_vec();
            let factors = bytemuck::cast_slice(scales).to_vec();
            made.insert(
                format!("{name}{SCALES}"),
                (Dtype::F32, vec![shape[0]], factors),
            );
            made.insert(name.to_owned(), (Dtype::I8, shape, bytes));
        } else {
            let bytes = bytemuck::cast_slice(&numbers).to_vec();
            made.insert(name.to_owned(), (Dtype::F32, shape, bytes));
        }
    }
    let views: Result<Vec<_>, _> = made
        .iter()
        .map(|(name, (dtype, shape, data))| {
            Ok((name, TensorView::new(*dtype, shape.clone(), data)?))
        })
        .collect::<Result<_, safetensors::SafeTensorError>>();
    let file = Path::new(&folder).join("minilm.safetensors");
    serialize_to_file(views?, None, &file)?;

    let tokenizer: serde_json::Value =
        serde_json::from_slice(&std::fs::read(model.join("tokenizer.json"))?)?;
    let list = tokenizer["model"]["vocab"]
        .as_object()
        .ok_or("no list of pieces")?;
    let mut pieces: Vec<(&String, Option<u64>)> =
        list.iter().map(|(piece, n)| (piece, n.as_u64())).collect();
    pieces.sort_by_key(|(_, number)| *number);
    if pieces
        .iter()
        .zip(0..)
        .any(|((_, number), line)| *number != Some(line))
    {
        return Err("the pieces are not numbered from 0 without a gap".into());
    }
    let lines: Vec<&str> = pieces.iter().map(|(piece, _)| piece.as_str()).collect();
    std::fs::write(
        Path::new(&folder).join("pieces.txt"),
        lines.join("\n") + "\n",
    )?;
    println!(
        "{}: {} bytes of {}",
        file.display(),
        std::fs::metadata(&file)?.len(),
        bytes.len()
    );
    Ok(())
}
