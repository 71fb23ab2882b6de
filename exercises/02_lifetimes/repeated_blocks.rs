//! # Is the model stuck?
//!
//! A model that has lost its way writes the same block of tokens again and again. To notice, its output is cut into
//! blocks, and each is compared with the one before. `Blocks` is a cursor: a view of what is left, which moves on.
//! Two blocks have to be there at once, and both are views of the tokens.
//!
//! Run it. Which loan is still alive when `next_block` is called again, and for how long did the signature ask for
//! it?

/// Cuts tokens into blocks, one at a time.
struct Blocks<'t> {
    rest: &'t [u32],
    size: usize,
}

impl<'t> Blocks<'t> {
    /// The next `size` tokens, fewer at the end; `None` when there are no more.
    // TODO: A block should last as long as the tokens, not as long as the cursor's loan.
    fn next_block(&mut self) -> Option<&[u32]> {
        if self.rest.is_empty() {
            return None;
        }
        let (block, rest) = self.rest.split_at(self.size.min(self.rest.len()));
        self.rest = rest;
        Some(block)
    }
}

/// How many blocks of `size` tokens are the same as the block before them.
fn repeats(tokens: &[u32], size: usize) -> usize {
    let mut blocks = Blocks { rest: tokens, size };
    let mut repeats = 0;
    let mut previous = blocks.next_block();
    while previous.is_some() {
        let block = blocks.next_block();
        if block == previous {
            repeats += 1;
        }
        previous = block;
    }
    repeats
}

#[path = "../../chapters/02_lifetimes/checks/repeated_blocks.rs"]
mod checks;
