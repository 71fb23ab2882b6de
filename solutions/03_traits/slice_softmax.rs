//! # A method for everybody's slices
//!
//! `logits.softmax()` reads well, and in Python one would hang it onto the class: `torch.Tensor.softmax_ = softmax_`.
//! From then on every module of the program sees it, and two libraries with the same idea overwrite each other.
//!
//! Run it. The compiler refuses to extend `[f32]` like this, and then says what to do instead.

// TODO: `[f32]` is not ours, but a trait of ours may be implemented for it. Make one, and implement it.
// [starter]
// impl [f32] {
//     /// Turns scores into probabilities, in place.
//     fn softmax_in_place(&mut self) {
//         // Less the largest score: `e` to the power of 89 would be infinite in an `f32`.
//         let largest = self.iter().copied().fold(f32::NEG_INFINITY, f32::max);
//         let mut sum = 0.0;
//         for x in self.iter_mut() {
//             *x = (*x - largest).exp();
//             sum += *x;
//         }
//         for x in self {
//             *x /= sum;
//         }
//     }
// }
// [solution]
trait Softmax {
    /// Turns scores into probabilities, in place.
    fn softmax_in_place(&mut self);
}

impl Softmax for [f32] {
    fn softmax_in_place(&mut self) {
        // Less the largest score: `e` to the power of 89 would be infinite in an `f32`.
        let largest = self.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for x in self.iter_mut() {
            *x = (*x - largest).exp();
            sum += *x;
        }
        for x in self {
            *x /= sum;
        }
    }
}
// [end]

#[path = "../../chapters/03_traits/checks/slice_softmax.rs"]
mod checks;
