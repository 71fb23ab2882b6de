//! Reads a digit that somebody drew: chapter 7's network in two layers, and what has to be done to a drawing first.

use crate::error::ModelError;
use crate::model::{Layer, relu};
use crate::weights::Weights;
use wasm_bindgen::prelude::*;

/// Pixels in a row, and rows in an image.
pub const SIDE: usize = 28;
/// The larger side of a digit inside its image: MNIST's digits were scaled so.
const INSIDE: usize = 20;

/// Two layers: `fc1` with a ReLU, `fc2`, and a softmax.
pub struct DigitNetwork {
    first: Layer,
    second: Layer,
}

impl DigitNetwork {
    /// Takes `fc1.weight` (256, 784), `fc1.bias`, `fc2.weight` (10, 256) and `fc2.bias` from a file that chapter 7 has saved.
    ///
    /// # Errors
    ///
    /// If the bytes are no such file, or the shapes do not fit.
    pub fn from_safetensors(bytes: &[u8]) -> Result<Self, ModelError> {
        let weights = Weights::read(bytes)?;
        let layer = |name: &str| {
            let (shape, numbers) = weights.numbers(&format!("{name}.weight"))?;
            let (_, bias) = weights.numbers(&format!("{name}.bias"))?;
            Layer::new(shape.last().copied().unwrap_or(0), numbers, bias)
        };
        let (first, second) = (layer("fc1")?, layer("fc2")?);
        if first.inputs() != SIDE * SIDE || first.outputs() != second.inputs() {
            let said = format!(
                "layers of {} to {} and of {} to {} do not read {SIDE} x {SIDE} pixels",
                first.inputs(),
                first.outputs(),
                second.inputs(),
                second.outputs()
            );
            return Err(ModelError::File(said));
        }
        Ok(Self { first, second })
    }

    /// How likely each digit is, for 784 pixels of 0 (paper) to 1 (ink). The ten add up to 1.
    ///
    /// # Errors
    ///
    /// If there are not 784.
    pub fn probabilities(&self, pixels: &[f32]) -> Result<Vec<f32>, ModelError> {
        let mut hidden = vec![0.0; self.first.outputs()];
        self.first.run(pixels, &mut hidden)?;
        relu(&mut hidden);
        let mut scores = vec![0.0; self.second.outputs()];
        self.second.run(&hidden, &mut scores)?;
        softmax(&mut scores);
        Ok(scores)
    }
}

/// Scores to shares that add up to 1.
fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for score in &mut *scores {
        *score = (*score - most).exp();
    }
    let sum: f32 = scores.iter().sum();
    for score in scores {
        *score /= sum;
    }
}

/// A drawing as the network knows digits: scaled to 20 pixels on its larger side, and moved so that the centre of its ink is
/// the centre of 28 x 28. None if there is no ink.
///
/// `ink` has `width` numbers a row, 0 to 255. Each pixel of the result is the mean of the square of the drawing that it
/// covers.
///
/// # Errors
///
/// If `ink` is not whole rows.
pub fn centred(ink: &[u8], width: usize) -> Result<Option<Vec<f32>>, ModelError> {
    if width == 0 || !ink.len().is_multiple_of(width) {
        let given = ink.len();
        return Err(ModelError::NoRows {
            given,
            columns: width,
        });
    }
    let inked = ink.iter().enumerate().filter(|(_, ink)| **ink > 0);
    let places: Vec<(usize, usize)> = inked.map(|(at, _)| (at / width, at % width)).collect();
    let bounds = |values: &dyn Fn(&(usize, usize)) -> usize| {
        let all = places.iter().map(values);
        all.clone().min().zip(all.max())
    };
    let (Some((top, bottom)), Some((left, right))) = (bounds(&|p| p.0), bounds(&|p| p.1)) else {
        return Ok(None);
    };
    let larger = (bottom - top).max(right - left) + 1;
    // How many of the drawing's pixels one of the image covers.
    let scale = larger as f32 / INSIDE as f32;
    let mass: f32 = places
        .iter()
        .map(|p| f32::from(ink[p.0 * width + p.1]))
        .sum();
    let centre = |value: &dyn Fn(&(usize, usize)) -> usize| {
        let weighted = places
            .iter()
            .map(|p| f32::from(ink[p.0 * width + p.1]) * value(p) as f32);
        weighted.sum::<f32>() / mass + 0.5
    };
    let (down, across) = (centre(&|p| p.0), centre(&|p| p.1));
    let middle = SIDE as f32 / 2.0;
    let mut pixels = Vec::with_capacity(SIDE * SIDE);
    for row in 0..SIDE {
        for column in 0..SIDE {
            let from = |place: usize, centre: f32| (place as f32 - middle) * scale + centre;
            let rows = (from(row, down), from(row + 1, down));
            let columns = (from(column, across), from(column + 1, across));
            pixels.push(mean(ink, width, rows, columns));
        }
    }
    Ok(Some(pixels))
}

/// The mean ink of a rectangle, 0 to 1; a pixel that is partly inside counts in part, and outside of the drawing is paper.
fn mean(ink: &[u8], width: usize, rows: (f32, f32), columns: (f32, f32)) -> f32 {
    let height = ink.len() / width;
    // The part of pixel `at` that lies between the ends.
    let part = |at: usize, ends: (f32, f32)| {
        (ends.1.min(at as f32 + 1.0) - ends.0.max(at as f32)).max(0.0)
    };
    let span = |ends: (f32, f32), size: usize| {
        #[expect(
            clippy::cast_sign_loss,
            reason = "`as` makes 0 of a negative number, and that is meant"
        )]
        let range = (ends.0.floor() as usize).min(size)..(ends.1.ceil() as usize).min(size);
        range
    };
    let mut sum = 0.0;
    for row in span(rows, height) {
        for column in span(columns, width) {
            let share = part(row, rows) * part(column, columns);
            sum += share * f32::from(ink[row * width + column]);
        }
    }
    let area = (rows.1 - rows.0) * (columns.1 - columns.0);
    sum / area / 255.0
}

/// Reads digits, for JavaScript.
///
/// ```js
/// const reader = new DigitReader(new Uint8Array(await response.arrayBuffer()));
/// const probabilities = reader.read(alpha, canvas.width); // ten numbers, or none if nothing is drawn
/// ```
#[wasm_bindgen]
pub struct DigitReader {
    network: DigitNetwork,
}

#[wasm_bindgen]
impl DigitReader {
    /// Takes the contents of a file of weights that chapter 7 has saved.
    ///
    /// @throws {Error} if it is none.
    #[wasm_bindgen(constructor)]
    pub fn new(safetensors: &[u8]) -> Result<DigitReader, JsError> {
        let network = DigitNetwork::from_safetensors(safetensors)?;
        Ok(Self { network })
    }

    /// How likely the drawing is each of the ten digits; an empty array if it has no ink.
    ///
    /// `ink` has `width` bytes a row, 0 for paper and 255 for ink.
    ///
    /// @throws {Error} if `ink` is not whole rows.
    pub fn read(&self, ink: &[u8], width: usize) -> Result<Vec<f32>, JsError> {
        match centred(ink, width)? {
            Some(pixels) => Ok(self.network.probabilities(&pixels)?),
            None => Ok(Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        let mut scores = [1000.0, 1000.0, -1000.0];
        softmax(&mut scores);
        assert_eq!(scores, [0.5, 0.5, 0.0]);
    }

    #[test]
    fn a_square_is_scaled_and_centred() {
        // 40 x 40 of ink in a corner of 100 x 80.
        let mut ink = vec![0; 100 * 80];
        for row in 0..40 {
            ink[row * 100..row * 100 + 40].fill(255);
        }
        let pixels = centred(&ink, 100).unwrap().unwrap();
        let want = |at: usize| {
            let inside = 4..24;
            f32::from(u8::from(
                inside.contains(&(at / SIDE)) && inside.contains(&(at % SIDE)),
            ))
        };
        for (at, pixel) in pixels.iter().enumerate() {
            assert!((pixel - want(at)).abs() < 1e-4, "pixel {at}: {pixel}");
        }
    }

    #[test]
    fn without_ink_there_is_no_digit() {
        assert_eq!(centred(&[0; 100], 10), Ok(None));
        assert!(centred(&[0; 101], 10).is_err());
        assert!(centred(&[], 0).is_err());
    }

    #[test]
    fn a_single_dot_is_a_drawing() {
        let mut ink = [0; 100];
        ink[99] = 255;
        let pixels = centred(&ink, 10).unwrap().unwrap();
        assert!((pixels.iter().sum::<f32>() - 400.0).abs() < 0.1);
    }
}
