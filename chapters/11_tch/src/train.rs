//! Training on the digits of `data/`: what PyTorch's users write, in Rust.

use crate::network::{FeedForward, INPUTS};
use digits::{Digits, SIDE};
use tch::nn::{self, Module, OptimizerConfig, VarStore};
use tch::{Device, Kind, TchError, Tensor};

/// What a training run can be told.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How often each digit is looked at.
    pub epochs: usize,
    /// How many digits are looked at before the weights are changed.
    pub batch: i64,
    /// The learning rate of the first epoch; it falls along a line to a tenth of this.
    pub rate: f64,
    /// Decides the first weights, the order of the digits, and how they are shifted.
    pub seed: i64,
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

/// Trains a network on the CPU and returns it with its weights. `report` hears the epoch and its mean loss.
///
/// Each batch is shifted by up to one pixel each time, so that the network cannot learn pixels by heart. The edge of an
/// image is paper, so that what `roll` pushes out on one side and in on the other is paper, too.
///
/// # Errors
///
/// What LibTorch says when it refuses an operation.
pub fn train(
    digits: &Digits,
    settings: Settings,
    mut report: impl FnMut(usize, f64),
) -> Result<(FeedForward, VarStore), TchError> {
    // One generator for the whole process: two trainings at once would draw from it in turns.
    tch::manual_seed(settings.seed);
    let vs = VarStore::new(Device::Cpu);
    let network = FeedForward::new(&vs.root());
    let mut optimiser = nn::AdamW::default().build(&vs, settings.rate)?;

    let (images, labels) = (images(digits), labels(digits));
    let side = SIDE as i64;
    let images = images.view([-1, side, side]);
    for epoch in 0..settings.epochs {
        let done = epoch as f64 / settings.epochs as f64;
        optimiser.set_lr(settings.rate * (1.0 - 0.9 * done));
        let order = Tensor::randperm(digits.len() as i64, (Kind::Int64, Device::Cpu));
        let mut total = 0.0;
        for places in order.split(settings.batch, 0) {
            let shift =
                Vec::<i64>::try_from(Tensor::randint_low(-1, 2, [2], (Kind::Int64, Device::Cpu)))?;
            let batch = images.index_select(0, &places).roll(shift, [1, 2]);
            let scores = network.forward(&batch.view([-1, INPUTS]));
            let loss = scores.cross_entropy_for_logits(&labels.index_select(0, &places));
            // Clears the gradients, walks back, steps: the three calls that everybody forgets one of.
            optimiser.backward_step(&loss);
            total += loss.double_value(&[]) * places.size1()? as f64;
        }
        report(epoch + 1, total / digits.len() as f64);
    }
    Ok((network, vs))
}

/// All images as one tensor (images, 784) of `f32` between 0 and 1.
pub fn images(digits: &Digits) -> Tensor {
    Tensor::from_slice(&digits.pixels)
        .view([-1, INPUTS])
        .to_kind(Kind::Float)
        / 255.0
}

/// All labels as one tensor (images) of `i64`, which is what the loss takes.
pub fn labels(digits: &Digits) -> Tensor {
    Tensor::from_slice(&digits.labels).to_kind(Kind::Int64)
}

/// The share of `digits` that the network gets right, 0 to 1.
pub fn accuracy(network: &impl Module, digits: &Digits) -> f64 {
    // Without this, every product would be remembered for a way back that nobody goes.
    tch::no_grad(|| {
        let scores = network.forward(&images(digits));
        scores
            .accuracy_for_logits(&labels(digits))
            .double_value(&[])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_steps_on_a_few_digits_learn() -> Result<(), TchError> {
        let all = digits::train();
        let few = Digits {
            pixels: all.pixels[..600 * 784].to_vec(),
            labels: all.labels[..600].to_vec(),
        };
        let settings = Settings {
            epochs: 4,
            batch: 50,
            ..Settings::default()
        };
        let mut losses = Vec::new();
        let (network, _) = train(&few, settings, |_, loss| losses.push(loss))?;
        assert!(losses[3] < losses[0] / 2.0, "{losses:?}");
        let right = accuracy(&network, &digits::held_out());
        assert!(right > 0.7, "{right}");
        Ok(())
    }

    #[test]
    fn bytes_become_numbers_from_zero_to_one() {
        let held_out = digits::held_out();
        let images = images(&held_out);
        assert_eq!(
            (images.size(), images.kind()),
            (vec![1000, INPUTS], Kind::Float)
        );
        assert_eq!(
            (
                images.min().double_value(&[]),
                images.max().double_value(&[])
            ),
            (0.0, 1.0)
        );
        assert_eq!(labels(&held_out).kind(), Kind::Int64);
    }
}
