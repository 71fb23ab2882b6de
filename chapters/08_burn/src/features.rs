//! From pixels to the 128 numbers that the network takes.

use burn::prelude::*;
use burn::tensor::module::adaptive_avg_pool2d;
use digits::{Digits, SIDE};

/// Rows and columns of the coarse image.
pub const GRID: [usize; 2] = [16, 8];
/// Numbers an image is reduced to.
pub const FEATURES: usize = GRID[0] * GRID[1];

/// Each image as means of 16 x 8 windows: `[images, 128]`, 0.0 for paper and 1.0 for ink.
///
/// `torch.nn.functional.adaptive_avg_pool2d` with the same size gives the same numbers. Window `i` of 16 covers the rows
/// from `28 i / 16`, rounded down, to `28 (i + 1) / 16`, rounded up, so neighbours share a row where 28 cannot be divided.
pub fn features(digits: &Digits, device: &Device) -> Tensor<2> {
    let ink = TensorData::new(digits.ink(), [digits.len(), 1, SIDE, SIDE]);
    let images = Tensor::<4>::from_data(ink, device);
    adaptive_avg_pool2d(images, GRID).reshape([digits.len(), FEATURES])
}

/// Which digit each image shows: `[images]`, whole numbers from 0 to 9.
pub fn labels(digits: &Digits, device: &Device) -> Tensor<1, Int> {
    let labels: Vec<i32> = digits
        .labels
        .iter()
        .map(|label| i32::from(*label))
        .collect();
    Tensor::from_data(TensorData::new(labels, [digits.len()]), device)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One image whose pixel in row `r` and column `c` is `28 r + c`, as far as a byte goes.
    fn ramp() -> Digits {
        let pixels = (0..784_u32).map(|place| (place % 256) as u8).collect();
        Digits {
            pixels,
            labels: vec![7],
        }
    }

    #[test]
    fn the_first_window_is_two_rows_by_four_columns() {
        let got = features(&ramp(), &Device::flex());
        assert_eq!(got.dims(), [1, 128]);
        // Rows 0 and 1, columns 0 to 3: 0, 1, 2, 3 and 28, 29, 30, 31.
        let first: f32 = got.slice([0..1, 0..1]).into_scalar();
        assert!((first - 15.5 / 255.0).abs() < 1e-6, "{first}");
    }

    #[test]
    fn labels_are_whole_numbers() {
        let got = labels(&ramp(), &Device::flex()).try_into_vec_as::<i64>();
        assert_eq!(got.unwrap(), [7]);
    }
}
