//! What `stack_rows` must do: a row for each item, in order, on the device that the loader names.

use super::{DigitBatcher, Item};
use burn::data::dataloader::batcher::Batcher;
use burn::prelude::*;

fn items() -> Vec<Item> {
    vec![(vec![1.0, 2.0, 3.0], 7), (vec![4.0, 5.0, 6.0], 0)]
}

#[test]
fn a_row_for_each_item() {
    let got = DigitBatcher.batch(items(), &Device::flex()).0.dims();
    let want = [2, 3];
    assert_eq!(got, want, "shape of two items with three features");
}

#[test]
fn a_row_holds_one_items_features() {
    let (features, labels) = DigitBatcher.batch(items(), &Device::flex());
    let first: Vec<f32> = features.slice([0..1, 0..3]).try_into_vec_as().unwrap();
    let label: i32 = labels.slice(0..1).into_scalar();
    let got = (first, label);
    let want = (vec![1.0, 2.0, 3.0], 7);
    assert_eq!(got, want, "features and label of the first item");
}

#[test]
#[expect(deprecated, reason = "any other device will do")]
fn goes_where_the_loader_says() {
    let device = Device::ndarray();
    let (features, labels) = DigitBatcher.batch(items(), &device);
    let got = (features.device(), labels.device());
    let want = (device.clone(), device);
    assert_eq!(got, want, "devices of features and labels");
}
