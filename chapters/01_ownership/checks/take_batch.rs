//! What `take_batch` must do: hand out the batch, start the next one empty, and copy no prompt.

use super::Batcher;
use allocation_counter::measure;

/// A batcher that has collected two prompts.
fn collected() -> Batcher {
    let mut batcher = Batcher {
        pending: Vec::new(),
    };
    batcher.push("Translate: Guten Tag".to_string());
    batcher.push("Summarise: a long page".to_string());
    batcher
}

#[test]
fn hands_out_the_prompts_in_order() {
    let got = collected().take_batch();
    let want = ["Translate: Guten Tag", "Summarise: a long page"];
    assert_eq!(got, want, "the batch");
}

#[test]
fn the_next_batch_starts_empty() {
    let mut batcher = collected();
    batcher.take_batch();
    batcher.push("Continue: once".to_string());
    let got = batcher.take_batch();
    let want = ["Continue: once"];
    assert_eq!(got, want, "the second batch, after one more push");
}

// The prompts exist, and so does the list that holds them. Handing them out needs no memory.
#[test]
fn copies_no_prompt() {
    let mut batcher = collected();
    let got = measure(|| {
        batcher.take_batch();
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations while a batch is taken");
}
