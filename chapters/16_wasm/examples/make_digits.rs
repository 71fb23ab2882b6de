//! Trains chapter 7's digits network and saves its weights for the page: `make_digits FILE`.

use candle_core::{Device, Result, bail};
use candle_half::train::{Settings, accuracy, train};

fn main() -> Result<()> {
    let Some(path) = std::env::args().nth(1) else {
        bail!("usage: make_digits FILE")
    };
    let (network, weights) = train(
        &digits::train(),
        Settings::default(),
        &Device::Cpu,
        |_, _| (),
    )?;
    let right = accuracy(&network, &digits::held_out(), &Device::Cpu)?;
    weights.save(&path)?;
    println!("{path}: {:.1}% of the held-out digits right", 100.0 * right);
    Ok(())
}
