//! The handwritten digits of `data/digits`, for the chapters that learn from them.
//!
//! The files are part of the compiled program, so that it finds them wherever it runs; a part that is not asked for is
//! left out by the linker. What is in them, and where they come from, stands in `data/README.md`.
//!
//! ```
//! let held_out = digits::held_out();
//! assert_eq!(held_out.len(), 1000);
//! assert_eq!(held_out.image(0).len(), digits::PIXELS);
//! assert!(held_out.labels.iter().all(|label| usize::from(*label) < digits::CLASSES));
//! ```

use flate2::read::GzDecoder;
use std::io::{self, Read};

/// Pixels in a row, and rows in an image.
pub const SIDE: usize = 28;
/// Pixels in an image.
pub const PIXELS: usize = SIDE * SIDE;
/// Digits there are: 0 to 9.
pub const CLASSES: usize = 10;

/// Images and, in the same order, which digit each of them shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digits {
    /// Image after image, row after row: 0 is paper, 255 is ink. `len() * PIXELS` bytes.
    pub pixels: Vec<u8>,
    /// One byte an image, 0 to 9.
    pub labels: Vec<u8>,
}

impl Digits {
    /// The number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The pixels of one image, row after row.
    ///
    /// # Panics
    ///
    /// If there is no image `index`.
    pub fn image(&self, index: usize) -> &[u8] {
        &self.pixels[index * PIXELS..(index + 1) * PIXELS]
    }

    /// All pixels as a network takes them, 0.0 for paper and 1.0 for ink: `[len(), PIXELS]`, row by row.
    pub fn ink(&self) -> Vec<f32> {
        self.pixels
            .iter()
            .map(|pixel| f32::from(*pixel) / 255.0)
            .collect()
    }

    /// Reads two gzip files in IDX, the format of MNIST's own.
    ///
    /// # Errors
    ///
    /// If the bytes are not gzip, not IDX with 28 x 28 unsigned bytes an image, or if images and labels differ in number.
    pub fn from_idx_gz(images: &[u8], labels: &[u8]) -> io::Result<Self> {
        let (sizes, pixels) = idx(images)?;
        let (count, labels) = idx(labels)?;
        if sizes != [labels.len(), SIDE, SIDE] || count != [labels.len()] {
            let message = format!("images are {sizes:?}, labels {count:?}");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        Ok(Self { pixels, labels })
    }
}

/// The 6,000 digits to train on, 600 of each, in no order that says anything about their labels.
///
/// # Panics
///
/// If the files in `data/digits` are damaged.
pub fn train() -> Digits {
    Digits::from_idx_gz(
        include_bytes!("digits/train-images-idx3-ubyte.gz"),
        include_bytes!("digits/train-labels-idx1-ubyte.gz"),
    )
    .expect("data/digits is as tests/test_data.py left it")
}

/// The 1,000 digits held out to judge what was learned, 100 of each.
///
/// # Panics
///
/// If the files in `data/digits` are damaged.
pub fn held_out() -> Digits {
    Digits::from_idx_gz(
        include_bytes!("digits/test-images-idx3-ubyte.gz"),
        include_bytes!("digits/test-labels-idx1-ubyte.gz"),
    )
    .expect("data/digits is as tests/test_data.py left it")
}

/// The sizes and the bytes of one file: two zeros, 8 for unsigned bytes, how many sizes, each as four bytes, the rest.
fn idx(gz: &[u8]) -> io::Result<(Vec<usize>, Vec<u8>)> {
    let mut file = GzDecoder::new(gz);
    let mut magic = [0; 4];
    file.read_exact(&mut magic)?;
    let [0, 0, 8, rank] = magic else {
        let message = format!("{magic:?} does not open an IDX file of bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    };
    let mut sizes = Vec::new();
    for _ in 0..rank {
        let mut size = [0; 4];
        file.read_exact(&mut size)?;
        sizes.push(u32::from_be_bytes(size) as usize);
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    if bytes.len() == sizes.iter().product() {
        Ok((sizes, bytes))
    } else {
        let message = format!("{} bytes for sizes {sizes:?}", bytes.len());
        Err(io::Error::new(io::ErrorKind::InvalidData, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_digit_is_there_as_often_as_the_others() {
        for (digits, each) in [(train(), 600), (held_out(), 100)] {
            for digit in 0..CLASSES {
                let count = digits
                    .labels
                    .iter()
                    .filter(|label| usize::from(**label) == digit);
                assert_eq!(count.count(), each, "images of {digit}");
            }
            assert_eq!(digits.pixels.len(), digits.len() * PIXELS);
        }
    }

    #[test]
    fn ink_is_between_paper_and_ink() {
        let ink = held_out().ink();
        assert_eq!(ink.iter().copied().fold(0.0, f32::max), 1.0);
        assert_eq!(ink.iter().copied().fold(1.0, f32::min), 0.0);
    }

    #[test]
    fn what_is_not_idx_is_an_error() {
        let labels = include_bytes!("digits/test-labels-idx1-ubyte.gz");
        assert!(Digits::from_idx_gz(labels, labels).is_err());
        assert!(Digits::from_idx_gz(b"no gzip", labels).is_err());
    }
}
