//! # The last sender
//!
//! Rows are scored on threads, and each score is reported as soon as it is there: a progress bar, or lines sent to a
//! browser. The threads put scores into a channel, and a loop takes them out. A channel is over when nobody is left
//! who could send.
//!
//! It compiles, reports every score, and never ends. While you wait for the verdict, count the senders: how many are
//! made, and where does each of them die?

use std::sync::mpsc;
use std::thread;

/// Scores each row on a thread of its own. Reports place and score, in the order in which the scores arrive. A row
/// whose scorer panics is not reported.
fn stream_scores(
    rows: Vec<Vec<f32>>,
    score: fn(&[f32]) -> f32,
    mut report: impl FnMut(usize, f32),
) {
    // TODO: The second loop ends when the last sender is gone. Which one is still there?
    // [starter]
    // let (sender, receiver) = mpsc::channel();
    // for (place, row) in rows.into_iter().enumerate() {
    //     let sender = sender.clone();
    //     thread::spawn(move || sender.send((place, score(&row))));
    // }
    // for (place, score) in receiver {
    //     report(place, score);
    // }
    // [solution]
    let (sender, receiver) = mpsc::channel();
    for (place, row) in rows.into_iter().enumerate() {
        let sender = sender.clone();
        thread::spawn(move || sender.send((place, score(&row))));
    }
    drop(sender);
    for (place, score) in receiver {
        report(place, score);
    }
    // [end]
}

#[path = "../../chapters/06_concurrency/checks/stream_scores.rs"]
mod checks;
