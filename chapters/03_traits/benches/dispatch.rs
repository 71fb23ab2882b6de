//! What it costs to leave open, until the program runs, which activation it is.
//!
//! ```text
//! cargo bench -p traits
//! ```
//!
//! Prints one JSON line for each figure: nanoseconds for one number, the median of the rounds and the least of them. A round
//! applies an activation 500 times to 4,096 numbers, 16 KB, in place, after copying them from a second buffer; the copy is
//! part of every figure.

use std::hint::black_box;
use std::time::Instant;
use traits::{Activation, GELU, ReLU};

const WIDTH: usize = 4_096;
const CALLS: usize = 500;
const ROUNDS: usize = 31;

/// The type is known when this is compiled: a copy of the function for each `A`.
fn known_type<A: Activation>(activation: &A, values: &mut [f32]) {
    activation.apply(values);
}

/// The same, and the compiler must not inline `forward`: a plain call for each number.
fn known_type_called<A: Activation>(activation: &A, values: &mut [f32]) {
    #[inline(never)]
    fn forward<A: Activation>(activation: &A, x: f32) -> f32 {
        activation.forward(x)
    }
    for value in values {
        *value = forward(activation, *value);
    }
}

/// One call through the table, and inside it the type is known.
fn box_per_slice(activation: &dyn Activation, values: &mut [f32]) {
    activation.apply(values);
}

/// A call through the table for each number.
fn box_per_number(activation: &dyn Activation, values: &mut [f32]) {
    for value in values {
        *value = activation.forward(*value);
    }
}

/// All the activations that there will ever be.
enum Known {
    Relu(ReLU),
    Gelu(GELU),
}

/// A `match` for each number.
fn match_per_number(activation: &Known, values: &mut [f32]) {
    for value in values {
        *value = match activation {
            Known::Relu(activation) => activation.forward(*value),
            Known::Gelu(activation) => activation.forward(*value),
        };
    }
}

/// Runs `work` on a fresh copy of `inputs`, over and over, and prints the median and the least time for one number.
fn report(name: &str, inputs: &[f32], mut work: impl FnMut(&mut [f32])) {
    let mut values = inputs.to_vec();
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..CALLS {
                values.copy_from_slice(inputs);
                work(black_box(&mut values));
                black_box(&values);
            }
            start.elapsed().as_secs_f64() * 1e9 / (CALLS * inputs.len()) as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    let (median, least) = (rounds[ROUNDS / 2], rounds[0]);
    println!(r#"{{"name": "{name}", "ns": {median:.2}, "least_ns": {least:.2}}}"#);
}

fn main() {
    // Positive and negative in no order, so that no branch can be guessed.
    let inputs: Vec<f32> = (0..WIDTH as u32)
        .map(|n| f32::from(n.wrapping_mul(2_654_435_761).to_be_bytes()[0]) / 32.0 - 4.0)
        .collect();
    report("copy_alone", &inputs, |_| {});

    let relu: Box<dyn Activation> = black_box(Box::new(ReLU));
    let gelu: Box<dyn Activation> = black_box(Box::new(GELU));
    report("relu_known_type", &inputs, |v| {
        known_type(black_box(&ReLU), v);
    });
    report("relu_box_per_slice", &inputs, |v| {
        box_per_slice(&*relu, v);
    });
    report("relu_match_per_number", &inputs, |v| {
        match_per_number(black_box(&Known::Relu(ReLU)), v);
    });
    report("relu_known_type_called", &inputs, |v| {
        known_type_called(black_box(&ReLU), v);
    });
    report("relu_box_per_number", &inputs, |v| {
        box_per_number(&*relu, v);
    });

    report("gelu_known_type", &inputs, |v| {
        known_type(black_box(&GELU), v);
    });
    report("gelu_box_per_slice", &inputs, |v| {
        box_per_slice(&*gelu, v);
    });
    report("gelu_match_per_number", &inputs, |v| {
        match_per_number(black_box(&Known::Gelu(GELU)), v);
    });
    report("gelu_known_type_called", &inputs, |v| {
        known_type_called(black_box(&GELU), v);
    });
    report("gelu_box_per_number", &inputs, |v| {
        box_per_number(&*gelu, v);
    });
}
