//! BERT, from token numbers to one vector a token (Devlin et al. 2018, <https://arxiv.org/abs/1810.04805>).
//!
//! A short file, since a transformer that only reads is little: three embeddings, and layers that each let every token look at
//! every other one and then think for itself. The names given to `pp` are the names in the file of weights, so the code
//! reads like the file's table of contents. There is no dropout: this model is run here, not trained.

use candle_core::{D, DType, Result, Tensor, bail};
use candle_nn::{Embedding, LayerNorm, Module, VarBuilder, embedding, layer_norm, linear, ops};
use serde::Deserialize;

/// What `config.json` says about a model's sizes; what else stands there is left out.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    /// How many tokens there are.
    pub vocab_size: usize,
    /// How many numbers describe a token: 384 in `MiniLM`.
    pub hidden_size: usize,
    /// How many layers follow one another: 6 in `MiniLM`.
    pub num_hidden_layers: usize,
    /// Into how many heads the attention of a layer is cut; they share `hidden_size`.
    pub num_attention_heads: usize,
    /// The width of the two-layer network inside a layer.
    pub intermediate_size: usize,
    /// How many tokens a text may have at most.
    pub max_position_embeddings: usize,
    /// How many segments a text may have; one of them is used here.
    pub type_vocab_size: usize,
    /// What is added to a variance before it is divided by.
    pub layer_norm_eps: f64,
    /// The activation's name. `gelu` is the only one that is known here.
    pub hidden_act: String,
}

/// A linear layer of some kind; threads may share it.
pub type AnyLinear = Box<dyn Module + Send + Sync>;

/// Makes a linear layer from so many numbers to so many, with the weights of the builder.
pub type MakeLinear<'a> = dyn Fn(usize, usize, VarBuilder) -> Result<AnyLinear> + 'a;

/// What makes the layers of a network: chosen by whoever builds it, since weights need not be `f32`.
///
/// A layer takes its weights from the builder, which has gone down to the layer's name.
pub struct Parts<'a> {
    /// Each linear layer.
    pub linear: &'a MakeLinear<'a>,
    /// The activation between the two layers of the small network.
    pub activation: fn(&Tensor) -> Result<Tensor>,
}

/// The encoder: token numbers in, one vector for each token out.
pub struct Bert {
    words: Embedding,
    positions: Embedding,
    segments: Embedding,
    norm: LayerNorm,
    layers: Vec<Layer>,
}

impl Bert {
    /// Takes the weights named `embeddings.…` and `encoder.…` from `vb`.
    ///
    /// # Errors
    ///
    /// If a weight is missing or has another shape than `config` says, or if the activation is not `gelu`.
    pub fn new(vb: &VarBuilder, config: &Config) -> Result<Self> {
        let parts = Parts {
            linear: &|inputs, outputs, vb| Ok(Box::new(linear(inputs, outputs, vb)?)),
            // The exact one; Candle's `gelu` is an approximation by tanh.
            activation: Tensor::gelu_erf,
        };
        Self::with(vb, config, &parts)
    }

    /// The same with linear layers and an activation of one's own.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn with(vb: &VarBuilder, config: &Config, parts: &Parts) -> Result<Self> {
        if config.hidden_act != "gelu" {
            bail!(
                "the activation '{}' is not known here, only 'gelu'",
                config.hidden_act
            );
        }
        let size = config.hidden_size;
        let embeddings = vb.pp("embeddings");
        let encoder = vb.pp("encoder.layer");
        Ok(Self {
            words: embedding(config.vocab_size, size, embeddings.pp("word_embeddings"))?,
            positions: embedding(
                config.max_position_embeddings,
                size,
                embeddings.pp("position_embeddings"),
            )?,
            segments: embedding(
                config.type_vocab_size,
                size,
                embeddings.pp("token_type_embeddings"),
            )?,
            norm: layer_norm(size, config.layer_norm_eps, embeddings.pp("LayerNorm"))?,
            layers: (0..config.num_hidden_layers)
                .map(|index| Layer::new(&encoder.pp(index), config, parts))
                .collect::<Result<_>>()?,
        })
    }

    /// One vector for each token, (texts, tokens, `hidden_size`).
    ///
    /// `tokens` are token numbers, `mask` has 1 where there is a token and 0 where there is padding; both are
    /// (texts, tokens) of `u32`.
    ///
    /// # Errors
    ///
    /// If the shapes differ, or a token number or a position is out of range.
    pub fn forward(&self, tokens: &Tensor, mask: &Tensor) -> Result<Tensor> {
        let (_, length) = tokens.dims2()?;
        let positions = Tensor::arange(0, length as u32, tokens.device())?;
        let mut hidden = self
            .words
            .forward(tokens)?
            .broadcast_add(&self.positions.forward(&positions)?)?
            .broadcast_add(&self.segments.forward(&positions.zeros_like()?)?)?;
        hidden = self.norm.forward(&hidden)?;
        let bias = attention_bias(mask)?;
        for layer in &self.layers {
            hidden = layer.forward(&hidden, &bias)?;
        }
        Ok(hidden)
    }
}

/// 0 where there is a token, and a very negative number where there is padding: added to a score before softmax, it
/// leaves nothing. (texts, 1, 1, tokens), so that it broadcasts over heads and over the tokens that look.
fn attention_bias(mask: &Tensor) -> Result<Tensor> {
    let padding = (1.0 - mask.to_dtype(DType::F32)?)?;
    (padding * f64::from(f32::MIN))?.unsqueeze(1)?.unsqueeze(1)
}

/// One layer: attention and a small network, each added to what came in and then normalised.
struct Layer {
    attention: Attention,
    attention_norm: LayerNorm,
    wide: AnyLinear,
    activation: fn(&Tensor) -> Result<Tensor>,
    narrow: AnyLinear,
    norm: LayerNorm,
}

impl Layer {
    fn new(vb: &VarBuilder, config: &Config, parts: &Parts) -> Result<Self> {
        let (size, wide) = (config.hidden_size, config.intermediate_size);
        let norm = |vb: VarBuilder| layer_norm(size, config.layer_norm_eps, vb);
        Ok(Self {
            attention: Attention::new(&vb.pp("attention"), config, parts)?,
            attention_norm: norm(vb.pp("attention.output.LayerNorm"))?,
            wide: (parts.linear)(size, wide, vb.pp("intermediate.dense"))?,
            activation: parts.activation,
            narrow: (parts.linear)(wide, size, vb.pp("output.dense"))?,
            norm: norm(vb.pp("output.LayerNorm"))?,
        })
    }

    fn forward(&self, hidden: &Tensor, bias: &Tensor) -> Result<Tensor> {
        let seen = self.attention.forward(hidden, bias)?;
        let hidden = self.attention_norm.forward(&(hidden + seen)?)?;
        let thought = (self.activation)(&self.wide.forward(&hidden)?)?;
        let thought = self.narrow.forward(&thought)?;
        self.norm.forward(&(hidden + thought)?)
    }
}

/// Attention with several heads (Vaswani et al. 2017, <https://arxiv.org/abs/1706.03762>).
struct Attention {
    query: AnyLinear,
    key: AnyLinear,
    value: AnyLinear,
    output: AnyLinear,
    heads: usize,
}

impl Attention {
    fn new(vb: &VarBuilder, config: &Config, parts: &Parts) -> Result<Self> {
        let size = config.hidden_size;
        let heads = config.num_attention_heads;
        if heads == 0 || !size.is_multiple_of(heads) {
            bail!("{heads} heads cannot share {size} numbers");
        }
        Ok(Self {
            query: (parts.linear)(size, size, vb.pp("self.query"))?,
            key: (parts.linear)(size, size, vb.pp("self.key"))?,
            value: (parts.linear)(size, size, vb.pp("self.value"))?,
            output: (parts.linear)(size, size, vb.pp("output.dense"))?,
            heads,
        })
    }

    fn forward(&self, hidden: &Tensor, bias: &Tensor) -> Result<Tensor> {
        let query = self.split(&self.query.forward(hidden)?)?;
        let key = self.split(&self.key.forward(hidden)?)?;
        let value = self.split(&self.value.forward(hidden)?)?;
        let width = query.dim(D::Minus1)? as f64;
        let scores = (query.matmul(&key.t()?)? / width.sqrt())?.broadcast_add(bias)?;
        // The fast softmax has no gradient. None is wanted here.
        let shares = ops::softmax_last_dim(&scores)?;
        let seen = shares.matmul(&value)?;
        // (texts, heads, tokens, width) back to (texts, tokens, heads * width)
        let seen = seen.transpose(1, 2)?.flatten_from(D::Minus2)?;
        self.output.forward(&seen)
    }

    /// (texts, tokens, heads * width) to (texts, heads, tokens, width), in a row for `matmul`.
    fn split(&self, hidden: &Tensor) -> Result<Tensor> {
        let (texts, tokens, _) = hidden.dims3()?;
        hidden
            .reshape((texts, tokens, self.heads, ()))?
            .transpose(1, 2)?
            .contiguous()
    }
}
