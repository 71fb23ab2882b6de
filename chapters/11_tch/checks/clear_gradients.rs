//! What `clear_gradients` must do: the same descent as plain Rust does, with the gradient written out.

use super::descend;
use tch::Tensor;

const INPUTS: [[f64; 2]; 3] = [[1.0, 2.0], [0.5, -1.0], [-1.5, 0.25]];
const TARGETS: [f64; 3] = [1.0, -0.5, 2.0];
const START: [f64; 2] = [0.2, -0.3];
const RATE: f64 = 0.1;

/// The weights after `steps`, by LibTorch.
fn ours(steps: usize) -> Vec<f64> {
    let mut weights = Tensor::from_slice(&START)
        .view([2, 1])
        .set_requires_grad(true);
    let inputs = Tensor::from_slice(&INPUTS.concat()).view([3, 2]);
    let targets = Tensor::from_slice(&TARGETS).view([3, 1]);
    descend(&mut weights, &inputs, &targets, RATE, steps);
    rounded(Vec::try_from(weights.detach().view([-1])).expect("f64"))
}

/// The weights after `steps`, with d/dw mean((x w - t)^2) = 2/3 sum (x w - t) x.
fn written_out(steps: usize) -> Vec<f64> {
    let mut weights = START;
    for _ in 0..steps {
        let mut gradient = [0.0; 2];
        for (row, target) in INPUTS.iter().zip(TARGETS) {
            let error = row[0] * weights[0] + row[1] * weights[1] - target;
            gradient[0] += 2.0 / 3.0 * error * row[0];
            gradient[1] += 2.0 / 3.0 * error * row[1];
        }
        weights[0] -= RATE * gradient[0];
        weights[1] -= RATE * gradient[1];
    }
    rounded(weights.to_vec())
}

/// Sums in another order differ in the last bits.
fn rounded(values: Vec<f64>) -> Vec<f64> {
    let round = |value: f64| (value * 1e9).round() / 1e9;
    values.into_iter().map(round).collect()
}

#[test]
fn the_first_step_is_right() {
    let got = ours(1);
    let want = written_out(1);
    assert_eq!(got, want, "weights after one step");
}

#[test]
fn so_is_the_second() {
    let got = ours(2);
    let want = written_out(2);
    assert_eq!(got, want, "weights after two steps");
}

#[test]
fn and_fifty_come_to_rest() {
    let got = ours(50);
    let want = written_out(50);
    assert_eq!(got, want, "weights after fifty steps");
}
