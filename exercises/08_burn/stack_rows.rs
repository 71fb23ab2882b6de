//! # A batch out of items
//!
//! Burn's data loader asks a batcher to turn items into tensors, as PyTorch's `collate_fn` does. Each item becomes a
//! `Tensor<1>`, and together they are to be a `Tensor<2>`.
//!
//! Run it. What does `cat` do to the number of axes, and which function adds one?

use burn::data::dataloader::batcher::Batcher;
use burn::prelude::*;

/// Features and label of one digit.
type Item = (Vec<f32>, i32);

struct DigitBatcher;

impl Batcher<Item, (Tensor<2>, Tensor<1, Int>)> for DigitBatcher {
    /// `[batch, features]` and `[batch]`, both on `device`.
    fn batch(&self, items: Vec<Item>, device: &Device) -> (Tensor<2>, Tensor<1, Int>) {
        let labels: Vec<i32> = items.iter().map(|item| item.1).collect();
        let labels = Tensor::from_ints(labels.as_slice(), device);
        // TODO: Put the rows one below the other.
        let row = |item: &Item| Tensor::<1>::from_floats(item.0.as_slice(), device);
        let rows = items.iter().map(row).collect();
        let features = Tensor::cat(rows, 0);
        (features, labels)
    }
}

#[path = "../../chapters/08_burn/checks/stack_rows.rs"]
mod checks;
