//! What `train_digits` must do: the loss of scores, and steps that are taken.

use super::{batch_loss, epoch};
use candle_chapter::network::{CLASSES, FeedForward, INPUTS};
use candle_chapter::train::accuracy;
use candle_core::{DType, Device, Tensor};
use candle_nn::{AdamW, VarBuilder, VarMap};
use digits::Digits;

/// What the first `count` of `all` are.
fn first(all: &Digits, count: usize) -> Digits {
    Digits {
        pixels: all.pixels[..count * INPUTS].to_vec(),
        labels: all.labels[..count].to_vec(),
    }
}

// numpy: scores = [8, 0, 0]; -np.log(np.exp(scores)[label] / np.exp(scores).sum())
#[test]
fn the_loss_of_a_network_that_is_sure() {
    let sure = candle_nn::func(|_| Tensor::new(&[[8_f32, 0.0, 0.0]], &Device::Cpu));
    let image = Tensor::zeros((1, 1), DType::F32, &Device::Cpu).unwrap();
    let got = [0_u32, 1].map(|label| {
        let label = Tensor::new(&[label], &Device::Cpu).unwrap();
        let loss = batch_loss(&sure, &image, &label).unwrap();
        (loss.to_scalar::<f32>().unwrap() * 1e4).round() / 1e4
    });
    let want = [0.0007, 8.0007];
    assert_eq!(got, want, "loss of [8, 0, 0] if 0 is right, and if 1 is");
}

// Weights that are all the same would learn the same, so they are waves, as good as any.
#[test]
fn learns_half_of_the_digits_from_three_hundred() {
    let weights = VarMap::new();
    let network =
        FeedForward::new(VarBuilder::from_varmap(&weights, DType::F32, &Device::Cpu)).unwrap();
    for (name, var) in weights.data().lock().unwrap().iter() {
        let pace = if name.starts_with("fc1") {
            12.9898
        } else {
            78.233
        };
        let waves = (0..var.elem_count()).map(|place| ((place as f32) * pace).sin() * 0.05);
        let waves = Tensor::from_iter(waves, &Device::Cpu).unwrap();
        var.set(&waves.reshape(var.shape()).unwrap()).unwrap();
    }
    let few = first(&digits::train(), 310);
    let images = candle_chapter::train::images(&few, &Device::Cpu).unwrap();
    let labels: Vec<u32> = few.labels.iter().map(|label| u32::from(*label)).collect();
    let labels = Tensor::new(labels, &Device::Cpu).unwrap();
    let mut optimiser = AdamW::new_lr(weights.all_vars(), 3e-3).unwrap();
    for _ in 0..4 {
        epoch(&network, &mut optimiser, &images, &labels, 50).unwrap();
    }
    let right = accuracy(&network, &digits::held_out(), &Device::Cpu).unwrap();
    println!("{:.1}% of {} held-out digits", 100.0 * right, 100 * CLASSES);
    let got = right > 0.5;
    let want = true;
    assert_eq!(got, want, "whether 4 passes get more than half right");
}
