//! What `train_the_digits` must do: learn digits, from every batch, and from the same numbers the same.

use super::train;
use burn::prelude::*;
use burn_chapter::{SimpleNet, accuracy, features, labels};

/// The accuracy on 500 digits after `epochs` over 500 others.
fn accuracy_after(epochs: usize) -> f32 {
    let device = Device::flex();
    let digits = digits::held_out();
    let (x, y) = (features(&digits, &device), labels(&digits, &device));
    let part = |range: std::ops::Range<usize>| {
        let x = x.clone().slice([range.clone(), 0..128]);
        (x, y.clone().slice(range))
    };
    let (seen_x, seen_y) = part(0..500);
    let (unseen_x, unseen_y) = part(500..1000);
    let model = SimpleNet::seeded(4, &device.autodiff());
    let model = train(model, &seen_x, &seen_y, epochs, 16, 0.003);
    accuracy(&model, unseen_x, unseen_y)
}

#[test]
fn three_of_four_are_right_after_four_rounds() {
    let got = accuracy_after(4) > 0.75;
    let want = true;
    assert_eq!(got, want, "more than 75% of 500 unseen digits");
}

/// How sure a model is of `label` for a row of ones, after training on three rows of which the last is of ones.
fn sure_of(label: usize) -> f32 {
    let device = Device::flex();
    let rows = Tensor::<2>::cat(
        vec![
            Tensor::zeros([2, 128], &device),
            Tensor::ones([1, 128], &device),
        ],
        0,
    );
    let y = Tensor::from_ints([1, 1, 7], &device);
    let model = SimpleNet::seeded(4, &device.clone().autodiff());
    let model = train(model, &rows, &y, 60, 2, 0.01).valid();
    let scores = model.forward(Tensor::ones([1, 128], &device));
    let shares = burn::tensor::activation::softmax(scores, 1);
    shares.slice([0..1, label..label + 1]).into_scalar()
}

// Three rows in batches of two: the third row is a batch of its own.
#[test]
fn the_last_short_batch_counts() {
    let got = sure_of(7) > 0.9;
    let want = true;
    assert_eq!(got, want, "more than 90% sure of the third row's label");
}

#[test]
fn nothing_is_left_to_chance() {
    let got = sure_of(7);
    let want = sure_of(7);
    assert_eq!(got, want, "the same training, twice");
}
