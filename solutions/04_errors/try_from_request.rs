//! # A conversion that may fail
//!
//! What arrives is an `InferenceRequest`: anything may be in it. What the model is given should be a `CheckedRequest`:
//! whoever holds one need not look again. The way from the one to the other is a conversion, so somebody reached for
//! `From`, and it may fail, so they returned a `Result`.
//!
//! Run it. What does the trait `From` promise its callers? The standard library has a second trait for conversions.

use thiserror::Error;

/// A request as it arrives.
struct InferenceRequest {
    prompt: String,
    max_tokens: Option<usize>,
    temperature: Option<f32>,
}

/// A request that can be run: there is a prompt, and the numbers are within their limits.
#[derive(Debug, PartialEq)]
struct CheckedRequest {
    prompt: String,
    max_tokens: usize,
    temperature: f32,
}

#[derive(Debug, PartialEq, Error)]
enum RequestError {
    #[error("prompt is empty: send at least one character")]
    EmptyPrompt,
    #[error("max_tokens is {0}: ask for 1 to 4096")]
    MaxTokens(usize),
    #[error("temperature is {0}: choose 0.0 to 2.0")]
    Temperature(f32),
}

// TODO: `From` cannot fail. Implement its counterpart that can. The checks in the body are right.
// [starter]
// impl From<InferenceRequest> for CheckedRequest {
//     fn from(request: InferenceRequest) -> Result<Self, RequestError> {
//         let max_tokens = request.max_tokens.unwrap_or(100);
//         let temperature = request.temperature.unwrap_or(0.7);
//         if request.prompt.is_empty() {
//             return Err(RequestError::EmptyPrompt);
//         }
//         if !(1..=4096).contains(&max_tokens) {
//             return Err(RequestError::MaxTokens(max_tokens));
//         }
//         if !(0.0..=2.0).contains(&temperature) {
//             return Err(RequestError::Temperature(temperature));
//         }
//         Ok(CheckedRequest {
//             prompt: request.prompt,
//             max_tokens,
//             temperature,
//         })
//     }
// }
// [solution]
impl TryFrom<InferenceRequest> for CheckedRequest {
    type Error = RequestError;

    fn try_from(request: InferenceRequest) -> Result<Self, RequestError> {
        let max_tokens = request.max_tokens.unwrap_or(100);
        let temperature = request.temperature.unwrap_or(0.7);
        if request.prompt.is_empty() {
            return Err(RequestError::EmptyPrompt);
        }
        if !(1..=4096).contains(&max_tokens) {
            return Err(RequestError::MaxTokens(max_tokens));
        }
        if !(0.0..=2.0).contains(&temperature) {
            return Err(RequestError::Temperature(temperature));
        }
        Ok(CheckedRequest {
            prompt: request.prompt,
            max_tokens,
            temperature,
        })
    }
}
// [end]

#[path = "../../chapters/04_errors/checks/try_from_request.rs"]
mod checks;
