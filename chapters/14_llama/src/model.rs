//! The model: weights that all conversations share, and one pass over them for several conversations at once.

use crate::blocks::{Activations, quantise_q4_1, quantise_q8_0};
use crate::cache::KvCache;
use crate::error::{Error, Result, malformed};
use crate::gguf::{Format, Gguf, Value};
use crate::matmul::{Matrix, multiply};
use crate::ops::{angles, attend, rms_norm, rope, silu_times};
use crate::simd::Level;
use rayon::prelude::*;
use std::path::Path;

/// Rows that go through the layers together. More would not make the weights any cheaper, and the rows fall out of the
/// processor's cache.
pub const ROWS_AT_ONCE: usize = 128;

/// Rows that one thread normalises before it is worth asking another one.
const ROWS_A_PIECE: usize = 4;

/// The sizes of a Llama, from the file's header.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Layers, one after another.
    pub layers: usize,
    /// Numbers that stand for a token between the layers.
    pub width: usize,
    /// Numbers inside the feed-forward part.
    pub hidden: usize,
    /// Heads that ask.
    pub heads: usize,
    /// Heads that answer; each serves `heads / kv_heads` of those that ask.
    pub kv_heads: usize,
    /// Numbers in a head.
    pub head_dim: usize,
    /// Numbers of a head that are turned by position.
    pub rope_dim: usize,
    /// The slowest of a head's pairs turns about this many times slower than the first.
    pub rope_base: f32,
    /// Added to the mean square before its root is taken.
    pub epsilon: f32,
    /// Different tokens.
    pub vocab: usize,
    /// Tokens that the model was trained to look back on.
    pub context: usize,
}

impl Config {
    /// Reads and checks the sizes.
    ///
    /// # Errors
    ///
    /// If the file is not a Llama's, or its sizes do not fit each other.
    pub fn new(file: &Gguf) -> Result<Self> {
        match file.text("general.architecture") {
            Some("llama") => {}
            Some(other) => {
                return Err(Error::Unsupported(format!(
                    "the model is of the architecture '{other}', not of 'llama'"
                )));
            }
            None => return malformed("general.architecture is missing"),
        }
        if file
            .count("llama.expert_count")
            .is_ok_and(|experts| experts > 0)
        {
            return Err(Error::Unsupported(
                "the model is a mixture of experts, which is not supported".to_owned(),
            ));
        }
        let width = file.count("llama.embedding_length")?;
        let heads = file.count("llama.attention.head_count")?;
        let or = |key: &str, other: usize| {
            if file.metadata.contains_key(key) {
                file.count(key)
            } else {
                Ok(other)
            }
        };
        let kv_heads = or("llama.attention.head_count_kv", heads)?;
        if heads == 0
            || kv_heads == 0
            || !heads.is_multiple_of(kv_heads)
            || width == 0
            || !width.is_multiple_of(heads)
        {
            return malformed(format!(
                "{width} numbers, {heads} heads and {kv_heads} key-value heads do not fit"
            ));
        }
        let head_dim = or("llama.attention.key_length", width / heads)?;
        let rope_dim = or("llama.rope.dimension_count", head_dim)?;
        let rope_base = if file.metadata.contains_key("llama.rope.freq_base") {
            file.float("llama.rope.freq_base")?
        } else {
            10_000.0
        };
        if head_dim != width / heads || rope_dim > head_dim || !rope_dim.is_multiple_of(2) {
            return malformed(format!(
                "{rope_dim} of {head_dim} numbers of a head cannot be turned"
            ));
        }
        let config = Self {
            layers: file.count("llama.block_count")?,
            width,
            hidden: file.count("llama.feed_forward_length")?,
            heads,
            kv_heads,
            head_dim,
            rope_dim,
            rope_base,
            epsilon: file.float("llama.attention.layer_norm_rms_epsilon")?,
            vocab: file.list("tokenizer.ggml.tokens")?.len(),
            context: file.count("llama.context_length")?,
        };
        if config.layers == 0 || config.layers > 10_000 || config.context == 0 || config.vocab == 0
        {
            return malformed(format!("sizes that cannot be: {config:?}"));
        }
        Ok(config)
    }

    /// Rotations, in radians a token, of a head's pairs: `rope_base^(-2i / rope_dim)`.
    pub fn speeds(&self) -> Vec<f32> {
        let pairs = self.rope_dim / 2;
        (0..pairs)
            .map(|pair| self.rope_base.powf(-(pair as f32) / pairs as f32))
            .collect()
    }
}

struct Layer {
    attention_norm: Vec<f32>,
    query: Matrix,
    key: Matrix,
    value: Matrix,
    output: Matrix,
    feed_forward_norm: Vec<f32>,
    gate: Matrix,
    up: Matrix,
    down: Matrix,
}

/// A quantised Llama. Nothing in it changes after it is loaded, so any number of threads may share one in an `Arc`; what
/// belongs to one conversation is in its [`Session`].
pub struct Model {
    config: Config,
    embeddings: Matrix,
    layers: Vec<Layer>,
    norm: Vec<f32>,
    output: Matrix,
    speeds: Vec<f32>,
    level: Level,
}

// What a server shares between its threads (chapter 6).
const _: () = {
    const fn assert_send_sync<T: Send + Sync>() {}
    assert_send_sync::<Model>();
    assert_send_sync::<Session>();
};

/// One sequence: which tokens the model has read, and its keys and values for them.
pub struct Session {
    cache: KvCache,
    tokens: Vec<u32>,
}

impl Session {
    /// The tokens that were read.
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// Tokens that still fit.
    pub fn room(&self) -> usize {
        self.cache.capacity() - self.cache.len()
    }

    /// Forgets all but the first `length` tokens. What follows may then be read anew, or something else.
    pub fn truncate(&mut self, length: usize) {
        self.tokens.truncate(length);
        self.cache.truncate(length);
    }
}

/// One sequence's part in a pass: its session, and the tokens that it goes on with.
pub struct Step<'a> {
    /// Whose turn it is.
    pub session: &'a mut Session,
    /// Its next tokens: a prompt, a part of one, or the one that was sampled last. Not empty.
    pub tokens: &'a [u32],
    /// Whether scores are wanted: not before the last part of a prompt.
    pub scored: bool,
}

impl Model {
    /// Loads a model from a file.
    ///
    /// # Errors
    ///
    /// If the file is missing, is no sound GGUF file, or holds something else than a Llama.
    pub fn open(path: &Path) -> Result<Self> {
        Self::load(&Gguf::open(path)?)
    }

    /// Loads a model from an open file. The weights stay where they are: in the file's map.
    ///
    /// # Errors
    ///
    /// If it holds something else than a Llama.
    pub fn load(file: &Gguf) -> Result<Self> {
        let config = Config::new(file)?;
        let c = &config;
        let kv = c.kv_heads * c.head_dim;
        let layers = (0..c.layers)
            .map(|layer| {
                let matrix = |name: &str, cols, rows| {
                    Matrix::new(file, &format!("blk.{layer}.{name}.weight"), cols, rows)
                };
                let vector =
                    |name: &str| vector(file, &format!("blk.{layer}.{name}.weight"), c.width);
                Ok(Layer {
                    attention_norm: vector("attn_norm")?,
                    query: matrix("attn_q", c.width, c.width)?,
                    key: matrix("attn_k", c.width, kv)?,
                    value: matrix("attn_v", c.width, kv)?,
                    output: matrix("attn_output", c.width, c.width)?,
                    feed_forward_norm: vector("ffn_norm")?,
                    gate: matrix("ffn_gate", c.width, c.hidden)?,
                    up: matrix("ffn_up", c.width, c.hidden)?,
                    down: matrix("ffn_down", c.hidden, c.width)?,
                })
            })
            .collect::<Result<_>>()?;
        let embeddings = Matrix::new(file, "token_embd.weight", c.width, c.vocab)?;
        // Small models read tokens and write them with the same numbers.
        let output = if file.tensors.contains_key("output.weight") {
            Matrix::new(file, "output.weight", c.width, c.vocab)?
        } else {
            embeddings.clone()
        };
        let mut speeds = c.speeds();
        // Llama 3.1 and later slow some of the pairs down, each by a factor of its own.
        if file.tensors.contains_key("rope_freqs.weight") {
            let factors = vector(file, "rope_freqs.weight", c.rope_dim / 2)?;
            speeds
                .iter_mut()
                .zip(factors)
                .for_each(|(speed, factor)| *speed /= factor);
        } else if !matches!(file.text("llama.rope.scaling.type"), None | Some("none")) {
            let kind = file.metadata.get("llama.rope.scaling.type");
            return Err(Error::Unsupported(format!(
                "rope scaling {kind:?} is not supported"
            )));
        }
        let norm = vector(file, "output_norm.weight", c.width)?;
        Ok(Self {
            embeddings,
            layers,
            norm,
            output,
            speeds,
            level: Level::best(),
            config,
        })
    }

    /// The same model, computed with the given instructions, for tests and comparisons.
    #[must_use]
    pub fn with_level(mut self, level: Level) -> Self {
        self.level = level.or_best();
        self
    }

    /// Its sizes.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The bytes of weights that a pass reads.
    pub fn bytes(&self) -> usize {
        let layers = self.layers.iter().flat_map(|layer| {
            [
                &layer.query,
                &layer.key,
                &layer.value,
                &layer.output,
                &layer.gate,
                &layer.up,
                &layer.down,
            ]
        });
        layers.chain([&self.output]).map(Matrix::bytes).sum()
    }

    /// A new sequence with room for `capacity` tokens.
    ///
    /// # Errors
    ///
    /// If the model was not trained for that many.
    pub fn session(&self, capacity: usize) -> Result<Session> {
        let c = &self.config;
        if capacity == 0 || capacity > c.context {
            return Err(Error::Request(format!(
                "a context of {capacity} tokens: the model has 1 to {}",
                c.context
            )));
        }
        let cache = KvCache::new(c.layers, c.kv_heads, c.head_dim, capacity);
        Ok(Session {
            cache,
            tokens: Vec::new(),
        })
    }

    /// One pass: reads each step's tokens, and returns for each step the scores (logits) of all tokens that could follow;
    /// nothing for a step that wants none.
    ///
    /// The weights are gone through once for up to [`ROWS_AT_ONCE`] tokens, whichever sequences they belong to. Eight
    /// conversations that need a token each cost little more than one. What a sequence gets does not depend on the others,
    /// to the bit.
    ///
    /// # Errors
    ///
    /// If a step has no tokens, or one that does not exist, or more than fit into its session. Then no session has
    /// changed.
    pub fn forward(&self, steps: &mut [Step<'_>]) -> Result<Vec<Vec<f32>>> {
        for step in &*steps {
            if step.tokens.is_empty() {
                return Err(Error::Request("a step without a token".to_owned()));
            }
            if let Some(&token) = step
                .tokens
                .iter()
                .find(|&&token| token as usize >= self.config.vocab)
            {
                return Err(Error::NoSuchToken {
                    token,
                    size: self.config.vocab,
                });
            }
            step.session.cache.check_room(step.tokens.len())?;
        }
        // One row for each token of each step: whose it is, and where it stands there.
        let mut rows = Vec::new();
        for (index, step) in steps.iter().enumerate() {
            let start = step.session.cache.len();
            rows.extend(
                step.tokens
                    .iter()
                    .zip(start..)
                    .map(|(&token, position)| Row {
                        step: index,
                        position,
                        token,
                    }),
            );
        }
        // In the pool from here on: the way into it costs more than a small product.
        let scores = rayon::scope(|_| self.scores(&rows, steps));
        for step in &mut *steps {
            step.session.cache.advance(step.tokens.len());
            step.session.tokens.extend_from_slice(step.tokens);
        }
        Ok(scores)
    }

    fn scores(&self, rows: &[Row], steps: &mut [Step<'_>]) -> Vec<Vec<f32>> {
        let mut last = vec![Vec::new(); steps.len()];
        for rows in rows.chunks(ROWS_AT_ONCE) {
            let x = self.through_layers(rows, steps);
            for (row, x) in rows.iter().zip(x.chunks_exact(self.config.width)) {
                last[row.step].clear();
                last[row.step].extend_from_slice(x);
            }
        }
        let scored: Vec<bool> = steps.iter().map(|step| step.scored).collect();
        self.logits(&last, &scored)
    }

    /// The rows after the last layer, `width` numbers each.
    fn through_layers(&self, rows: &[Row], steps: &mut [Step<'_>]) -> Vec<f32> {
        let c = &self.config;
        let angles: Vec<_> = rows
            .iter()
            .map(|row| angles(row.position, &self.speeds))
            .collect();
        let mut x: Vec<f32> = rows
            .iter()
            .flat_map(|row| self.embeddings.row(row.token as usize))
            .collect();
        for (index, layer) in self.layers.iter().enumerate() {
            let normed = self.normed(&x, &layer.attention_norm);
            let [mut queries, mut keys, values] = multiply(
                self.level,
                [&layer.query, &layer.key, &layer.value],
                &normed,
            );
            for (queries, angles) in queries.chunks_exact_mut(c.width).zip(&angles) {
                rope(queries, c.head_dim, angles);
            }
            let kv = c.kv_heads * c.head_dim;
            for (place, row) in rows.iter().enumerate() {
                let keys = &mut keys[place * kv..][..kv];
                rope(keys, c.head_dim, &angles[place]);
                steps[row.step].session.cache.put(
                    index,
                    row.position,
                    keys,
                    &values[place * kv..][..kv],
                );
            }
            let attended = self.attention(index, rows, steps, &queries);
            let [attended] = multiply(
                self.level,
                [&layer.output],
                &Activations::new(&attended, c.width),
            );
            add(&mut x, &attended);

            let normed = self.normed(&x, &layer.feed_forward_norm);
            let [mut gate, up] = multiply(self.level, [&layer.gate, &layer.up], &normed);
            gate.par_chunks_exact_mut(c.hidden)
                .zip(up.par_chunks_exact(c.hidden))
                .with_min_len(ROWS_A_PIECE)
                .for_each(|(gate, up)| silu_times(self.level, gate, up));
            let [down] = multiply(
                self.level,
                [&layer.down],
                &Activations::new(&gate, c.hidden),
            );
            add(&mut x, &down);
        }
        x
    }

    fn normed(&self, x: &[f32], weights: &[f32]) -> Activations {
        let width = self.config.width;
        let mut rows = vec![0.0; x.len()];
        let both = x
            .par_chunks_exact(width)
            .zip(rows.par_chunks_exact_mut(width));
        both.with_min_len(ROWS_A_PIECE)
            .for_each(|(x, row)| row.copy_from_slice(&rms_norm(x, weights, self.config.epsilon)));
        Activations::new(&rows, width)
    }

    /// Each row's heads look at what its own sequence has in the cache, up to the row's position.
    fn attention(
        &self,
        layer: usize,
        rows: &[Row],
        steps: &[Step<'_>],
        queries: &[f32],
    ) -> Vec<f32> {
        let c = &self.config;
        let mut out = vec![0.0; queries.len()];
        let heads = queries
            .par_chunks_exact(c.head_dim)
            .zip(out.par_chunks_exact_mut(c.head_dim))
            .enumerate();
        // A head that looks back on few tokens is not worth the way to another thread.
        let looks: usize = rows.iter().map(|row| row.position + 1).sum();
        let together = (4_096 * rows.len() / looks).max(1);
        heads
            .with_min_len(together)
            .for_each(|(place, (query, out))| {
                let row = &rows[place / c.heads];
                let head = place % c.heads / (c.heads / c.kv_heads);
                let (keys, values) =
                    steps[row.step]
                        .session
                        .cache
                        .get(layer, head, row.position + 1);
                attend(self.level, query, keys, values, out);
            });
        out
    }

    fn logits(&self, last: &[Vec<f32>], scored: &[bool]) -> Vec<Vec<f32>> {
        let wanted = last.iter().zip(scored).filter(|(_, scored)| **scored);
        let wanted: Vec<f32> = wanted.flat_map(|(row, _)| row.iter().copied()).collect();
        if wanted.is_empty() {
            return vec![Vec::new(); last.len()];
        }
        let [logits] = multiply(
            self.level,
            [&self.output],
            &self.normed(&wanted, &self.norm),
        );
        let mut logits = logits.chunks_exact(self.config.vocab);
        let next = |scored: &bool| if *scored { logits.next() } else { None };
        scored
            .iter()
            .map(next)
            .map(|row| row.unwrap_or_default().to_vec())
            .collect()
    }
}

/// A token on its way through the layers.
struct Row {
    step: usize,
    position: usize,
    token: u32,
}

fn add(x: &mut [f32], more: &[f32]) {
    x.iter_mut().zip(more).for_each(|(x, more)| *x += more);
}

/// A tensor of one dimension, as `f32`.
fn vector(file: &Gguf, name: &str, length: usize) -> Result<Vec<f32>> {
    let info = file.tensor(name, &[length])?;
    match info.format {
        Format::F32 | Format::F16 => {
            Ok(crate::blocks::dequantise(info.format, file.data(info)).unwrap_or_default())
        }
        other => malformed(format!(
            "tensor {name} is stored as {other:?}, and norms are F32"
        )),
    }
}

/// A Llama with random weights that fits into a quarter of a megabyte, as a GGUF file. Its text is nonsense; its sizes, its
/// formats and its mistakes are those of a large one. The vocabulary is that of [`crate::vocab`]'s tests: 256 bytes, `<|im_start|>`
/// and `<|im_end|>`.
pub fn tiny(seed: u64) -> Vec<u8> {
    tiny_in(seed, 64, |name, numbers| match name {
        "token_embd" => (Format::Q8_0, quantise_q8_0(numbers)),
        _ => (Format::Q4_1, quantise_q4_1(numbers)),
    })
}

/// The same, `width` numbers wide, with its matrices stored as `quantise` says: given a matrix's name, without its layer, and
/// its numbers, it returns a format and the bytes.
pub fn tiny_in(
    seed: u64,
    width: usize,
    quantise: impl Fn(&str, &[f32]) -> (Format, Vec<u8>),
) -> Vec<u8> {
    let (layers, hidden, heads, kv_heads, vocab) = (2_usize, 2 * width, 4, 2, 258);
    let mut random = crate::sampler::Random::new(seed);
    let mut tensors = Vec::new();
    let mut matrix = |layer: &str, name: &str, cols: usize, rows: usize| {
        let numbers: Vec<f32> = (0..cols * rows).map(|_| random.next() - 0.5).collect();
        let (format, bytes) = quantise(name, &numbers);
        let name = format!("{layer}{name}.weight");
        (name, vec![cols, rows], format, bytes)
    };
    tensors.push(matrix("", "token_embd", width, vocab));
    let ones: Vec<u8> = (0..width).flat_map(|_| 1.0_f32.to_le_bytes()).collect();
    let kv = width / heads * kv_heads;
    for layer in 0..layers {
        for (name, cols, rows) in [
            ("attn_q", width, width),
            ("attn_k", width, kv),
            ("attn_v", width, kv),
            ("attn_output", width, width),
            ("ffn_gate", width, hidden),
            ("ffn_up", width, hidden),
            ("ffn_down", hidden, width),
        ] {
            tensors.push(matrix(&format!("blk.{layer}."), name, cols, rows));
        }
        for name in ["attn_norm", "ffn_norm"] {
            tensors.push((
                format!("blk.{layer}.{name}.weight"),
                vec![width],
                Format::F32,
                ones.clone(),
            ));
        }
    }
    tensors.push((
        "output_norm.weight".to_owned(),
        vec![width],
        Format::F32,
        ones,
    ));
    let count = |n: usize| Value::Unsigned(n as u64);
    let text = |text: &str| Value::Text(text.to_owned());
    let mut metadata = vec![
        ("general.architecture", text("llama")),
        ("llama.block_count", count(layers)),
        ("llama.context_length", count(256)),
        ("llama.embedding_length", count(width)),
        ("llama.feed_forward_length", count(hidden)),
        ("llama.attention.head_count", count(heads)),
        ("llama.attention.head_count_kv", count(kv_heads)),
        ("llama.attention.layer_norm_rms_epsilon", Value::Float(1e-5)),
        ("llama.rope.freq_base", Value::Float(10_000.0)),
        ("llama.rope.dimension_count", count(width / heads)),
    ];
    metadata.extend(crate::vocab::tiny());
    crate::gguf::write(&metadata, &tensors)
}
