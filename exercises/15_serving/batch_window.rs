//! # Ten milliseconds for company
//!
//! One pass over the weights serves eight requests at hardly more than the price of one. So the first request waits a moment
//! for others: until eight are there, or ten milliseconds are over.
//!
//! With this code a request waited for a minute. Nothing was wrong with the network: every nine milliseconds somebody else
//! came. Run it; in the checks the clock is tokio's, and stands still until all wait.

use std::time::Duration;
use tokio::sync::mpsc;

/// The next `batch_size` requests, or those that come within `window` of the first. `None` when nobody will send any more.
async fn next_batch(
    rx: &mut mpsc::Receiver<u32>,
    batch_size: usize,
    window: Duration,
) -> Option<Vec<u32>> {
    let mut batch = vec![rx.recv().await?];
    // TODO: Until when does the first one wait, however many come?
    while batch.len() < batch_size {
        match tokio::time::timeout(window, rx.recv()).await {
            Ok(Some(request)) => batch.push(request),
            Ok(None) | Err(_) => break,
        }
    }
    Some(batch)
}

#[path = "../../chapters/15_serving/checks/batch_window.rs"]
mod checks;
