//! The lesson's claim: the network gets at least 95% of the held-out digits right. A full training, 13 s on two free cores.

use candle_chapter::train::{Settings, accuracy, train};
use candle_core::{Device, Result};

#[test]
fn a_full_training_gets_95_of_100_held_out_digits_right() -> Result<()> {
    let settings = Settings::default();
    let (network, _) = train(&digits::train(), settings, &Device::Cpu, |_, _| ())?;
    let right = accuracy(&network, &digits::held_out(), &Device::Cpu)?;
    assert!(right >= 0.95, "{right}");
    Ok(())
}
