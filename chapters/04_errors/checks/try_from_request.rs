//! What `try_from_request` must do: convert a good request without copying it, and refuse a bad one with the reason.

use super::{CheckedRequest, InferenceRequest};

fn request(prompt: &str, max_tokens: Option<usize>, temperature: Option<f32>) -> InferenceRequest {
    let prompt = prompt.to_string();
    InferenceRequest {
        prompt,
        max_tokens,
        temperature,
    }
}

/// The checked request, or the text of the error.
fn answer(request: InferenceRequest) -> Result<CheckedRequest, String> {
    CheckedRequest::try_from(request).map_err(|error| error.to_string())
}

#[test]
fn a_good_request_passes() {
    let got = answer(request("Hello", Some(5), None));
    let want = Ok(CheckedRequest {
        prompt: "Hello".to_string(),
        max_tokens: 5,
        temperature: 0.7,
    });
    assert_eq!(got, want, "a request for 5 tokens");
}

#[test]
fn an_empty_prompt_is_refused() {
    let got = answer(request("", Some(5), None));
    let want = Err("prompt is empty: send at least one character".to_string());
    assert_eq!(got, want, "a request without a prompt");
}

#[test]
fn numbers_beyond_their_limits_are_refused() {
    for (max_tokens, temperature, want) in [
        (0, 0.7, "max_tokens is 0: ask for 1 to 4096"),
        (4097, 0.7, "max_tokens is 4097: ask for 1 to 4096"),
        (1, -1.0, "temperature is -1: choose 0.0 to 2.0"),
        (4096, 2.5, "temperature is 2.5: choose 0.0 to 2.0"),
        // Neither below 0.0 nor above 2.0, and yet in no range.
        (4096, f32::NAN, "temperature is NaN: choose 0.0 to 2.0"),
    ] {
        let got = answer(request("Hello", Some(max_tokens), Some(temperature)));
        let want = Err(want.to_string());
        assert_eq!(got, want, "{max_tokens} tokens at {temperature}");
    }
}

// `try_into` comes with `TryFrom`, as `into` comes with `From`. What it returns is the request itself, not a copy.
#[test]
fn the_prompt_is_moved() {
    let request = request("Hello", None, None);
    let want = request.prompt.as_ptr();
    let checked: Result<CheckedRequest, _> = request.try_into();
    let prompt = checked.map(|checked| checked.prompt).unwrap_or_default();
    let got = prompt.as_ptr();
    assert_eq!(got, want, "address of the prompt's text");
}
