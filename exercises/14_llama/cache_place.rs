//! # A place for every token
//!
//! The cache keeps the keys of all tokens, so that a new one need not read the text again. This one makes a new buffer for each
//! token, as `torch.cat` would, and copies what is there: at token 1,000 of SmolLM2 that is 23 MB of keys, in thirty layers,
//! for 23 kB that are new.
//!
//! There is room for the whole context from the start. Where does the key of `head` at `position` belong? All positions of one
//! head shall lie side by side, since that is how attention reads them.

/// The keys of one layer, `[head][position][head_dim]`.
struct Cache {
    keys: Vec<f32>,
    heads: usize,
    head_dim: usize,
    /// Positions that there is room for.
    capacity: usize,
    /// Positions that are taken.
    length: usize,
}

impl Cache {
    fn new(heads: usize, head_dim: usize, capacity: usize) -> Self {
        let keys = vec![0.0; heads * head_dim * capacity];
        Self {
            keys,
            heads,
            head_dim,
            capacity,
            length: 0,
        }
    }

    /// Adds a token: `heads` keys of `head_dim` numbers, one after another. `false` if there is no room.
    fn push(&mut self, token: &[f32]) -> bool {
        if self.length == self.capacity {
            return false;
        }
        for (head, key) in token.chunks_exact(self.head_dim).enumerate() {
            // TODO: Write the key into its place. Nothing that is there has to move.
            let end = (head * self.capacity + self.length) * self.head_dim;
            let mut keys = self.keys[..end].to_vec();
            keys.extend_from_slice(key);
            keys.extend_from_slice(&self.keys[end + self.head_dim..]);
            self.keys = keys;
        }
        self.length += 1;
        true
    }

    /// All keys of one head, those of the first position first.
    fn head(&self, head: usize) -> &[f32] {
        assert!(head < self.heads, "a head that is there");
        let begin = head * self.capacity * self.head_dim;
        &self.keys[begin..begin + self.length * self.head_dim]
    }
}

#[path = "../../chapters/14_llama/checks/cache_place.rs"]
mod checks;
