//! `MiniModel`: one layer that a page makes, loads and asks.

use crate::error::ModelError;
use crate::kernels::dot;
use wasm_bindgen::prelude::*;

/// Weights and biases of one layer, and the products. Plain Rust: what it returns can be tested without a browser.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// (outputs, inputs), row by row.
    weights: Vec<f32>,
    bias: Vec<f32>,
    inputs: usize,
}

impl Layer {
    /// A layer whose weights are all `value`, and its biases 0.
    ///
    /// # Errors
    ///
    /// If a size is 0, or if the weights would not fit into 32 bits of memory, wherever this runs.
    pub fn filled(inputs: usize, outputs: usize, value: f32) -> Result<Self, ModelError> {
        let count = weights_of(inputs, outputs)?;
        Ok(Self {
            weights: vec![value; count],
            bias: vec![0.0; outputs],
            inputs,
        })
    }

    /// A layer with these weights, (outputs, inputs) row by row, and these biases.
    ///
    /// # Errors
    ///
    /// If there are no biases, or not `inputs` weights for each.
    pub fn new(inputs: usize, weights: Vec<f32>, bias: Vec<f32>) -> Result<Self, ModelError> {
        let mut layer = Self {
            weights: Vec::new(),
            inputs,
            bias,
        };
        layer.set_weights(weights)?;
        Ok(layer)
    }

    /// Takes other weights, (outputs, inputs) row by row. They are moved in, not copied.
    ///
    /// # Errors
    ///
    /// If they are not as many as the layer has.
    pub fn set_weights(&mut self, weights: Vec<f32>) -> Result<(), ModelError> {
        let (inputs, outputs) = (self.inputs, self.bias.len());
        let wanted = weights_of(inputs, outputs)?;
        if weights.len() != wanted {
            return Err(ModelError::WeightsLength {
                inputs,
                outputs,
                wanted,
                given: weights.len(),
            });
        }
        self.weights = weights;
        Ok(())
    }

    /// Numbers that go in.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Numbers that come out.
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// The scores of `input`, before any activation, written into `output`.
    ///
    /// # Errors
    ///
    /// If the lengths are not the layer's.
    pub fn run(&self, input: &[f32], output: &mut [f32]) -> Result<(), ModelError> {
        for (wanted, given) in [(self.inputs, input.len()), (self.bias.len(), output.len())] {
            if wanted != given {
                return Err(ModelError::InputLength { wanted, given });
            }
        }
        let rows = self.weights.chunks_exact(self.inputs).zip(&self.bias);
        for (output, (row, bias)) in output.iter_mut().zip(rows) {
            *output = dot(row, input) + bias;
        }
        Ok(())
    }
}

/// How many weights a layer has: as many as 32 bits can address, at four bytes each, or it is an error.
///
/// A page's `usize` has 32 bits. Asked for here, and not left to the multiplication, it is the same error on every machine.
fn weights_of(inputs: usize, outputs: usize) -> Result<usize, ModelError> {
    if inputs == 0 || outputs == 0 {
        return Err(ModelError::NoSize { inputs, outputs });
    }
    let bytes = (inputs as u64)
        .checked_mul(outputs as u64)
        .and_then(|count| count.checked_mul(4));
    match bytes.map(u32::try_from) {
        Some(Ok(_)) => Ok(inputs * outputs),
        _ => Err(ModelError::TooLarge {
            rows: outputs,
            columns: inputs,
        }),
    }
}

/// Everything below 0 becomes 0.
pub fn relu(numbers: &mut [f32]) {
    for number in numbers {
        *number = number.max(0.0);
    }
}

/// One layer with a ReLU, for JavaScript.
///
/// ```js
/// const model = new MiniModel(128, 10);
/// model.load_weights(new Float32Array(1280));
/// const output = model.predict(new Float32Array(128).fill(0.5));
/// ```
#[wasm_bindgen]
pub struct MiniModel {
    layer: Layer,
    input: Vec<f32>,
    output: Vec<f32>,
}

#[wasm_bindgen]
impl MiniModel {
    /// A model of so many inputs and outputs; each weight is 0.01 until `load_weights` is called.
    ///
    /// @throws {Error} if a size is 0 or the weights do not fit into memory.
    #[wasm_bindgen(constructor)]
    pub fn new(input_size: usize, output_size: usize) -> Result<MiniModel, JsError> {
        let layer = Layer::filled(input_size, output_size, 0.01)?;
        Ok(Self {
            input: vec![0.0; layer.inputs()],
            output: vec![0.0; layer.outputs()],
            layer,
        })
    }

    /// The layer's outputs for one input, each at least 0. Input and outputs are copied across.
    ///
    /// @throws {Error} if the input has another length than the model takes.
    pub fn predict(&self, input: &[f32]) -> Result<Vec<f32>, JsError> {
        let mut output = vec![0.0; self.layer.outputs()];
        self.layer.run(input, &mut output)?;
        relu(&mut output);
        Ok(output)
    }

    /// Takes other weights: for each output a row with a weight for each input.
    ///
    /// @throws {Error} if they are not as many as the model has; it keeps those that it had.
    pub fn load_weights(&mut self, weights: Vec<f32>) -> Result<(), JsError> {
        Ok(self.layer.set_weights(weights)?)
    }

    /// Where in the module's memory the model reads its input for `run`, in bytes. It stays there for the model's life; a view on it
    /// has to be made anew whenever the memory has grown.
    pub fn input_pointer(&self) -> *const f32 {
        self.input.as_ptr()
    }

    /// Where `run` writes the outputs.
    pub fn output_pointer(&self) -> *const f32 {
        self.output.as_ptr()
    }

    /// The same as `predict`, from the input that lies at `input_pointer` to `output_pointer`: nothing is copied across.
    ///
    /// @throws {Error} never, as both have the model's lengths.
    pub fn run(&mut self) -> Result<(), JsError> {
        self.layer.run(&self.input, &mut self.output)?;
        relu(&mut self.output);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_is_a_product_and_a_sum() {
        let layer = Layer::new(2, vec![1.0, 2.0, 3.0, -4.0], vec![0.5, 0.0]).unwrap();
        let mut output = [0.0; 2];
        layer.run(&[1.0, 1.0], &mut output).unwrap();
        assert_eq!(output, [3.5, -1.0]);
        relu(&mut output);
        assert_eq!(output, [3.5, 0.0]);
    }

    #[test]
    fn what_does_not_fit_says_both_lengths() {
        let mut layer = Layer::filled(3, 2, 0.01).unwrap();
        let said = layer.run(&[1.0], &mut [0.0; 2]).unwrap_err().to_string();
        assert_eq!(said, "the model takes 3 numbers, and was given 1");
        let before = layer.clone();
        let said = layer.set_weights(vec![0.0; 5]).unwrap_err().to_string();
        let want = "a model of 3 inputs and 2 outputs has 6 weights, and was given 5";
        assert_eq!(said, want);
        assert_eq!(layer, before);
    }

    #[test]
    fn sizes_are_judged_as_a_page_would() {
        assert!(Layer::filled(0, 2, 0.0).is_err());
        // 2^32 weights wrap to none in 32 bits; 2^30 of four bytes each do, too.
        for inputs in [1 << 16, 1 << 14] {
            let said = Layer::filled(inputs, 1 << 16, 0.0).unwrap_err();
            assert!(matches!(said, ModelError::TooLarge { .. }), "{said}");
        }
        assert!(Layer::filled(usize::MAX, usize::MAX, 0.0).is_err());
    }

    #[test]
    fn a_model_predicts_with_and_without_a_copy() {
        let Ok(mut model) = MiniModel::new(2, 2) else {
            panic!("2 x 2 is a model");
        };
        assert!(model.load_weights(vec![1.0, 1.0, -1.0, -1.0]).is_ok());
        let Ok(copied) = model.predict(&[2.0, 3.0]) else {
            panic!("two numbers for two inputs");
        };
        assert_eq!(copied, [5.0, 0.0]);
        let (input, output) = (model.input_pointer(), model.output_pointer());
        model.input.copy_from_slice(&[2.0, 3.0]);
        assert!(model.run().is_ok());
        assert_eq!(model.output, copied);
        assert_eq!(
            (model.input_pointer(), model.output_pointer()),
            (input, output)
        );
    }
}
