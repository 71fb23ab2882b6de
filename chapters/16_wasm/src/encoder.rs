//! The sentence encoder in a page: chapter 7's network on Candle, its weights in a quarter of their bytes.

use crate::error::ModelError;
use crate::quantised::QuantisedMatrix;
use crate::weights::Weights;
use crate::wordpiece::WordPiece;
use candle_core::{
    CpuStorage, CustomOp1, DType, Device, Layout, Module, Result, Shape, Tensor, bail,
};
use candle_half::bert::{AnyLinear, Bert, Config, Parts};
use candle_half::pooling::{masked_mean, normalise};
use candle_nn::VarBuilder;
use safetensors::Dtype;
use std::cell::RefCell;
use std::collections::HashMap;
use wasm_bindgen::prelude::*;

/// How many tokens of a text are read, as in chapter 7.
const MAX_TOKENS: usize = 256;
/// A matrix NAME of bytes has its scales under this name.
pub const SCALES: &str = ".scales";

/// A linear layer whose weights are bytes. It is an operation of our own, as chapter 7 has them.
struct SmallLinear {
    weights: QuantisedMatrix,
    bias: Vec<f32>,
}

impl CustomOp1 for SmallLinear {
    fn name(&self) -> &'static str {
        "small-linear"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (Some((start, end)), CpuStorage::F32(numbers)) = (layout.contiguous_offsets(), storage)
        else {
            bail!("small-linear takes f32 numbers in a row")
        };
        let (rows, columns) = self.weights.shape();
        let mut dims = layout.dims().to_vec();
        match dims.last_mut() {
            Some(last) if *last == columns => *last = rows,
            _ => bail!("small-linear takes rows of {columns}, not {dims:?}"),
        }
        let product = self.weights.multiply(&numbers[start..end], &self.bias);
        let product = product.map_err(candle_core::Error::wrap)?;
        Ok((CpuStorage::F32(product), dims.into()))
    }
}

impl Module for SmallLinear {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        x.contiguous()?.apply_op1_no_bwd(self)
    }
}

/// GELU, in a form of which the compiler makes vector instructions: the library's `erff` goes number by number.
struct Gelu;

impl CustomOp1 for Gelu {
    fn name(&self) -> &'static str {
        "gelu"
    }

    fn cpu_fwd(&self, storage: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        let (Some((start, end)), CpuStorage::F32(numbers)) = (layout.contiguous_offsets(), storage)
        else {
            bail!("gelu takes f32 numbers in a row")
        };
        let done = numbers[start..end].iter().map(|x| gelu(*x)).collect();
        Ok((CpuStorage::F32(done), layout.shape().clone()))
    }
}

/// x times the share of a normal distribution that lies below x.
///
/// Abramowitz and Stegun, *Handbook of Mathematical Functions*, 7.1.26: off by 1.5e-7 at most, times x.
fn gelu(x: f32) -> f32 {
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let series = 1.061_405_4 * t - 1.453_152_1;
    let series = (series * t + 1.421_413_8) * t - 0.284_496_72;
    let series = (series * t + 0.254_829_6) * t;
    let beyond = 0.5 * series * exp_negative(-z * z);
    if x < 0.0 { x * beyond } else { x - x * beyond }
}

/// e^x for x of 0 or less, within 2 in 10 million of it: a power of two, and a polynomial for the rest.
fn exp_negative(x: f32) -> f32 {
    // Below this the result is nothing to anybody, and its exponent would leave the range of `f32`.
    let scaled = x.max(-87.0) * std::f32::consts::LOG2_E;
    let whole = scaled.round();
    let r = (scaled - whole) * std::f32::consts::LN_2;
    let series = 1.0 / 720.0 * r + 1.0 / 120.0;
    let series = (series * r + 1.0 / 24.0) * r + 1.0 / 6.0;
    let series = ((series * r + 0.5) * r + 1.0) * r + 1.0;
    #[expect(clippy::cast_sign_loss, reason = "-126 at least, and 127 is added")]
    let power = f32::from_bits(((whole as i32 + 127) as u32) << 23);
    series * power
}

/// A sentence encoder in 23 MB: texts to vectors of length 1.
pub struct SmallEncoder {
    pieces: WordPiece,
    bert: Bert,
    limit: usize,
}

impl SmallEncoder {
    /// Takes the weights that `examples/make_weights.rs` has written, and the list of pieces.
    ///
    /// A matrix is there as `i8` with its scales, everything else as `f32`.
    ///
    /// # Errors
    ///
    /// If the bytes are no such file, or lack a weight.
    pub fn new(safetensors: &[u8], pieces: &str) -> std::result::Result<Self, ModelError> {
        let file = Weights::read(safetensors)?;
        let mut matrices = HashMap::new();
        let mut tensors = HashMap::new();
        for name in file.names().filter(|name| !name.ends_with(SCALES)) {
            // Asked as what it is: the other type is an error that names it.
            if let Ok((shape, numbers)) = file.numbers(name) {
                tensors.insert(name.to_owned(), tensor(numbers, &shape)?);
                continue;
            }
            let (shape, bytes) = file.small(name)?;
            let (_, scales) = file.numbers(&format!("{name}{SCALES}"))?;
            let matrix = QuantisedMatrix::from_parts(bytes, scales)?;
            if name.starts_with("embeddings.") {
                // Rows are looked up and not multiplied: they become what Candle looks up in.
                tensors.insert(name.to_owned(), tensor(matrix.weights(), &shape)?);
            } else {
                matrices.insert(name.to_owned(), matrix);
            }
        }
        let config = config(&tensors, &matrices)?;
        let vb = VarBuilder::from_tensors(tensors, DType::F32, &Device::Cpu);
        let matrices = RefCell::new(matrices);
        let linear = |inputs: usize, outputs: usize, vb: VarBuilder| -> Result<AnyLinear> {
            let name = format!("{}.weight", vb.prefix());
            let Some(weights) = matrices.borrow_mut().remove(&name) else {
                bail!("there is no matrix '{name}'")
            };
            if weights.shape() != (outputs, inputs) {
                bail!(
                    "'{name}' is {:?}, not {outputs} x {inputs}",
                    weights.shape()
                )
            }
            let bias = vb.get(outputs, "bias")?.to_vec1()?;
            Ok(Box::new(SmallLinear { weights, bias }))
        };
        let parts = Parts {
            linear: &linear,
            activation: |x| x.contiguous()?.apply_op1_no_bwd(&Gelu),
        };
        let bert = Bert::with(&vb, &config, &parts).map_err(|error| failed(&error))?;
        Ok(Self {
            pieces: WordPiece::new(pieces)?,
            bert,
            limit: MAX_TOKENS.min(config.max_position_embeddings),
        })
    }

    /// The numbers of a text's tokens.
    pub fn tokens(&self, text: &str) -> Vec<u32> {
        self.pieces.encode(text, self.limit)
    }

    /// The text's vector, of length 1; 384 numbers with MiniLM.
    ///
    /// # Errors
    ///
    /// If the network fails; no text makes it fail that is known to us.
    pub fn encode(&self, text: &str) -> std::result::Result<Vec<f32>, ModelError> {
        let run = || {
            let tokens = Tensor::new(self.tokens(text), &Device::Cpu)?.unsqueeze(0)?;
            let mask = tokens.ones_like()?;
            let hidden = self.bert.forward(&tokens, &mask)?;
            normalise(&masked_mean(&hidden, &mask)?)?
                .squeeze(0)?
                .to_vec1()
        };
        run().map_err(|error| failed(&error))
    }
}

fn tensor(numbers: Vec<f32>, shape: &[usize]) -> std::result::Result<Tensor, ModelError> {
    Tensor::from_vec(numbers, shape, &Device::Cpu).map_err(|error| failed(&error))
}

fn failed(error: &candle_core::Error) -> ModelError {
    ModelError::Encoder(error.to_string())
}

/// The sizes of a BERT of this kind, as its weights tell them. Twelve heads are `MiniLM`'s, which no shape says.
fn config(
    tensors: &HashMap<String, Tensor>,
    matrices: &HashMap<String, QuantisedMatrix>,
) -> std::result::Result<Config, ModelError> {
    let rows = |name: &str| {
        let name = format!("embeddings.{name}_embeddings.weight");
        let found = tensors.get(&name).and_then(|tensor| tensor.dims2().ok());
        found.ok_or_else(|| ModelError::File(format!("there is no '{name}'")))
    };
    let (vocab_size, hidden_size) = rows("word")?;
    let wide = matrices
        .iter()
        .filter(|(name, _)| name.ends_with("intermediate.dense.weight"));
    Ok(Config {
        vocab_size,
        hidden_size,
        num_hidden_layers: wide.clone().count(),
        num_attention_heads: 12,
        intermediate_size: wide.map(|(_, matrix)| matrix.shape().0).max().unwrap_or(0),
        max_position_embeddings: rows("position")?.0,
        type_vocab_size: rows("token_type")?.0,
        layer_norm_eps: 1e-12,
        hidden_act: "gelu".to_owned(),
    })
}

/// Whether a weight becomes bytes: the matrices, which are all but a hundredth of the file.
pub fn becomes_bytes(shape: &[usize], dtype: Dtype) -> bool {
    shape.len() == 2 && dtype == Dtype::F32 && shape[0] > 2
}

/// The sentence encoder, for JavaScript: in a worker, since a page that computes does not answer.
///
/// ```js
/// const encoder = new SentenceEncoder(weights, pieces);
/// const query = encoder.encode("How do I share weights between threads?"); // Float32Array(384)
/// ```
#[wasm_bindgen]
pub struct SentenceEncoder {
    encoder: SmallEncoder,
}

#[wasm_bindgen]
impl SentenceEncoder {
    /// Takes the contents of `minilm.safetensors` and `pieces.txt`.
    ///
    /// @throws {Error} if they are not what they should be.
    #[wasm_bindgen(constructor)]
    pub fn new(safetensors: &[u8], pieces: &str) -> std::result::Result<SentenceEncoder, JsError> {
        let encoder = SmallEncoder::new(safetensors, pieces)?;
        Ok(Self { encoder })
    }

    /// The text's vector, of length 1.
    ///
    /// @throws {Error} if the network fails.
    pub fn encode(&self, text: &str) -> std::result::Result<Vec<f32>, JsError> {
        Ok(self.encoder.encode(text)?)
    }

    /// How many tokens of the text are read, with the two that mark its ends.
    pub fn count_tokens(&self, text: &str) -> usize {
        self.encoder.tokens(text).len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gelu_is_candles() -> Result<()> {
        let numbers: Vec<f32> = (-4000..4000).map(|n| n as f32 / 300.0).collect();
        let want = Tensor::new(&numbers[..], &Device::Cpu)?
            .gelu_erf()?
            .to_vec1::<f32>()?;
        for (x, want) in numbers.into_iter().zip(want) {
            let off = (gelu(x) - want).abs();
            assert!(off < 1e-6, "gelu({x}) is off by {off}");
        }
        assert_eq!((gelu(0.0), gelu(200.0)), (0.0, 200.0));
        assert!(gelu(-200.0).abs() < 1e-30);
        Ok(())
    }
}
