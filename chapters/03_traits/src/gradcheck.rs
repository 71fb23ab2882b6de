//! Checks a derivative without knowing it, as `torch.autograd.gradcheck` does.

/// How far to either side a slope is measured. A power of two, so that `x ± STEP` is exact for every `x` that matters here.
///
/// Too small, and rounding decides; too large, and the curve bends. For numbers near 1 in single precision the errors meet at
/// about the cube root of `f32::EPSILON`, 0.005.
pub const STEP: f32 = 1.0 / 128.0;

/// The slope of `f` at `x` by central differences: `(f(x + h) − f(x − h)) / 2h`, with `h` = [`STEP`].
///
/// Off by `h²/6` times the third derivative of `f`, and by the rounding of `f`, divided by `h`: for an `f` of moderate size
/// less than 1e-4 together.
///
/// ```
/// use traits::gradcheck::{slope, snap};
///
/// let got = slope(|x| x * x * x, 2.0);
/// assert_eq!(snap(got, 12.0, 1e-4), 12.0);
/// ```
pub fn slope(f: impl Fn(f32) -> f32, x: f32) -> f32 {
    // In double precision from here on: the difference is small, and dividing must not add to its rounding.
    let rise = f64::from(f(x + STEP)) - f64::from(f(x - STEP));
    (rise / (2.0 * f64::from(STEP))) as f32
}

/// `want` if `got` is no further than `tolerance` from it, else `got` as it is.
///
/// `assert_eq!(snap(got, want, 1e-4), want)` then compares with a tolerance, and its message shows both numbers.
pub fn snap(got: f32, want: f32, tolerance: f32) -> f32 {
    // Not the other way round: every comparison with NaN is false, and NaN must not pass.
    if (got - want).abs() <= tolerance {
        want
    } else {
        got
    }
}

/// [`snap`] for each of `got`. What `want` has no number for stays as it is.
pub fn snap_all(got: &[f32], want: &[f32], tolerance: f32) -> Vec<f32> {
    let mut snapped = got.to_vec();
    for (got, want) in snapped.iter_mut().zip(want) {
        *got = snap(*got, *want, tolerance);
    }
    snapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_slope_of_a_curve() {
        for x in [-3.0_f32, -0.5, 0.0, 0.5, 3.0] {
            assert_eq!(
                snap(slope(f32::sin, x), x.cos(), 1e-4),
                x.cos(),
                "sin at {x}"
            );
        }
    }

    #[test]
    fn finds_a_slope_that_is_wrong_by_a_percent() {
        let got = slope(|x| 1.01 * x, 2.0);
        assert_eq!(snap(got, 1.0, 1e-3), got);
    }

    #[test]
    fn nan_is_near_nothing() {
        assert!(snap(f32::NAN, 1.0, f32::INFINITY).is_nan());
    }

    #[test]
    fn a_missing_number_is_seen() {
        assert_eq!(snap_all(&[1.0], &[1.0, 2.0], 0.1), [1.0]);
        assert_eq!(snap_all(&[1.01, 2.0], &[1.0], 0.1), [1.0, 2.0]);
    }
}
