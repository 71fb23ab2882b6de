//! What `ask_for_gradient` must do: find the slope that finite differences find. `oracles.py` made the figures.

use super::slope;
use burn::prelude::*;

/// The slope at `weight` for the samples (1, 2), (2, 4.5) and (3, 5).
fn slope_at(weight: f32) -> f32 {
    let device = Device::flex();
    let x = Tensor::from_floats([1.0, 2.0, 3.0], &device);
    let y = Tensor::from_floats([2.0, 4.5, 5.0], &device);
    slope(x, y, weight)
}

#[test]
fn falls_where_the_weight_is_too_small() {
    let got = (1000.0 * slope_at(1.0)).round();
    let want = -8000.0;
    assert_eq!(got, want, "1000 times the slope at weight 1");
}

#[test]
fn rises_where_the_weight_is_too_large() {
    let got = (1000.0 * slope_at(2.5)).round();
    let want = 6000.0;
    assert_eq!(got, want, "1000 times the slope at weight 2.5");
}
