//! The same model in Candle: the version to read first, and the one that the fast version is tested against.
//!
//! Each line is one of the formulas, on whole tensors. What Candle's own `quantized_llama` does otherwise: it makes the
//! cache anew for each token, by `Tensor::cat`. Here a token's keys and values are written into their place.

use crate::error::{Error, Result};
use crate::gguf::Gguf;
use crate::model::Config;
use candle_core::quantized::gguf_file::Content;
use candle_core::quantized::{QMatMul, QTensor};
use candle_core::{DType, Device, Module, Tensor};
use candle_nn::ops::{rms_norm, silu, softmax_last_dim};
use candle_nn::rotary_emb::rope_i;
use std::io::Cursor;

struct Layer {
    attention_norm: Tensor,
    query: QMatMul,
    key: QMatMul,
    value: QMatMul,
    output: QMatMul,
    feed_forward_norm: Tensor,
    gate: QMatMul,
    up: QMatMul,
    down: QMatMul,
    /// (1, `kv_heads`, capacity, `head_dim`)
    keys: Tensor,
    values: Tensor,
}

/// A Llama on Candle's tensors, with one sequence's cache inside.
pub struct CandleLlama {
    config: Config,
    embeddings: Tensor,
    layers: Vec<Layer>,
    norm: Tensor,
    output: QMatMul,
    cos: Tensor,
    sin: Tensor,
    capacity: usize,
    length: usize,
}

impl CandleLlama {
    /// Loads the model of a file, with room for `capacity` tokens.
    ///
    /// # Errors
    ///
    /// If the file does not hold a Llama.
    pub fn load(file: &Gguf, capacity: usize) -> Result<Self> {
        let config = Config::new(file)?;
        let device = &Device::Cpu;
        let bytes: &[u8] = (*file.bytes).as_ref();
        let mut reader = Cursor::new(bytes);
        let content = Content::read(&mut reader)?;
        let mut tensor = |name: &str| -> candle_core::Result<QTensor> {
            content.tensor(&mut reader, name, device)
        };

        let cache = (1, config.kv_heads, capacity, config.head_dim);
        let mut layers = Vec::new();
        for layer in 0..config.layers {
            let mut tensor = |name: &str| tensor(&format!("blk.{layer}.{name}.weight"));
            layers.push(Layer {
                attention_norm: tensor("attn_norm")?.dequantize(device)?,
                query: QMatMul::from_qtensor(tensor("attn_q")?)?,
                key: QMatMul::from_qtensor(tensor("attn_k")?)?,
                value: QMatMul::from_qtensor(tensor("attn_v")?)?,
                output: QMatMul::from_qtensor(tensor("attn_output")?)?,
                feed_forward_norm: tensor("ffn_norm")?.dequantize(device)?,
                gate: QMatMul::from_qtensor(tensor("ffn_gate")?)?,
                up: QMatMul::from_qtensor(tensor("ffn_up")?)?,
                down: QMatMul::from_qtensor(tensor("ffn_down")?)?,
                keys: Tensor::zeros(cache, DType::F32, device)?,
                values: Tensor::zeros(cache, DType::F32, device)?,
            });
        }
        let embeddings = tensor("token_embd.weight")?;
        let output = if file.tensors.contains_key("output.weight") {
            QMatMul::from_qtensor(tensor("output.weight")?)?
        } else {
            QMatMul::from_qtensor(tensor("token_embd.weight")?)?
        };

        // cos and sin of position times speed: (capacity, rope_dim / 2)
        let speeds = config.speeds();
        let speeds = Tensor::from_slice(&speeds, (1, speeds.len()), device)?;
        let positions = Tensor::arange(0, capacity as u32, device)?
            .to_dtype(DType::F32)?
            .unsqueeze(1)?;
        let angles = positions.matmul(&speeds)?;
        Ok(Self {
            embeddings: embeddings.dequantize(device)?,
            norm: tensor("output_norm.weight")?.dequantize(device)?,
            cos: angles.cos()?,
            sin: angles.sin()?,
            layers,
            output,
            capacity,
            length: 0,
            config,
        })
    }

    /// Reads `tokens`, and returns the scores of all tokens that could follow the last of them.
    ///
    /// # Errors
    ///
    /// If there are none, or more than fit.
    pub fn forward(&mut self, tokens: &[u32]) -> Result<Vec<f32>> {
        let (start, count, capacity) = (self.length, tokens.len(), self.capacity);
        if count == 0 || start + count > capacity {
            return Err(Error::ContextFull {
                used: start,
                more: count,
                capacity,
            });
        }
        let c = &self.config;
        let (groups, epsilon) = (c.heads / c.kv_heads, c.epsilon);
        let (cos, sin) = (
            self.cos.narrow(0, start, count)?,
            self.sin.narrow(0, start, count)?,
        );
        let mask = causal_mask(start, count)?;

        // (1, count, width)
        let ids = Tensor::new(tokens, &Device::Cpu)?;
        let mut x = self.embeddings.index_select(&ids, 0)?.unsqueeze(0)?;
        for layer in &self.layers {
            let normed = rms_norm(&x, &layer.attention_norm, epsilon)?;
            // (1, heads, count, head_dim)
            let in_heads = |matrix: &QMatMul, heads: usize| -> candle_core::Result<Tensor> {
                matrix
                    .forward(&normed)?
                    .reshape((1, count, heads, c.head_dim))?
                    .transpose(1, 2)?
                    .contiguous()
            };
            let queries = rope_i(&in_heads(&layer.query, c.heads)?, &cos, &sin)?;
            let keys = rope_i(&in_heads(&layer.key, c.kv_heads)?, &cos, &sin)?;
            layer.keys.slice_set(&keys, 2, start)?;
            layer
                .values
                .slice_set(&in_heads(&layer.value, c.kv_heads)?, 2, start)?;
            let keys = layer.keys.narrow(2, 0, start + count)?.contiguous()?;
            let values = layer.values.narrow(2, 0, start + count)?.contiguous()?;

            // The heads that share a key lie one after another, so they are rows of one product.
            let queries = queries.reshape((1, c.kv_heads, groups * count, c.head_dim))?;
            let scores = (queries.matmul(&keys.transpose(2, 3)?)? / (c.head_dim as f64).sqrt())?;
            let scores = scores
                .reshape((1, c.kv_heads, groups, count, start + count))?
                .broadcast_add(&mask)?;
            let weights = softmax_last_dim(&scores)?.reshape((
                1,
                c.kv_heads,
                groups * count,
                start + count,
            ))?;
            let attended = weights
                .matmul(&values)?
                .reshape((1, c.heads, count, c.head_dim))?;
            let attended = attended.transpose(1, 2)?.reshape((1, count, c.width))?;
            x = (x + layer.output.forward(&attended)?)?;

            let normed = rms_norm(&x, &layer.feed_forward_norm, epsilon)?;
            let hidden = (silu(&layer.gate.forward(&normed)?)? * layer.up.forward(&normed)?)?;
            x = (x + layer.down.forward(&hidden)?)?;
        }
        self.length += count;
        let last = rms_norm(
            &x.narrow(1, count - 1, 1)?.contiguous()?,
            &self.norm,
            epsilon,
        )?;
        Ok(self.output.forward(&last)?.flatten_all()?.to_vec1()?)
    }

    /// Forgets all that was read.
    pub fn reset(&mut self) {
        self.length = 0;
    }
}

/// 0 where the token at `start + row` may look, minus infinity where it may not: at what comes later.
fn causal_mask(start: usize, count: usize) -> candle_core::Result<Tensor> {
    let row = |row: usize| {
        (0..start + count).map(move |at| {
            if at <= start + row {
                0.0
            } else {
                f32::NEG_INFINITY
            }
        })
    };
    let mask: Vec<f32> = (0..count).flat_map(row).collect();
    Tensor::from_vec(mask, (count, start + count), &Device::Cpu)
}
