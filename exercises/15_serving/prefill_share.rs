//! # A long prompt beside short answers
//!
//! A pass has room for so many rows. Where an answer grows, a sequence needs one: its last token. Who has just joined has a
//! prompt to read, of 500 tokens perhaps. All of it in one pass, and everybody else's text stands still for half a second.
//!
//! So a pass has a budget. Each answer that grows gets its row, and the prompts share what is left, the oldest first; a prompt
//! that does not fit is read on in the next pass.

/// How many tokens each sequence reads in the next pass of `rows` rows. `unread` has one number a sequence, the oldest
/// first: 1 where an answer grows, more where a prompt is to be read. There are at most `rows` sequences.
fn shares(unread: &[usize], rows: usize) -> Vec<usize> {
    // TODO: One for each that grows, whatever else is there; then the prompts, as far as the rows go.
    unread.iter().map(|&unread| unread.min(rows)).collect()
}

#[path = "../../chapters/15_serving/checks/prefill_share.rs"]
mod checks;
