//! # Four axes out of two
//!
//! Images come as rows of 784 numbers. Pooling wants four axes, as in PyTorch: images, channels, rows, columns. A grey
//! image has one channel.
//!
//! Run it: it compiles, since the number of axes is right. What does the panic say about their lengths?

use burn::prelude::*;
use burn::tensor::module::adaptive_avg_pool2d;

/// Each image of 28 x 28 as the means of 16 x 8 windows: `[images, 784]` to `[images, 128]`.
fn coarse(images: Tensor<2>) -> Tensor<2> {
    let [count, _] = images.dims();
    // TODO: Say which axis is which, in the order that pooling expects.
    let images = images.reshape([count, 28, 28, 1]);
    let windows = adaptive_avg_pool2d(images, [16, 8]);
    windows.reshape([count, 128])
}

#[path = "../../chapters/08_burn/checks/coarse_digit.rs"]
mod checks;
