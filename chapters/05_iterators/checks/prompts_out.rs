//! What `prompts_out` must do: hand the prompts out as they are, each at its old address.

use super::{Request, add_turn, ids, into_prompts};

/// Two requests.
fn batch() -> Vec<Request> {
    ["Guten Tag", "Good day"]
        .into_iter()
        .zip(7..)
        .map(|(prompt, id)| Request {
            id,
            prompt: prompt.to_string(),
        })
        .collect()
}

#[test]
fn hands_out_the_prompts_in_order() {
    let got = into_prompts(batch());
    let want = ["Guten Tag", "Good day"];
    assert_eq!(got, want, "the prompts of two requests");
}

#[test]
fn all_three_walks_fit_together() {
    let mut batch = batch();
    let got = ids(&batch);
    let want = [7, 8];
    assert_eq!(got, want, "the ids, read from the batch");

    add_turn(&mut batch);
    let got = into_prompts(batch);
    let want = ["Guten Tag\nAssistant:", "Good day\nAssistant:"];
    assert_eq!(got, want, "the prompts after their turn was added");
}

// A prompt may be a whole book. The text stays where it is; its address is what moves.
#[test]
fn copies_no_prompt() {
    let batch = batch();
    let want: Vec<*const u8> = batch
        .iter()
        .map(|request| request.prompt.as_ptr())
        .collect();
    let prompts = into_prompts(batch);
    let got: Vec<*const u8> = prompts.iter().map(|prompt| prompt.as_ptr()).collect();
    assert_eq!(got, want, "addresses of the prompts");
}
