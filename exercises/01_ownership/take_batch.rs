//! # Take the batch out
//!
//! A batcher collects prompts. When the model is free, it takes everything that has been collected, and the batcher
//! goes on with an empty list. In Python: `batch, self.pending = self.pending, []`.
//!
//! Run it. `take_batch` only borrows the batcher. If `pending` could leave it like that, what would the next
//! `push` find in its place?

/// Collects prompts until somebody takes them.
struct Batcher {
    pending: Vec<String>,
}

impl Batcher {
    /// Adds a prompt to the batch.
    fn push(&mut self, prompt: String) {
        self.pending.push(prompt);
    }

    /// Hands out all prompts collected so far, in their order. The next batch starts empty.
    // TODO: A field cannot leave a borrowed struct and leave a hole. Swap something into its place.
    fn take_batch(&mut self) -> Vec<String> {
        self.pending
    }
}

#[path = "../../chapters/01_ownership/checks/take_batch.rs"]
mod checks;
