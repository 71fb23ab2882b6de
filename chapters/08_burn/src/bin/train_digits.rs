//! Trains `SimpleNet` on the digits, on two backends, and compares them.
//!
//! ```console
//! cargo run -p burn-chapter --bin train_digits
//! ```

use burn::prelude::*;
use burn_chapter::{Plan, SimpleNet, accuracy, features, labels, train};
use std::time::Instant;

fn main() {
    #[expect(deprecated, reason = "the cheapest second backend there is")]
    let ndarray = Device::ndarray();
    let device = Device::flex();
    let (seen, held_out) = (digits::train(), digits::held_out());
    let x = features(&held_out, &device);

    for (name, place) in [("flex", &device), ("ndarray", &ndarray)] {
        let model = SimpleNet::seeded(8, &place.clone().autodiff());
        let start = Instant::now();
        let plan = Plan {
            epochs: 20,
            batch: 32,
            rate: 5e-3,
            seed: 8,
        };
        let rows = features(&seen, place);
        let (model, losses) = train(model, &rows, &labels(&seen, place), plan);
        let seconds = start.elapsed().as_secs_f32();
        let right = accuracy(&model, x.clone().to_device(place), labels(&held_out, place));
        let last = losses.last().copied().unwrap_or(f32::NAN);
        println!(
            "{name:8} held-out accuracy {:.1}%, last loss {last:.4}, {seconds:.1} s",
            100.0 * right
        );

        // The trained weights on the other backend: the same scores, but for rounding.
        let other = if name == "flex" { &ndarray } else { &device };
        let here = model.valid().forward(x.clone().to_device(place));
        let there = model.valid().to_device(other);
        let there = there.forward(x.clone().to_device(other)).to_device(place);
        let apart: f32 = (here - there).max_abs().into_scalar();
        println!("{name:8} its scores on {other:?}: at most {apart:.1e} apart");
    }
}
