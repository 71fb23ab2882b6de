//! What `smallest_format` must do: find the first format in which the worst weight is near enough.

use super::smallest;
use candle_core::{Device, Tensor};

/// Four rows of 64 weights between -1 and 1.
fn waves() -> Tensor {
    let numbers = (0..256).map(|place| (place as f32 * 0.7).sin());
    Tensor::from_iter(numbers, &Device::Cpu)
        .unwrap()
        .reshape((4, 64))
        .unwrap()
}

/// The names of the formats that suffice for these bounds.
fn chosen(weights: &Tensor, bounds: [f32; 4]) -> [String; 4] {
    bounds.map(|bound| format!("{:?}", smallest(weights, bound).unwrap()))
}

// Rounding to a step of `s` is off by up to s / 2. The largest of a block is about 1: the steps are about 1/8, 1/16 and
// 1/127; and where 1 lies opposite to the block's largest, 4 and 5 bits are off by up to a whole step.
#[test]
fn each_bound_has_its_format() {
    let got = chosen(&waves(), [0.13, 0.07, 0.005, 0.0003]);
    let want = ["Q4_0", "Q5_0", "Q8_0", "F16"];
    assert_eq!(got, want, "formats for 0.13, 0.07, 0.005 and 0.0003");
}

// One weight of a hundred makes its block's steps long, and the other 31 of the block pay for it.
#[test]
fn one_large_weight_costs_its_block() {
    let mut numbers: Vec<f32> = waves().flatten_all().unwrap().to_vec1().unwrap();
    numbers[40] = 100.0;
    let weights = Tensor::from_vec(numbers, (4, 64), &Device::Cpu).unwrap();
    let got = chosen(&weights, [2.0, 0.5, 0.05, 0.0003]);
    let want = ["Q4_0", "Q8_0", "F16", "F16"];
    assert_eq!(got, want, "formats when one weight is 100");
}

// In four bits -1 is stored as it is, and 0.06 becomes 0: all errors are below zero, or with the signs changed, above.
#[test]
fn errors_below_count_as_those_above() {
    let mut numbers = [0.06_f32; 32];
    numbers[0] = -1.0;
    let below = Tensor::new(&[numbers], &Device::Cpu).unwrap();
    let above = below.neg().unwrap();
    let got = [&below, &above].map(|weights| format!("{:?}", smallest(weights, 0.05).unwrap()));
    let want = ["Q5_0", "Q5_0"];
    assert_eq!(got, want, "formats for 0.05, and with all signs changed");
}
