//! A view that moves on: what it hands out are loans from the owner of the tokens.

/// Cuts tokens into blocks of one size: the batches of a training text, or the windows that are searched for repeats.
///
/// ```
/// let tokens = [5, 6, 7, 8, 9];
/// let mut blocks = lifetimes::Blocks::new(&tokens, 2);
/// let (first, second) = (blocks.next_block(), blocks.next_block()); // both at once
/// assert_eq!((first, second), (Some(&tokens[..2]), Some(&tokens[2..4])));
/// ```
#[derive(Clone, Debug)]
pub struct Blocks<'t> {
    rest: &'t [u32],
    size: usize,
}

impl<'t> Blocks<'t> {
    /// Stands before the first of the blocks of `size` tokens.
    ///
    /// # Panics
    ///
    /// If `size` is zero.
    pub fn new(tokens: &'t [u32], size: usize) -> Self {
        assert!(size > 0, "a block has at least one token");
        let rest = tokens;
        Self { rest, size }
    }

    /// The next block, fewer than `size` tokens at the end; `None` when there are no more.
    pub fn next_block(&mut self) -> Option<&'t [u32]> {
        if self.rest.is_empty() {
            return None;
        }
        let (block, rest) = self.rest.split_at(self.size.min(self.rest.len()));
        self.rest = rest;
        Some(block)
    }
}

/// With this trait, of which chapter 5 tells, `for block in blocks` works.
impl<'t> Iterator for Blocks<'t> {
    type Item = &'t [u32];

    fn next(&mut self) -> Option<&'t [u32]> {
        self.next_block()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_tokens_make_no_block() {
        assert_eq!(Blocks::new(&[], 4).next_block(), None);
    }

    proptest! {
        // The standard library's `chunks` is the oracle.
        #[test]
        fn blocks_are_chunks(tokens in prop::collection::vec(0_u32..100, 0..40), size in 1_usize..10) {
            let got: Vec<&[u32]> = Blocks::new(&tokens, size).collect();
            let want: Vec<&[u32]> = tokens.chunks(size).collect();
            prop_assert_eq!(got, want);
        }
    }
}
