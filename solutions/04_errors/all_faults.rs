//! # All faults at once
//!
//! A client sends a request with an empty prompt, no tokens and a negative temperature. It is told about the prompt,
//! mends it, and is told about the tokens; and so on, once a round trip. pydantic lists all three in its first answer,
//! and so should this.
//!
//! Run it. `return` and `?` both leave at the first fault. What could the function do with a fault instead?

use thiserror::Error;

/// A request as it arrives.
struct InferenceRequest {
    prompt: String,
    max_tokens: Option<usize>,
    temperature: Option<f32>,
}

/// A request that can be run.
#[derive(Debug, PartialEq)]
struct CheckedRequest {
    prompt: String,
    max_tokens: usize,
    temperature: f32,
}

/// One thing that is wrong with a request, and what to send instead.
#[derive(Debug, PartialEq, Error)]
enum Fault {
    #[error("prompt is empty: send at least one character")]
    EmptyPrompt,
    #[error("max_tokens is {0}: ask for 1 to 4096")]
    MaxTokens(usize),
    #[error("temperature is {0}: choose 0.0 to 2.0")]
    Temperature(f32),
}

/// Checks a request. The error has every fault, in the order of the fields.
fn check(request: InferenceRequest) -> Result<CheckedRequest, Vec<Fault>> {
    let max_tokens = request.max_tokens.unwrap_or(100);
    let temperature = request.temperature.unwrap_or(0.7);
    // TODO: Note each fault and go on. Decide when every field was looked at.
    // [starter]
    // if request.prompt.is_empty() {
    //     return Err(vec![Fault::EmptyPrompt]);
    // }
    // if !(1..=4096).contains(&max_tokens) {
    //     return Err(vec![Fault::MaxTokens(max_tokens)]);
    // }
    // if !(0.0..=2.0).contains(&temperature) {
    //     return Err(vec![Fault::Temperature(temperature)]);
    // }
    // [solution]
    let mut faults = Vec::new();
    if request.prompt.is_empty() {
        faults.push(Fault::EmptyPrompt);
    }
    if !(1..=4096).contains(&max_tokens) {
        faults.push(Fault::MaxTokens(max_tokens));
    }
    if !(0.0..=2.0).contains(&temperature) {
        faults.push(Fault::Temperature(temperature));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    // [end]
    Ok(CheckedRequest {
        prompt: request.prompt,
        max_tokens,
        temperature,
    })
}

#[path = "../../chapters/04_errors/checks/all_faults.rs"]
mod checks;
