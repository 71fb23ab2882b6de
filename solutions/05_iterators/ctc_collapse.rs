//! # Collapse what is repeated
//!
//! A speech model gives one token for each 20 milliseconds of sound, so it says each letter several times, and a
//! blank in between. To read the text, repeated tokens are collapsed into one, then blanks are removed. That is
//! CTC decoding, and `decode` says it in one chain. `Collapse` does its part; it lacks the name that the chain
//! calls it by.
//!
//! Run it. Somebody wanted to give a method to every iterator. What does the compiler say may not be done, and
//! what does its note propose instead?

/// The token that means 'nothing new'.
const BLANK: u32 = 0;

/// Hands on those tokens of `tokens` that differ from the one before them.
struct Collapse<I> {
    tokens: I,
    last: Option<u32>,
}

impl<I: Iterator<Item = u32>> Iterator for Collapse<I> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let last = self.last;
        self.last = self.tokens.find(|token| Some(*token) != last);
        self.last
    }
}

// TODO: Put the method where every iterator over tokens can have it. Its body can stay.
// [starter]
// impl<I: Iterator<Item = u32>> I {
//     /// Leaves out every token that equals the one before it.
//     fn collapse(self) -> Collapse<I> {
//         Collapse {
//             tokens: self,
//             last: None,
//         }
//     }
// }
// [solution]
trait CollapseExt: Iterator<Item = u32> + Sized {
    /// Leaves out every token that equals the one before it.
    fn collapse(self) -> Collapse<Self> {
        Collapse {
            tokens: self,
            last: None,
        }
    }
}

impl<I: Iterator<Item = u32>> CollapseExt for I {}
// [end]

/// The text's tokens: without repetitions, then without blanks.
fn decode(frames: &[u32]) -> Vec<u32> {
    frames
        .iter()
        .copied()
        .collapse()
        .filter(|token| *token != BLANK)
        .collect()
}

#[path = "../../chapters/05_iterators/checks/ctc_collapse.rs"]
mod checks;
