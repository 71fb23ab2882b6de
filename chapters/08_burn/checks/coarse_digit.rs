//! What `coarse_digit` must do: the numbers of `torch.nn.functional.adaptive_avg_pool2d`, in reading order.

use super::coarse;
use burn::prelude::*;

/// The features of the image whose pixel in row `r` and column `c` is `100 r + c`, and of the same image upside down.
fn features() -> Vec<f32> {
    let upright = (0..784).map(|place| (place / 28 * 100 + place % 28) as f32);
    let turned = (0..784).map(|place| ((27 - place / 28) * 100 + place % 28) as f32);
    let images = TensorData::new(upright.chain(turned).collect(), [2, 784]);
    let images = Tensor::from_data(images, &Device::flex());
    coarse(images).try_into_vec_as().unwrap()
}

#[test]
fn gives_128_numbers_an_image() {
    let got = features().len();
    let want = 2 * 128;
    assert_eq!(got, want, "numbers for two images");
}

// `oracles.py` beside the lesson computed these.
#[test]
fn has_16_rows_of_8_in_reading_order() {
    let features = features();
    let got = [features[0], features[1], features[8], features[127]];
    let want = [51.5, 54.5, 201.5, 2675.5];
    assert_eq!(got, want, "features 0, 1, 8 and 127 of image 0");
}

#[test]
fn keeps_the_images_apart() {
    let features = features();
    let got = [features[128], features[136], features[255]];
    let want = [2651.5, 2501.5, 75.5];
    assert_eq!(got, want, "features 0, 8 and 127 of image 1");
}
