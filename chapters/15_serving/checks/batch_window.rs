//! What `batch_window` must do: wait for company, but no longer than the window of the first. The clock is tokio's: it stands
//! still, and jumps to the next moment at which something happens when nobody has anything to do.

use super::next_batch;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};

const WINDOW: Duration = Duration::from_millis(10);

/// Somebody who sends a number at each of these milliseconds, and then stays for a second.
fn arrivals(at_ms: Vec<u32>) -> mpsc::Receiver<u32> {
    let (tx, rx) = mpsc::channel(64);
    let begun = Instant::now();
    tokio::spawn(async move {
        for ms in at_ms {
            sleep_until(begun + Duration::from_millis(u64::from(ms))).await;
            let _ = tx.send(ms).await;
        }
        sleep(Duration::from_secs(1)).await;
    });
    rx
}

#[tokio::test(start_paused = true)]
async fn the_first_waits_for_ten_milliseconds_and_no_longer() {
    let mut rx = arrivals((0..50).map(|n| 9 * n).collect());
    let begun = Instant::now();
    let batch = next_batch(&mut rx, 40, WINDOW).await;
    let got = (batch, begun.elapsed().as_millis());
    let want = (Some(vec![0, 9]), 10);
    assert_eq!(got, want, "a request every 9 ms, and the time");
}

#[tokio::test(start_paused = true)]
async fn the_window_begins_with_the_first() {
    let mut rx = arrivals(vec![100, 105, 111]);
    let batch = next_batch(&mut rx, 40, WINDOW).await;
    let got = batch;
    let want = Some(vec![100, 105]);
    assert_eq!(got, want, "requests after a quiet time");
}

#[tokio::test(start_paused = true)]
async fn a_full_batch_does_not_wait() {
    let mut rx = arrivals(vec![0, 1, 2, 3, 4]);
    let begun = Instant::now();
    let batch = next_batch(&mut rx, 3, WINDOW).await;
    let got = (batch, begun.elapsed().as_millis());
    let want = (Some(vec![0, 1, 2]), 2);
    assert_eq!(got, want, "a batch of three, and the time");
}

#[tokio::test(start_paused = true)]
async fn the_last_ones_are_a_batch_too() {
    let (tx, mut rx) = mpsc::channel(4);
    tx.send(1).await.unwrap();
    drop(tx);
    let got = [
        next_batch(&mut rx, 3, WINDOW).await,
        next_batch(&mut rx, 3, WINDOW).await,
    ];
    let want = [Some(vec![1]), None];
    assert_eq!(got, want, "one request, then no sender");
}
