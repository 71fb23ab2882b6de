//! What `shareable_model` must do: score on any thread, and on two at the same time.

use super::Reranker;
use concurrency::Meeting;
use std::thread;

#[test]
fn scores_with_what_it_was_given() {
    let penalty = 0.5;
    let reranker = Reranker::new(move |document| document.len() as f32 - penalty);
    let got = reranker.score("cat");
    let want = 2.5;
    assert_eq!(got, want, "length of the document less 0.5");
}

// A lock would make anything shareable that can be sent, and let one document be scored at a time.
#[test]
fn two_threads_score_at_the_same_time() {
    let meeting = Meeting::of(2);
    let reranker = Reranker::new(move |_| f32::from(meeting.wait()));
    let got = thread::scope(|scope| {
        let other = scope.spawn(|| reranker.score("cat"));
        [reranker.score("horse"), other.join().unwrap()]
    });
    let want = [1.0, 1.0];
    assert_eq!(got, want, "1 for each score that met the other");
}
