//! # Keep the longest prompt
//!
//! Before a batch is padded, somebody asks for the tokens of its longest prompt. The loop tokenises one prompt after
//! another and remembers the longest so far. In Python, `longest = tokens` keeps the list alive for as long as the
//! name `longest` points at it. In Rust a view keeps nothing alive.
//!
//! Run it. The message names the line where `tokens` is dropped. Who looks at it after that? And is `longest` in
//! truth a view of `tokens`?

/// Splits a text into byte-level tokens, as `ByT5` does: one for each byte.
fn tokenise(text: &str) -> Vec<u32> {
    text.bytes().map(u32::from).collect()
}

/// The tokens of the longest prompt: the first of them if several are equally long, none if there is no prompt.
fn longest(prompts: &[&str]) -> Vec<u32> {
    // TODO: A view of `tokens` ends with `tokens`, at the end of each turn. Let something else outlive the loop.
    let mut longest: &[u32] = &[];
    for prompt in prompts {
        let tokens = tokenise(prompt);
        if tokens.len() > longest.len() {
            longest = &tokens;
        }
    }
    longest.to_vec()
}

#[path = "../../chapters/02_lifetimes/checks/longest_prompt.rs"]
mod checks;
