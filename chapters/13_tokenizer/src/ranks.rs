//! tiktoken's files: a token in base 64, a space and its rank, which is its id, on each line.

use crate::split::Split;
use crate::vocabulary::Vocabulary;
use crate::{Tokenizer, TokenizerError, base64};
use std::fs;
use std::path::Path;

impl Tokenizer {
    /// A tokenizer of tiktoken's ranks, such as `cl100k_base.tiktoken`. The file holds neither the rule for cutting nor the
    /// special tokens.
    ///
    /// # Errors
    ///
    /// `Malformed`, with the line that is no token and rank, or if an id would be there twice.
    pub fn from_tiktoken(
        ranks: &str,
        split: Split,
        specials: &[(&str, u32)],
    ) -> Result<Self, TokenizerError> {
        let mut tokens: Vec<Vec<u8>> = Vec::new();
        let lines = ranks.lines().collect::<Vec<_>>();
        for (number, line) in (1..).zip(&lines) {
            let fault = |what: &str| TokenizerError::malformed(format!("line {number}: {what}"));
            if line.trim().is_empty() {
                continue;
            }
            let (token, rank) = line
                .trim()
                .split_once(' ')
                .ok_or_else(|| fault("no token and rank"))?;
            let token = base64::decode(token).ok_or_else(|| fault("the token is no base 64"))?;
            let rank: usize = rank.parse().map_err(|_| fault("the rank is no number"))?;
            // Ranks count from 0 with at most a few gaps; a wild one would ask for memory that nobody has.
            if rank > 2 * lines.len() + 1_024 {
                return Err(fault("the rank is far beyond the number of tokens"));
            }
            if rank >= tokens.len() {
                tokens.resize(rank + 1, Vec::new());
            }
            if token.is_empty() || !tokens[rank].is_empty() {
                return Err(fault("an empty token, or a rank that is there already"));
            }
            tokens[rank] = token;
        }
        let mut tokenizer = Self::new(Vocabulary::of_ranks(&tokens)?, split);
        for &(text, id) in specials {
            tokenizer.add_special_at(text, id)?;
        }
        Ok(tokenizer)
    }

    /// The same from a file.
    ///
    /// # Errors
    ///
    /// `Io` if it cannot be read, and as [`Self::from_tiktoken`].
    pub fn load_tiktoken(
        path: impl AsRef<Path>,
        split: Split,
        specials: &[(&str, u32)],
    ) -> Result<Self, TokenizerError> {
        let path = path.as_ref();
        let ranks = fs::read_to_string(path).map_err(TokenizerError::io(path))?;
        Self::from_tiktoken(&ranks, split, specials)
    }

    /// The tokens as tiktoken's files have them. What is not in there: the rule for cutting, and the special tokens.
    pub fn to_tiktoken(&self) -> String {
        let ids = 0..self.vocabulary_size() as u32;
        let lines = ids.filter_map(|id| {
            let token = base64::encode(self.ordinary_token(id)?);
            Some(format!("{token} {id}\n"))
        });
        lines.collect()
    }
}
