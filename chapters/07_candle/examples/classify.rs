//! Says which digit a held-out image shows, and draws it: all that has to be shipped is this file and its weights.
//!
//! ```console
//! cargo run --release -p candle-chapter --example classify -- digits.safetensors 3
//! ```

use candle_chapter::network::{FeedForward, INPUTS};
use candle_chapter::train::classify;
use candle_core::{DType, Device, Result, Tensor, bail};
use candle_nn::VarBuilder;
use digits::SIDE;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, place] = &arguments[..] else {
        bail!(
            "usage: classify WEIGHTS PLACE, with weights that 'train' has saved and a place from 0 to 999"
        )
    };
    let held_out = digits::held_out();
    let place: usize = place.parse()?;
    if place >= held_out.len() {
        bail!(
            "there is no image {place}, only 0 to {}",
            held_out.len() - 1
        );
    }
    let file = std::fs::read(path)?;
    let weights = VarBuilder::from_buffered_safetensors(file, DType::F32, &Device::Cpu)?;
    let network = FeedForward::new(weights)?;

    let image = held_out.image(place);
    for row in image.chunks(SIDE) {
        let shades = row.iter().map(|pixel| b" .:*#"[usize::from(*pixel) / 52]);
        println!("{}", String::from_utf8(shades.collect())?);
    }
    let ink: Vec<f32> = image
        .iter()
        .map(|pixel| f32::from(*pixel) / 255.0)
        .collect();
    let found = classify(&network, &Tensor::from_vec(ink, (1, INPUTS), &Device::Cpu)?)?;
    println!(
        "the network says {}, the label {}",
        found[0], held_out.labels[place]
    );
    Ok(())
}
