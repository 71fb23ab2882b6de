//! What a sequence has computed so far: the keys and values of every token, in every layer.
//!
//! Without them, each new token would have to read the whole text again. They lie in one buffer that has room for the
//! whole context from the beginning: a new token writes into its place, and nothing that is there is ever copied.
//! (Memory that nobody has written to takes none: the system hands out pages at the first write.)

use crate::error::{Error, Result};

/// Keys and values of one sequence, `[layer][head][position][head_dim]`.
pub struct KvCache {
    keys: Vec<f32>,
    values: Vec<f32>,
    heads: usize,
    head_dim: usize,
    capacity: usize,
    length: usize,
}

impl KvCache {
    /// Room for `capacity` tokens.
    pub fn new(layers: usize, heads: usize, head_dim: usize, capacity: usize) -> Self {
        let size = layers * heads * head_dim * capacity;
        Self {
            keys: vec![0.0; size],
            values: vec![0.0; size],
            heads,
            head_dim,
            capacity,
            length: 0,
        }
    }

    /// Tokens that are in it.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Tokens that there is room for.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Whether `more` tokens fit.
    ///
    /// # Errors
    ///
    /// If they do not.
    pub fn check_room(&self, more: usize) -> Result<()> {
        if more > self.capacity - self.length {
            return Err(Error::ContextFull {
                used: self.length,
                more,
                capacity: self.capacity,
            });
        }
        Ok(())
    }

    /// Where the number 0 of a layer's and head's key or value at `position` lies.
    fn place(&self, layer: usize, head: usize, position: usize) -> usize {
        ((layer * self.heads + head) * self.capacity + position) * self.head_dim
    }

    /// Writes one token's keys and values, `heads * head_dim` numbers each, to `position` of `layer`.
    pub(crate) fn put(&mut self, layer: usize, position: usize, keys: &[f32], values: &[f32]) {
        for head in 0..self.heads {
            let from = head * self.head_dim..(head + 1) * self.head_dim;
            let to = self.place(layer, head, position);
            let to = to..to + self.head_dim;
            self.keys[to.clone()].copy_from_slice(&keys[from.clone()]);
            self.values[to].copy_from_slice(&values[from]);
        }
    }

    /// The first `count` keys and values of a layer's head, one after another.
    pub(crate) fn get(&self, layer: usize, head: usize, count: usize) -> (&[f32], &[f32]) {
        let begin = self.place(layer, head, 0);
        let range = begin..begin + count * self.head_dim;
        (&self.keys[range.clone()], &self.values[range])
    }

    /// Counts `more` tokens as being there, in all layers.
    pub(crate) fn advance(&mut self, more: usize) {
        self.length += more;
    }

    /// Forgets all but the first `length` tokens.
    pub fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }
}
