//! # Feed a language model
//!
//! A language model reads some tokens and learns to say, for each of them, the one after it: the targets are the
//! inputs, one place further on. A window moves over the corpus, a stride at a time, and what it shows goes out
//! in batches. This loader works. It builds a list at each step, as one would in Python, and copies every token
//! twice; the first batch has to wait for the last example.
//!
//! Nothing has to be copied here, and nothing has to be there before it is asked for. Start with the struct:
//! what does the compiler then ask of the three functions?

use std::iter::from_fn;

/// What the model reads, and what it should say after each of those tokens.
// TODO: Show both where they lie in the corpus.
struct Example {
    inputs: Vec<u32>,
    targets: Vec<u32>,
}

/// Examples of `context` tokens, `stride` apart. What is too short for one more example is left out.
// TODO: Let the slice's own method cut the windows. An iterator has one that skips along by a stride.
fn examples(tokens: &[u32], context: usize, stride: usize) -> impl Iterator<Item = Example> {
    let mut examples = Vec::new();
    let mut start = 0;
    while start + context < tokens.len() {
        examples.push(Example {
            inputs: tokens[start..start + context].to_vec(),
            targets: tokens[start + 1..start + context + 1].to_vec(),
        });
        start += stride;
    }
    examples.into_iter()
}

/// Batches of `size` examples, the last perhaps smaller.
// TODO: Take from `examples` what one batch needs, when it is asked for.
fn batches(
    examples: impl Iterator<Item = Example>,
    size: usize,
) -> impl Iterator<Item = Vec<Example>> {
    let mut batches = Vec::new();
    let mut batch = Vec::new();
    for example in examples {
        batch.push(example);
        if batch.len() == size {
            batches.push(batch);
            batch = Vec::new();
        }
    }
    if !batch.is_empty() {
        batches.push(batch);
    }
    batches.into_iter()
}

/// Batches of `size` examples, all of which `keep` has agreed to.
// TODO: With the others done this is one line: a chain that filters, and is cut into batches.
fn loader(
    tokens: &[u32],
    (context, stride): (usize, usize),
    size: usize,
    mut keep: impl FnMut(&Example) -> bool,
) -> impl Iterator<Item = Vec<Example>> {
    let mut kept = Vec::new();
    for example in examples(tokens, context, stride) {
        if keep(&example) {
            kept.push(example);
        }
    }
    batches(kept.into_iter(), size)
}

#[path = "../../chapters/05_iterators/checks/shifted_windows.rs"]
mod checks;
