//! Sentences as vectors: the `MiniLM` sentence encoder, whose cosines say how near two texts are in meaning.

use crate::bert::{Bert, Config};
use crate::pooling::{masked_mean, normalise};
use candle_core::{DType, Device, Result, Tensor, bail};
use candle_nn::VarBuilder;
use std::path::Path;
use tokenizers::{Encoding, Tokenizer, TruncationParams};

/// How many tokens of a text are read; what comes after is left out. The model's `sentence_bert_config.json` says so.
pub const MAX_TOKENS: usize = 256;

/// How many texts go through the network at once.
const BATCH: usize = 32;

/// A sentence encoder: tokenizer, BERT, the mean over tokens, and length 1.
///
/// It takes the three files of a model made with the Python package `sentence-transformers`, and gives the same vectors
/// as that package.
///
/// ```no_run
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use candle_chapter::encoder::SentenceEncoder;
///
/// let encoder = SentenceEncoder::load(workbook_models::path("minilm")?)?;
/// let rows = encoder.encode(&["The cat sleeps.", "A kitten is asleep."])?;
/// assert_eq!((rows.len(), rows[0].len()), (2, 384));
/// # Ok(()) }
/// ```
pub struct SentenceEncoder {
    tokenizer: Tokenizer,
    bert: Bert,
    device: Device,
}

impl SentenceEncoder {
    /// Reads `config.json`, `tokenizer.json` and `model.safetensors` from a folder, for the CPU.
    ///
    /// # Errors
    ///
    /// If a file cannot be read (the message names it), or as for [`from_bytes`](Self::from_bytes).
    pub fn load(folder: impl AsRef<Path>) -> Result<Self> {
        let read = |name: &str| {
            let path = folder.as_ref().join(name);
            std::fs::read(&path).map_err(|error| candle_core::Error::from(error).with_path(path))
        };
        Self::from_bytes(
            &read("config.json")?,
            &read("tokenizer.json")?,
            &read("model.safetensors")?,
            &Device::Cpu,
        )
    }

    /// The same from the contents of the three files: where there is no file system, as in a browser.
    ///
    /// # Errors
    ///
    /// If one of them is not what it should be, or if the weights do not have the shapes that the configuration says.
    pub fn from_bytes(
        config: &[u8],
        tokenizer: &[u8],
        weights: &[u8],
        device: &Device,
    ) -> Result<Self> {
        let config: Config = serde_json::from_slice(config).map_err(candle_core::Error::wrap)?;
        let mut tokenizer = Tokenizer::from_bytes(tokenizer).map_err(candle_core::Error::wrap)?;
        // The file says: cut at 128, and pad every text to 128. Padding is done here, and only to the longest of a batch.
        let limit = TruncationParams {
            max_length: MAX_TOKENS.min(config.max_position_embeddings),
            ..TruncationParams::default()
        };
        tokenizer
            .with_padding(None)
            .with_truncation(Some(limit))
            .map_err(candle_core::Error::wrap)?;
        let vb = VarBuilder::from_slice_safetensors(weights, DType::F32, device)?;
        Ok(Self {
            tokenizer,
            bert: Bert::new(&vb, &config)?,
            device: device.clone(),
        })
    }

    /// One vector of length 1 for each text, in the order of the texts; 384 numbers each with `MiniLM`.
    ///
    /// The dot product of two of them is their cosine. Texts of similar length are computed together, so that little is
    /// spent on padding.
    ///
    /// # Errors
    ///
    /// If the tokenizer or the network fails; no text makes them fail that is known to us.
    pub fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let encodings = self.tokenise(texts)?;
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|&text| encodings[text].len());
        let mut rows = vec![Vec::new(); texts.len()];
        for places in order.chunks(BATCH) {
            let batch: Vec<&Encoding> = places.iter().map(|&text| &encodings[text]).collect();
            for (&text, row) in places.iter().zip(self.run(&batch)?.to_vec2()?) {
                rows[text] = row;
            }
        }
        Ok(rows)
    }

    /// The vectors of all texts in one batch, as a tensor (texts, 384).
    ///
    /// # Errors
    ///
    /// If there is no text, and as for [`encode`](Self::encode).
    pub fn embed(&self, texts: &[&str]) -> Result<Tensor> {
        let encodings = self.tokenise(texts)?;
        self.run(&encodings.iter().collect::<Vec<_>>())
    }

    fn tokenise(&self, texts: &[&str]) -> Result<Vec<Encoding>> {
        let encode = |text: &&str| self.tokenizer.encode(*text, true);
        let encodings: std::result::Result<_, _> = texts.iter().map(encode).collect();
        encodings.map_err(candle_core::Error::wrap)
    }

    /// (texts, `hidden_size`) of length 1 each.
    fn run(&self, batch: &[&Encoding]) -> Result<Tensor> {
        let Some(longest) = batch.iter().map(|encoding| encoding.len()).max() else {
            bail!("no text to encode");
        };
        let padded = |numbers: fn(&Encoding) -> &[u32]| {
            let rows = batch.iter().flat_map(|encoding| {
                let own = numbers(encoding).iter().copied();
                own.chain(std::iter::repeat_n(0, longest - encoding.len()))
            });
            Tensor::from_iter(rows, &self.device)?.reshape((batch.len(), longest))
        };
        let tokens = padded(Encoding::get_ids)?;
        let mask = padded(Encoding::get_attention_mask)?;
        let hidden = self.bert.forward(&tokens, &mask)?;
        normalise(&masked_mean(&hidden, &mask)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_named() {
        let Err(error) = SentenceEncoder::load("nowhere") else {
            panic!("nowhere is a model");
        };
        assert!(error.to_string().contains("config.json"), "{error}");
    }
}
