//! Batches by a window: whoever arrives within some milliseconds of the first is in, the rest wait for the next batch.

use crate::batch::{Batch, BatchRequest};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

/// Answers what comes out of `rx`, in batches of `batch_size` at most, until all senders are gone.
///
/// A batch begins with the first request, and is closed when it is full or `timeout_ms` after it began. It then runs to the
/// end of its longest answer. As it blocks the thread meanwhile, it belongs into a runtime of its own.
pub async fn batch_inference_worker(
    mut rx: mpsc::Receiver<BatchRequest>,
    batch_size: usize,
    timeout_ms: u64,
    batch: &mut Batch,
) {
    while let Some(requests) = next_batch(&mut rx, batch_size, timeout_ms).await {
        for request in requests {
            batch.join(request);
        }
        while !batch.is_empty() {
            batch.pass();
            batch.sweep();
        }
    }
}

/// The next `batch_size` items, or those that arrive within `timeout_ms` of the first; `None` when nobody will send any
/// more.
///
/// The window is counted from the first item. Counted anew from each one, it would never close as long as somebody
/// arrives.
pub async fn next_batch<T>(
    rx: &mut mpsc::Receiver<T>,
    batch_size: usize,
    timeout_ms: u64,
) -> Option<Vec<T>> {
    let mut batch = vec![rx.recv().await?];
    let deadline = Instant::now() + Duration::from_millis(timeout_ms);
    while batch.len() < batch_size {
        match timeout_at(deadline, rx.recv()).await {
            Ok(Some(item)) => batch.push(item),
            // Late, or nobody is left who could send.
            Ok(None) | Err(_) => break,
        }
    }
    Some(batch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::sleep;

    /// Sends a number at each of the given milliseconds.
    fn arrivals(at_ms: &'static [u64]) -> mpsc::Receiver<u64> {
        let (tx, rx) = mpsc::channel(16);
        tokio::spawn(async move {
            let begun = Instant::now();
            for &ms in at_ms {
                tokio::time::sleep_until(begun + Duration::from_millis(ms)).await;
                let _ = tx.send(ms).await;
            }
            sleep(Duration::from_secs(1)).await;
        });
        rx
    }

    #[tokio::test(start_paused = true)]
    async fn a_window_is_counted_from_the_first() {
        let mut rx = arrivals(&[100, 106, 109, 112]);
        let begun = Instant::now();
        assert_eq!(next_batch(&mut rx, 8, 10).await, Some(vec![100, 106, 109]));
        assert_eq!(begun.elapsed().as_millis(), 110);
        assert_eq!(next_batch(&mut rx, 8, 10).await, Some(vec![112]));
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_batch_does_not_wait() {
        let mut rx = arrivals(&[0, 1, 2, 3]);
        let begun = Instant::now();
        assert_eq!(next_batch(&mut rx, 3, 10).await, Some(vec![0, 1, 2]));
        assert_eq!(begun.elapsed().as_millis(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_senders_end_ends_it() {
        let (tx, mut rx) = mpsc::channel(4);
        tx.send(1).await.expect("room");
        drop(tx);
        assert_eq!(next_batch(&mut rx, 8, 10).await, Some(vec![1]));
        assert_eq!(next_batch(&mut rx, 8, 10).await, None);
    }
}
