//! Batches for Burn's data loader.

use crate::{FEATURES, features};
use burn::data::dataloader::batcher::Batcher;
use burn::prelude::*;
use digits::Digits;

/// One row of a data set: its features and its label.
#[derive(Clone, Debug)]
pub struct Item {
    /// 128 numbers.
    pub features: Vec<f32>,
    /// 0 to 9.
    pub label: u8,
}

/// What a training step takes.
#[derive(Clone, Debug)]
pub struct Batch {
    /// `[batch, 128]`
    pub features: Tensor<2>,
    /// `[batch]`, 0 to 9.
    pub labels: Tensor<1, Int>,
}

/// Puts items into tensors, on whichever device the loader says.
#[derive(Clone, Debug, Default)]
pub struct DigitBatcher;

impl Batcher<Item, Batch> for DigitBatcher {
    fn batch(&self, items: Vec<Item>, device: &Device) -> Batch {
        let labels: Vec<i32> = items.iter().map(|item| i32::from(item.label)).collect();
        let count = items.len();
        let numbers: Vec<f32> = items.into_iter().flat_map(|item| item.features).collect();
        Batch {
            features: Tensor::from_data(TensorData::new(numbers, [count, FEATURES]), device),
            labels: Tensor::from_data(TensorData::new(labels, [count]), device),
        }
    }
}

/// The rows of `digits`, reduced to features.
///
/// # Panics
///
/// Never: a backend on the CPU can be read.
pub fn items(digits: &Digits) -> Vec<Item> {
    let numbers = features(digits, &Device::flex()).try_into_vec_as::<f32>();
    let numbers = numbers.expect("the flex backend can be read");
    let rows = numbers.chunks(FEATURES).zip(&digits.labels);
    rows.map(|(row, label)| Item {
        features: row.to_vec(),
        label: *label,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_holds_its_items_in_their_order() {
        let item = |value: f32, label| Item {
            features: vec![value; FEATURES],
            label,
        };
        let batch = DigitBatcher.batch(vec![item(0.5, 3), item(1.0, 9)], &Device::flex());
        assert_eq!(batch.features.dims(), [2, 128]);
        let means = batch.features.mean_dim(1).try_into_vec_as::<f32>();
        assert_eq!(means.unwrap(), [0.5, 1.0]);
        assert_eq!(batch.labels.try_into_vec_as::<i32>().unwrap(), [3, 9]);
    }
}
