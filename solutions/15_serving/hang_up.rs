//! # Nobody is listening
//!
//! Somebody closes the tab. The connection breaks, the server drops the future that was answering, and with it the receiver of
//! the answer. What does the worker know of it? In Python, often nothing: the model writes 500 tokens to nobody, while others
//! wait for its place.
//!
//! Here both ends of a channel know of each other. The sender can ask, at any time, whether there is still a receiver.

use tokio::sync::oneshot;

/// Draws tokens until `next_token` has none, and sends the text. Stops as soon as nobody waits for it.
fn generate(mut next_token: impl FnMut() -> Option<String>, response_tx: oneshot::Sender<String>) {
    let mut text = String::new();
    // TODO: Before each token: is there still somebody?
    // [starter]
    // while let Some(token) = next_token() {
    //     text.push_str(&token);
    // }
    // [solution]
    while !response_tx.is_closed() {
        let Some(token) = next_token() else { break };
        text.push_str(&token);
    }
    // [end]
    let _ = response_tx.send(text);
}

#[path = "../../chapters/15_serving/checks/hang_up.rs"]
mod checks;
