//! Continuous batching: who arrives joins before the next pass, and who is done leaves after it.

use crate::batch::{Batch, BatchRequest};
use std::collections::VecDeque;
use std::time::Instant;
use tokio::sync::mpsc;

/// Answers what comes out of `rx` until all senders are gone and all is answered.
///
/// It blocks: a pass takes all cores for a hundredth of a second, and tokio's threads shall not be among them. So it gets
/// a thread of its own.
pub fn continuous_worker(mut rx: mpsc::Receiver<BatchRequest>, batch: &mut Batch) {
    let mut line = VecDeque::new();
    loop {
        if batch.is_empty() && line.is_empty() {
            // Nothing to do: sleep until there is, or until nothing will be any more.
            match rx.blocking_recv() {
                Some(request) => line.push_back(request),
                None => return,
            }
        }
        while let Ok(request) = rx.try_recv() {
            line.push_back(request);
        }
        turn(&mut line, batch);
    }
}

/// What happens between two passes, and a pass: the line and the batch lose those that nobody waits for, the first of the
/// line take the places that are free, and everybody in the batch comes a token further.
pub fn turn(line: &mut VecDeque<BatchRequest>, batch: &mut Batch) {
    batch.sweep();
    let now = Instant::now();
    for _ in 0..line.len() {
        match line.pop_front() {
            Some(request) if !request.is_awaited(now) => request.give_up(batch.figures()),
            Some(request) if batch.has_room() => batch.join(request),
            Some(request) => line.push_back(request),
            None => break,
        }
    }
    batch.pass();
}
