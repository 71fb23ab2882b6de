//! # Copy only what is broken
//!
//! Before weights are used, those that are not numbers are set to zero. `np.nan_to_num` returns a new array for that,
//! every time. Of a hundred checkpoints ninety-nine have nothing to mend, and each of them is copied all the same.
//! This version does as numpy does.
//!
//! It compiles. Look at the type that it returns: it can hold a loan as well as an owned vector. When is which one
//! right?

use std::borrow::Cow;

/// The weights with zeros in place of NaN. Lends them as they are if there is nothing to mend.
fn nan_to_zero(weights: &[f32]) -> Cow<'_, [f32]> {
    // TODO: Decide before you copy. Clean weights can be lent.
    let mended = weights.iter().map(|w| if w.is_nan() { 0.0 } else { *w });
    Cow::Owned(mended.collect())
}

#[path = "../../chapters/02_lifetimes/checks/nan_to_zero.rs"]
mod checks;
