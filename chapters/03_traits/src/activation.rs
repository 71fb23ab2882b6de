//! One trait, six functions that have it, and one function that works for them all.

use std::f32::consts::FRAC_1_SQRT_2;
use std::f32::consts::FRAC_2_SQRT_PI;

/// A function of one number, applied to every output of a layer, and its derivative.
///
/// A type brings `forward` and `backward`; `apply` comes with the trait.
pub trait Activation {
    /// The activation of `x`.
    fn forward(&self, x: f32) -> f32;

    /// The derivative of `forward` at `x`. `x` is what went in, not what came out.
    fn backward(&self, x: f32) -> f32;

    /// Puts `forward` of each number in its place.
    fn apply(&self, values: &mut [f32]) {
        for value in values {
            *value = self.forward(*value);
        }
    }
}

/// `max(x, 0)`. The derivative at 0 is taken to be 0, as `torch` has it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ReLU;

impl Activation for ReLU {
    fn forward(&self, x: f32) -> f32 {
        // Not `x.max(0.0)`: that turns a NaN into 0, and hides that training went wrong.
        if x < 0.0 { 0.0 } else { x }
    }

    fn backward(&self, x: f32) -> f32 {
        if x > 0.0 { 1.0 } else { 0.0 }
    }
}

/// `x` above 0, `slope · x` below. The derivative at 0 is `slope`, as in `torch`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeakyReLU {
    /// What is let through below 0; `torch` uses 0.01 if nothing is said.
    pub slope: f32,
}

impl Activation for LeakyReLU {
    fn forward(&self, x: f32) -> f32 {
        if x > 0.0 { x } else { self.slope * x }
    }

    fn backward(&self, x: f32) -> f32 {
        if x > 0.0 { 1.0 } else { self.slope }
    }
}

/// `1 / (1 + e⁻ˣ)`, between 0 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sigmoid;

impl Activation for Sigmoid {
    /// Never computes `e` to a positive power: it would be infinite from 89 on, and infinity over infinity is NaN.
    fn forward(&self, x: f32) -> f32 {
        let e = (-x.abs()).exp();
        if x < 0.0 {
            e / (1.0 + e)
        } else {
            1.0 / (1.0 + e)
        }
    }

    /// `s · (1 − s)`, written so that it does not become 0 as soon as `s` rounds to 1, at about 17.
    fn backward(&self, x: f32) -> f32 {
        let e = (-x.abs()).exp();
        e / ((1.0 + e) * (1.0 + e))
    }
}

/// The hyperbolic tangent, between −1 and 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tanh;

impl Activation for Tanh {
    fn forward(&self, x: f32) -> f32 {
        x.tanh()
    }

    /// `1 / cosh² x`. It is `1 − tanh² x`, without losing its digits where `tanh` is near 1.
    fn backward(&self, x: f32) -> f32 {
        let root = x.cosh().recip();
        root * root
    }
}

/// `x` times the probability that a normal variable is below `x`, in the form with `tanh` that GPT-2 uses.
///
/// It is `torch.nn.GELU(approximate="tanh")`, and within 0.00048 of the exact one, `torch.nn.GELU()`, everywhere.
/// Hendrycks and Gimpel, *Gaussian Error Linear Units* (2016), section 2.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GELU;

impl GELU {
    /// √(2/π)
    const SCALE: f32 = FRAC_2_SQRT_PI * FRAC_1_SQRT_2;
    const CUBIC: f32 = 0.044_715;

    /// What stands inside `tanh`, and its derivative.
    fn inner(x: f32) -> (f32, f32) {
        let square = x * x;
        let value = Self::SCALE * x * (1.0 + Self::CUBIC * square);
        let slope = Self::SCALE * (1.0 + 3.0 * Self::CUBIC * square);
        (value, slope)
    }
}

impl Activation for GELU {
    /// `(1 + tanh u) / 2` is the sigmoid of `2u`, and that keeps its digits below 0.
    fn forward(&self, x: f32) -> f32 {
        let (value, _) = Self::inner(x);
        x * Sigmoid.forward(2.0 * value)
    }

    fn backward(&self, x: f32) -> f32 {
        let (value, slope) = Self::inner(x);
        Sigmoid.forward(2.0 * value) + x * Sigmoid.backward(2.0 * value) * 2.0 * slope
    }
}

/// Leaves everything as it is: for a layer without an activation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Identity;

impl Activation for Identity {
    fn forward(&self, x: f32) -> f32 {
        x
    }

    fn backward(&self, _: f32) -> f32 {
        1.0
    }

    /// Nothing has to be written.
    fn apply(&self, _: &mut [f32]) {}
}

/// A boxed activation is an activation, so it can stand wherever one is asked for.
impl Activation for Box<dyn Activation> {
    fn forward(&self, x: f32) -> f32 {
        (**self).forward(x)
    }

    fn backward(&self, x: f32) -> f32 {
        (**self).backward(x)
    }

    /// Passed on as a whole: one look into the table for all of `values`.
    fn apply(&self, values: &mut [f32]) {
        (**self).apply(values);
    }
}

/// `forward` of each of `inputs`, in a new vector.
///
/// ```
/// use traits::{ReLU, apply_activation};
///
/// assert_eq!(apply_activation(&ReLU, &[-1.0, 0.5, 2.0, -0.3]), [0.0, 0.5, 2.0, 0.0]);
/// ```
pub fn apply_activation<A: Activation>(activation: &A, inputs: &[f32]) -> Vec<f32> {
    inputs.iter().map(|&x| activation.forward(x)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradcheck::{STEP, slope, snap};
    use allocation_counter::measure;
    use proptest::prelude::*;

    fn all() -> Vec<(&'static str, Box<dyn Activation>)> {
        vec![
            ("ReLU", Box::new(ReLU)),
            ("LeakyReLU", Box::new(LeakyReLU { slope: 0.25 })),
            ("Sigmoid", Box::new(Sigmoid)),
            ("Tanh", Box::new(Tanh)),
            ("GELU", Box::new(GELU)),
            ("Identity", Box::new(Identity)),
        ]
    }

    // From Python's `math`, in double precision: sigmoid by `exp`, its derivative as s(x)·s(−x), tanh's as 1/cosh²,
    // GELU from its formula with `tanh`. The tolerance is eight units in the last place of an `f32`, relative.
    #[test]
    fn values_and_derivatives_are_those_of_pythons_math() {
        let table: [(&dyn Activation, f32, f64, f64); 15] = [
            (
                &Sigmoid,
                -20.0,
                2.061_153_618_190_203_3e-9,
                2.061_153_613_941_848_8e-9,
            ),
            (
                &Sigmoid,
                -1.0,
                0.268_941_421_369_995_1,
                0.196_611_933_241_481_85,
            ),
            (&Sigmoid, 0.0, 0.5, 0.25),
            (
                &Sigmoid,
                2.0,
                0.880_797_077_977_882_3,
                0.104_993_585_403_506_49,
            ),
            (&Sigmoid, 40.0, 1.0, 4.248_354_255_291_589e-18),
            (
                &Tanh,
                -0.5,
                -0.462_117_157_260_009_74,
                0.786_447_732_965_927_5,
            ),
            (&Tanh, 0.0, 0.0, 1.0),
            (
                &Tanh,
                3.0,
                0.995_054_753_686_730_5,
                0.009_866_037_165_440_192,
            ),
            (
                &Tanh,
                8.0,
                0.999_999_774_929_675_8,
                4.501_405_975_637_291_5e-7,
            ),
            (&Tanh, 40.0, 1.0, 7.219_405_551_381_66e-35),
            (
                &GELU,
                -1.0,
                -0.158_808_009_391_723_24,
                -0.082_964_083_845_782_59,
            ),
            (&GELU, 0.0, 0.0, 0.5),
            (
                &GELU,
                0.5,
                0.345_714_009_825_143_94,
                0.867_369_903_534_642_4,
            ),
            (&GELU, 2.0, 1.954_597_694_087_775, 1.086_099_256_623_618_3),
            (&GELU, 8.0, 8.0, 1.0),
        ];
        for (activation, x, forward, backward) in table {
            for (got, want) in [
                (activation.forward(x), forward),
                (activation.backward(x), backward),
            ] {
                let allowed = 8.0 * f64::from(f32::EPSILON) * want.abs();
                assert!(
                    (f64::from(got) - want).abs() <= allowed,
                    "{got} at {x}, not {want}"
                );
            }
        }
    }

    #[test]
    fn relu_at_and_beside_the_kink() {
        let inputs = [-2.0, -0.0, 0.0, f32::MIN_POSITIVE, 3.0];
        assert_eq!(
            inputs.map(|x| ReLU.forward(x)),
            [0.0, 0.0, 0.0, f32::MIN_POSITIVE, 3.0]
        );
        assert_eq!(inputs.map(|x| ReLU.backward(x)), [0.0, 0.0, 0.0, 1.0, 1.0]);
        let leaky = LeakyReLU { slope: 0.25 };
        assert_eq!([-2.0, 0.0, 2.0].map(|x| leaky.forward(x)), [-0.5, 0.0, 2.0]);
        assert_eq!(
            [-2.0, 0.0, 2.0].map(|x| leaky.backward(x)),
            [0.25, 0.25, 1.0]
        );
    }

    #[test]
    fn a_nan_is_not_hidden() {
        for (name, activation) in all() {
            assert!(activation.forward(f32::NAN).is_nan(), "{name}");
        }
    }

    #[test]
    fn nothing_overflows_far_out() {
        for (name, activation) in all() {
            for x in [-1e9, -1e3, -104.0, -88.8, 88.8, 104.0, 1e3, 1e9] {
                assert!(activation.forward(x).is_finite(), "{name} at {x}");
                assert!(
                    activation.backward(x).is_finite(),
                    "{name}'s derivative at {x}"
                );
            }
        }
    }

    #[test]
    fn apply_works_in_place_boxed_or_not() {
        for (name, activation) in all() {
            let inputs = [-2.0, -0.5, 0.0, 1.5];
            let mut values = inputs;
            let used = measure(|| activation.apply(&mut values));
            assert_eq!(used.count_total, 0, "{name}");
            assert_eq!(
                values.as_slice(),
                apply_activation(&activation, &inputs),
                "{name}"
            );
        }
    }

    proptest! {
        // The error of the central difference: STEP²/6 times the third derivative, which is 2 at most (tanh), and
        // rounding, one unit of 8 over STEP. Both are below 1e-4.
        #[test]
        fn backward_is_the_slope_of_forward(x in -8.0_f32..8.0) {
            // A kink has no slope for the difference to find.
            prop_assume!(x.abs() > STEP);
            for (name, activation) in all() {
                let got = activation.backward(x);
                let want = slope(|x| activation.forward(x), x);
                prop_assert_eq!(snap(got, want, 1e-4), want, "{} at {}", name, x);
            }
        }

        #[test]
        fn sigmoid_and_tanh_keep_their_symmetry(x in -30.0_f32..30.0) {
            prop_assert!((Sigmoid.forward(x) + Sigmoid.forward(-x) - 1.0).abs() < 1e-6);
            prop_assert_eq!(Sigmoid.backward(x), Sigmoid.backward(-x));
            prop_assert_eq!(Tanh.forward(x), -Tanh.forward(-x));
        }
    }
}
