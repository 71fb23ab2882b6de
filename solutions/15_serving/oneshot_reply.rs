//! # One answer each
//!
//! A batch of requests comes to the worker, and each has its own way back: a `oneshot`, a channel for one value. Its sender is
//! used up by sending. If it is dropped instead, whoever waits gets a `RecvError`, which says nothing but that nobody will answer.
//!
//! In this batch one prompt is too long. Who else gets no answer? And what happens when a client has hung up?

use tokio::sync::oneshot;

/// A request, with the way back.
struct BatchRequest {
    prompt: String,
    response_tx: oneshot::Sender<Result<String, String>>,
}

/// Gives each request of a batch its answer, or its error.
fn answer_batch(batch: Vec<BatchRequest>, model: fn(&str) -> Result<String, String>) {
    for request in batch {
        // TODO: An error belongs to one request, and a client that has gone to nobody.
        // [starter]
        // let Ok(answer) = model(&request.prompt) else {
        //     return;
        // };
        // request.response_tx.send(Ok(answer)).unwrap();
        // [solution]
        let answer = model(&request.prompt);
        let _ = request.response_tx.send(answer); // an error here: the client has hung up
        // [end]
    }
}

#[path = "../../chapters/15_serving/checks/oneshot_reply.rs"]
mod checks;
