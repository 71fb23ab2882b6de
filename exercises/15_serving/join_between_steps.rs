//! # Nobody waits for the longest
//!
//! A batch that was closed runs until its longest answer ends. Seven of eight are done after five tokens, and for the other
//! 500 their places go through the model empty, while people wait outside.
//!
//! But a batch is made anew at each pass anyway: it is a list of who is in. Between two passes somebody may leave, and
//! somebody may join. This is *continuous batching*; here it is without the model.

use std::collections::VecDeque;

/// An answer that needs `left` more passes.
struct Sequence {
    id: u32,
    left: usize,
}

/// Those in the batch, and those that wait.
struct Batch {
    size: usize,
    running: Vec<Sequence>,
    line: VecDeque<Sequence>,
}

impl Batch {
    /// One pass, and what belongs around it. Returns who is done with it, in the order in which they joined.
    fn turn(&mut self) -> Vec<u32> {
        // TODO: Let the first in the line join, as long as there is room: not only when all are gone.
        if self.running.is_empty() {
            let count = self.size.min(self.line.len());
            self.running.extend(self.line.drain(..count));
        }
        for sequence in &mut self.running {
            sequence.left = sequence.left.saturating_sub(1);
        }
        // TODO: Let those leave that are done: not only when all are.
        if self.running.iter().any(|sequence| sequence.left > 0) {
            return Vec::new();
        }
        self.running.drain(..).map(|sequence| sequence.id).collect()
    }
}

#[path = "../../chapters/15_serving/checks/join_between_steps.rs"]
mod checks;
