//! What `momentum_step` must do: add in the left side's buffer, lend the right side, and allocate nothing.

use super::{Vector, step};
use allocation_counter::measure;

fn vector(data: &[f32]) -> Vector {
    let data = data.to_vec();
    Vector { data }
}

#[test]
fn adds_number_by_number() {
    let sum = vector(&[1.0, 2.0, 3.0]) + &vector(&[0.5, -2.0, 10.0]);
    let got = sum.data;
    let want = [1.5, 0.0, 13.0];
    assert_eq!(got, want, "[1.0, 2.0, 3.0] + [0.5, -2.0, 10.0]");
}

#[test]
fn takes_a_step() {
    let gradient = vector(&[1.0, -1.0]);
    let first = step(vector(&[2.0, 4.0]), &gradient, 0.5);
    let got = step(first, &gradient, 0.5).data;
    let want = [2.0, -0.5];
    assert_eq!(got, want, "[2, 4] after two steps with gradient [1, -1]");
}

// Product and sum lie where the old velocity lay.
#[test]
fn uses_the_buffer_of_the_left_side() {
    let velocity = vector(&[2.0, 4.0]);
    let want = velocity.data.as_ptr();
    let got = step(velocity, &vector(&[1.0, -1.0]), 0.5).data.as_ptr();
    assert_eq!(got, want, "address of the new velocity");
}

#[test]
fn a_step_asks_for_no_memory() {
    let (velocity, gradient) = (vector(&[1.0; 1_000]), vector(&[0.5; 1_000]));
    let got = measure(|| {
        step(velocity, &gradient, 0.9);
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations in a step of 1,000 weights");
}
