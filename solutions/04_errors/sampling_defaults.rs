//! # What a request leaves out
//!
//! A client may leave out `max_tokens` and `temperature`; the server has values of its own for both. In Python one
//! line does it, `request.get("temperature") or 0.7`, and it has a bug: a client who asks for 0.0, to get the same
//! answer every time, gets 0.7. Zero is falsy. In Rust a number that may be missing has a type of its own, `Option`,
//! and `Some(0.0)` is not `None`.
//!
//! Run it. The request holds a number or nothing. What does `Sampling` hold?

/// A request as it arrives. `None`: the client did not say.
struct InferenceRequest {
    prompt: String,
    max_tokens: Option<usize>,
    temperature: Option<f32>,
}

/// What the model is run with. Here nothing is missing.
#[derive(Debug, PartialEq)]
struct Sampling {
    max_tokens: usize,
    temperature: f32,
}

/// Takes what the client said, and for what was left out 100 tokens and temperature 0.7.
fn sampling(request: &InferenceRequest) -> Sampling {
    // TODO: Say what each number is when the client left it out.
    // [starter]
    // Sampling {
    //     max_tokens: request.max_tokens,
    //     temperature: request.temperature,
    // }
    // [solution]
    Sampling {
        max_tokens: request.max_tokens.unwrap_or(100),
        temperature: request.temperature.unwrap_or(0.7),
    }
    // [end]
}

#[path = "../../chapters/04_errors/checks/sampling_defaults.rs"]
mod checks;
