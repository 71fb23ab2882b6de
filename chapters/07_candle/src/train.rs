//! Training the network on the digits of `data/`, the same way in every run.

use crate::network::{FeedForward, INPUTS};
use candle_core::{D, DType, Device, Result, Tensor};
use candle_nn::{AdamW, Module, Optimizer, VarBuilder, VarMap, loss};
use digits::{Digits, SIDE};
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};

/// What a training run can be told.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How often each digit is looked at.
    pub epochs: usize,
    /// How many digits are looked at before the weights are changed.
    pub batch: usize,
    /// The learning rate of the first epoch; it falls along a line to a tenth of this.
    pub rate: f64,
    /// Decides the first weights, the order of the digits, and how they are shifted.
    pub seed: u64,
}

impl Default for Settings {
    /// What reaches 95% on the held-out digits.
    fn default() -> Self {
        Self {
            epochs: 15,
            batch: 100,
            rate: 2e-3,
            seed: 7,
        }
    }
}

/// Trains a network on `device` and returns it with its weights. `report` hears the epoch and its mean loss.
///
/// Each image is shifted by up to one pixel each time it is looked at, so that the network cannot learn pixels by heart.
///
/// # Errors
///
/// If the device fails.
pub fn train(
    digits: &Digits,
    settings: Settings,
    device: &Device,
    mut report: impl FnMut(usize, f32),
) -> Result<(FeedForward, VarMap)> {
    let mut random = StdRng::seed_from_u64(settings.seed);
    let weights = VarMap::new();
    let network = FeedForward::new(VarBuilder::from_varmap(&weights, DType::F32, device))?;
    seed_weights(&weights, &mut random)?;
    let mut optimiser = AdamW::new_lr(weights.all_vars(), settings.rate)?;

    let mut order: Vec<usize> = (0..digits.len()).collect();
    for epoch in 0..settings.epochs {
        let done = epoch as f64 / settings.epochs as f64;
        optimiser.set_learning_rate(settings.rate * (1.0 - 0.9 * done));
        order.shuffle(&mut random);
        let mut total = 0.0;
        for batch in order.chunks(settings.batch) {
            let (images, labels) = shifted_batch(digits, batch, &mut random, device)?;
            let scores = network.forward(&images)?;
            let loss = loss::cross_entropy(&scores, &labels)?;
            optimiser.backward_step(&loss)?;
            total += loss.to_scalar::<f32>()? * batch.len() as f32;
        }
        report(epoch + 1, total / digits.len() as f32);
    }
    Ok((network, weights))
}

/// Gives every weight a value that the seed decides: evenly between plus and minus one over the root of its inputs.
///
/// Candle's own first values on the CPU come from a generator that takes no seed. The names are sorted because a map's
/// order is another one in every run.
fn seed_weights(weights: &VarMap, random: &mut StdRng) -> Result<()> {
    let weights = weights
        .data()
        .lock()
        .expect("nobody panics while they hold it");
    let mut names: Vec<_> = weights.keys().collect();
    names.sort_unstable();
    for name in names {
        let var = &weights[name];
        // A bias has the bound of its layer's weights, and those say how many inputs there are.
        let layer = name.rsplit_once('.').map_or("", |(layer, _)| layer);
        let inputs = weights
            .get(&format!("{layer}.weight"))
            .map_or(1, |weight| weight.dims()[1]);
        let bound = 1.0 / (inputs as f32).sqrt();
        let values: Vec<f32> = (0..var.elem_count())
            .map(|_| random.random_range(-bound..bound))
            .collect();
        var.set(&Tensor::from_vec(values, var.shape(), var.device())?)?;
    }
    Ok(())
}

/// The images at `places`, each shifted by -1, 0 or 1 pixel down and across, as (images, 784); and their labels, `u32`.
fn shifted_batch(
    digits: &Digits,
    places: &[usize],
    random: &mut StdRng,
    device: &Device,
) -> Result<(Tensor, Tensor)> {
    let mut ink = Vec::with_capacity(places.len() * INPUTS);
    for &place in places {
        let mut shift = || random.random_range(-1..=1_i32) as isize;
        let (down, across) = (shift(), shift());
        ink.extend(shifted(digits.image(place), down, across));
    }
    let labels: Vec<u32> = places
        .iter()
        .map(|&place| u32::from(digits.labels[place]))
        .collect();
    let images = Tensor::from_vec(ink, (places.len(), INPUTS), device)?;
    Ok((images, Tensor::new(labels, device)?))
}

/// An image moved down and across, 0 to 1; what moves in from outside is paper.
fn shifted(image: &[u8], down: isize, across: isize) -> impl Iterator<Item = f32> {
    let from = |place: usize, shift: isize| {
        place
            .checked_add_signed(-shift)
            .filter(|&place| place < SIDE)
    };
    (0..SIDE).flat_map(move |row| {
        (0..SIDE).map(
            move |column| match (from(row, down), from(column, across)) {
                (Some(row), Some(column)) => f32::from(image[row * SIDE + column]) / 255.0,
                _ => 0.0,
            },
        )
    })
}

/// All images as one tensor (images, 784) of `f32` between 0 and 1.
///
/// # Errors
///
/// If the device fails.
pub fn images(digits: &Digits, device: &Device) -> Result<Tensor> {
    Tensor::from_vec(digits.ink(), (digits.len(), INPUTS), device)
}

/// The digit that the network takes each image for.
///
/// # Errors
///
/// If `images` is not (images, 784) of `f32`.
pub fn classify(network: &impl Module, images: &Tensor) -> Result<Vec<u32>> {
    network.forward(images)?.argmax(D::Minus1)?.to_vec1()
}

/// The share of `digits` that the network gets right, 0 to 1.
///
/// # Errors
///
/// If the device fails.
pub fn accuracy(network: &impl Module, digits: &Digits, device: &Device) -> Result<f32> {
    let found = classify(network, &images(digits, device)?)?;
    let pairs = found.iter().zip(&digits.labels);
    let right = pairs.filter(|(found, label)| **found == u32::from(**label));
    Ok(right.count() as f32 / digits.len() as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first `count` digits to train on.
    fn few(count: usize) -> Digits {
        let all = digits::train();
        Digits {
            pixels: all.pixels[..count * INPUTS].to_vec(),
            labels: all.labels[..count].to_vec(),
        }
    }

    #[test]
    fn a_few_steps_on_a_few_digits_learn_and_repeat() -> Result<()> {
        let settings = Settings {
            epochs: 3,
            batch: 50,
            ..Settings::default()
        };
        let run = || {
            let mut losses = Vec::new();
            let (network, _) = train(&few(600), settings, &Device::Cpu, |_, loss| {
                losses.push(loss);
            })?;
            Ok::<_, candle_core::Error>((
                losses,
                accuracy(&network, &digits::held_out(), &Device::Cpu)?,
            ))
        };
        let (losses, right) = run()?;
        assert!(losses[2] < losses[0] / 2.0, "{losses:?}");
        assert!(right > 0.7, "{right}");
        assert_eq!(run()?, (losses, right), "the same seed");
        Ok(())
    }

    #[test]
    fn a_shift_moves_the_ink_and_brings_paper_in() {
        let mut image = vec![0; INPUTS];
        image[0] = 255;
        image[INPUTS - 1] = 255;
        let moved: Vec<f32> = shifted(&image, 1, 0).collect();
        assert_eq!(
            (moved[0], moved[SIDE], moved.iter().sum::<f32>()),
            (0.0, 1.0, 1.0)
        );
        let moved: Vec<f32> = shifted(&image, 0, 1).collect();
        assert_eq!((moved[1], moved.iter().sum::<f32>()), (1.0, 1.0));
    }
}
