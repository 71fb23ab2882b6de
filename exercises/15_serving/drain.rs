//! # The last requests
//!
//! A new version is rolled out, and the old process gets SIGTERM. Sixty requests were accepted and are in the channel. Their
//! clients were told 'yes', and a process that ends now makes it a lie.
//!
//! Ending well is two things, in this order: from now on nothing new gets in, and everything that is in gets its answer.

use tokio::sync::{mpsc, oneshot};

/// Answers requests until `stop` comes, and then those that were accepted before. A request is a number here.
async fn worker(
    mut rx: mpsc::Receiver<u32>,
    mut stop: oneshot::Receiver<()>,
    mut reply: impl FnMut(u32),
) {
    loop {
        tokio::select! {
            _ = &mut stop => break,
            request = rx.recv() => match request {
                Some(request) => reply(request),
                None => return,
            },
        }
    }
    // TODO: Shut the door, then answer who is inside. (What is still in a channel is dropped with its receiver.)
    drop(rx);
}

#[path = "../../chapters/15_serving/checks/drain.rs"]
mod checks;
