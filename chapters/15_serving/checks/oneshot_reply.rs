//! What `oneshot_reply` must do: an answer or an error for each request of a batch, whatever happened to the others.

use super::{BatchRequest, answer_batch};
use tokio::sync::oneshot;

type Reply = oneshot::Receiver<Result<String, String>>;

fn model(prompt: &str) -> Result<String, String> {
    if prompt.len() > 10 {
        return Err(format!("{} bytes do not fit", prompt.len()));
    }
    Ok(prompt.to_uppercase())
}

fn batch(prompts: &[&str]) -> (Vec<BatchRequest>, Vec<Reply>) {
    let request = |prompt: &&str| {
        let (response_tx, reply) = oneshot::channel();
        let prompt = (*prompt).to_owned();
        (
            BatchRequest {
                prompt,
                response_tx,
            },
            reply,
        )
    };
    prompts.iter().map(request).unzip()
}

/// What came back: an answer, an error, or nothing.
fn came(mut reply: Reply) -> String {
    match reply.try_recv() {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => format!("error: {error}"),
        Err(_) => "nothing".to_owned(),
    }
}

#[test]
fn everybody_gets_an_answer() {
    let (batch, replies) = batch(&["a", "b"]);
    answer_batch(batch, model);
    let got: Vec<_> = replies.into_iter().map(came).collect();
    let want = ["A", "B"];
    assert_eq!(got, want, "two sound requests");
}

#[test]
fn an_error_is_an_answer_too() {
    let (batch, mut replies) = batch(&["much too long"]);
    answer_batch(batch, model);
    let got = came(replies.remove(0));
    let want = "error: 13 bytes do not fit";
    assert_eq!(got, want, "a request that fails");
}

#[test]
fn an_error_costs_the_others_nothing() {
    let (batch, mut replies) = batch(&["a", "much too long", "c"]);
    answer_batch(batch, model);
    let got = came(replies.remove(2));
    let want = "C";
    assert_eq!(got, want, "the one behind the one that fails");
}

#[test]
fn a_client_that_has_gone_stops_nobody() {
    let (batch, mut replies) = batch(&["a", "b"]);
    drop(replies.remove(0));
    answer_batch(batch, model);
    let got = came(replies.remove(0));
    let want = "B";
    assert_eq!(got, want, "the one behind the one that has gone");
}
