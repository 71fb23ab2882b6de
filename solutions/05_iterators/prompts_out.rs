//! # Take the prompts out of the batch
//!
//! A batch of requests goes through a server. First the log wants the ids: the batch is read. Then every prompt
//! gets the turn of the assistant: the batch is changed. At last the tokenizer takes the prompts, and nobody
//! needs the batch any more. Three functions, three ways to walk over a list. In Python all three say
//! `for request in batch`.
//!
//! Run it. The first two are right. What does the third one ask of a request that it has only been lent?

/// A request as it came in.
struct Request {
    id: u64,
    prompt: String,
}

/// The ids of a batch, for the log.
fn ids(batch: &[Request]) -> Vec<u64> {
    batch.iter().map(|request| request.id).collect()
}

/// Gives the word to the assistant, in every prompt.
fn add_turn(batch: &mut [Request]) {
    for request in batch.iter_mut() {
        request.prompt.push_str("\nAssistant:");
    }
}

/// Ends the batch and hands its prompts out, in their order.
fn into_prompts(batch: Vec<Request>) -> Vec<String> {
    // TODO: Walk over the requests themselves, not over loans of them.
    // [starter]
    // batch.iter().map(|request| request.prompt).collect()
    // [solution]
    batch.into_iter().map(|request| request.prompt).collect()
    // [end]
}

#[path = "../../chapters/05_iterators/checks/prompts_out.rs"]
mod checks;
