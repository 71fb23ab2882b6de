//! # A view of which of the two?
//!
//! Two sequences of features, and the longer one decides how far the other is padded. `longest_sequence` copies
//! nothing: it returns a view of the longer. Which one that is shows only at run time; what a caller may do with the
//! result has to be known before.
//!
//! Run it. The help says in one sentence what the signature leaves open, and shows a line below it. Before you write
//! that line: what does it say at each of its four marks?

/// A view of the longer sequence; of `seq2` if both have the same length.
// TODO: The result may be a view of either. Give that a name, and say it three times.
fn longest_sequence(seq1: &[f32], seq2: &[f32]) -> &[f32] {
    if seq1.len() > seq2.len() { seq1 } else { seq2 }
}

#[path = "../../chapters/02_lifetimes/checks/longest_sequence.rs"]
mod checks;
