//! Lend when nothing changes, copy when something does.

use std::borrow::Cow;

/// The weights with zeros in place of NaN. Weights without NaN are lent as they are; infinities stay.
///
/// ```
/// use std::borrow::Cow;
///
/// let clean = [0.5, -1.0];
/// assert!(matches!(lifetimes::nan_to_zero(&clean), Cow::Borrowed(_)));
/// assert_eq!(*lifetimes::nan_to_zero(&[0.5, f32::NAN]), [0.5, 0.0]);
/// ```
pub fn nan_to_zero(weights: &[f32]) -> Cow<'_, [f32]> {
    if weights.iter().any(|w| w.is_nan()) {
        let mended = weights.iter().map(|w| if w.is_nan() { 0.0 } else { *w });
        Cow::Owned(mended.collect())
    } else {
        Cow::Borrowed(weights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use allocation_counter::measure;

    #[test]
    fn clean_weights_cost_nothing() {
        let weights = vec![1.0; 1_000];
        let used = measure(|| assert_eq!(*nan_to_zero(&weights), weights));
        assert_eq!(used.count_total, 0);
    }

    #[test]
    fn only_nan_is_replaced() {
        let mended = nan_to_zero(&[f32::NAN, 1.0, f32::INFINITY, -0.0]);
        assert_eq!(*mended, [0.0, 1.0, f32::INFINITY, -0.0]);
    }
}
