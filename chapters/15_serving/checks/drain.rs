//! What `drain` must do: refuse what is new, answer what was accepted, and end. The clock is tokio's and stands still, so a
//! worker that waits for ever is found out at once.

use super::worker;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

/// A channel with sixty requests in it.
fn accepted() -> (mpsc::Sender<u32>, mpsc::Receiver<u32>) {
    let (tx, rx) = mpsc::channel(100);
    for number in 0..60 {
        tx.try_send(number).unwrap();
    }
    (tx, rx)
}

/// A signal that has come already.
fn stopped() -> oneshot::Receiver<()> {
    let (stop, stopped) = oneshot::channel();
    stop.send(()).unwrap();
    stopped
}

const MINUTE: Duration = Duration::from_mins(1);

// The signal comes before the worker has looked at anything. `select!` takes one of what is ready, at random: that all
// sixty should be answered before the signal is seen has a chance of one in 2^60.
#[tokio::test(start_paused = true)]
async fn what_was_accepted_is_answered() {
    let (_tx, rx) = accepted();
    let mut got = Vec::new();
    let _ = timeout(MINUTE, worker(rx, stopped(), |number| got.push(number))).await;
    let want: Vec<u32> = (0..60).collect();
    assert_eq!(got, want, "answered requests");
}

#[tokio::test(start_paused = true)]
async fn the_worker_ends_although_senders_are_left() {
    let (_tx, rx) = accepted();
    let ended = timeout(MINUTE, worker(rx, stopped(), |_| {})).await;
    let got = ended.is_ok();
    let want = true;
    assert_eq!(got, want, "whether it ended within a minute");
}

// A request that gets in behind the last look at the channel is accepted and lost. So nothing may get in any more when the
// last ones are answered.
#[tokio::test(start_paused = true)]
async fn the_door_is_shut_before_the_last_are_answered() {
    let (tx, rx) = accepted();
    let mut got = None;
    let reply = |_| got = Some(tx.is_closed());
    let _ = timeout(MINUTE, worker(rx, stopped(), reply)).await;
    let want = Some(true);
    assert_eq!(got, want, "closed at the last reply");
}

#[tokio::test(start_paused = true)]
async fn without_a_signal_it_ends_with_the_last_sender() {
    let (tx, rx) = accepted();
    let (_stop, stopped) = oneshot::channel();
    drop(tx);
    let mut answered = 0;
    let ended = timeout(MINUTE, worker(rx, stopped, |_| answered += 1)).await;
    let got = (ended.is_ok(), answered);
    let want = (true, 60);
    assert_eq!(got, want, "whether it ended, and its answers");
}
