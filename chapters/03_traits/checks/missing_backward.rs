//! What `missing_backward` must do: give `ReLU` its derivative, with 0 at the kink.

use super::{Activation, ReLU};
use traits::gradcheck::{slope, snap};

#[test]
fn the_derivative_on_either_side() {
    let got = [-3.0, -0.5, 0.5, 3.0].map(|x| ReLU.backward(x));
    let want = [0.0, 0.0, 1.0, 1.0];
    assert_eq!(got, want, "derivative at -3.0, -0.5, 0.5 and 3.0");
}

#[test]
fn the_derivative_at_zero_is_zero() {
    let got = ReLU.backward(0.0);
    let want = 0.0;
    assert_eq!(got, want, "derivative at 0.0");
}

// Nobody's algebra is trusted here: the slope is measured, (f(x + h) - f(x - h)) / 2h with h = 1/128.
#[test]
fn the_derivative_is_the_slope_of_forward() {
    for step in -40..=40 {
        let x = step as f32 / 4.0 + 0.125;
        let want = slope(|x| ReLU.forward(x), x);
        let got = snap(ReLU.backward(x), want, 1e-4);
        assert_eq!(got, want, "derivative at {x}, beside the measured slope");
    }
}
