//! What `sampling_defaults` must do: keep what the client said, zero included, and fill in only what was left out.

use super::{InferenceRequest, Sampling, sampling};

/// What a request with these two fields is sampled with.
fn sampled(max_tokens: Option<usize>, temperature: Option<f32>) -> Sampling {
    let request = InferenceRequest {
        prompt: "Name a colour.".to_string(),
        max_tokens,
        temperature,
    };
    let sampling = sampling(&request);
    assert_eq!(request.prompt, "Name a colour.", "the prompt afterwards");
    sampling
}

#[test]
fn keeps_what_the_client_said() {
    let got = sampled(Some(5), Some(0.25));
    let want = Sampling {
        max_tokens: 5,
        temperature: 0.25,
    };
    assert_eq!(got, want, "sampling for Some(5), Some(0.25)");
}

#[test]
fn fills_in_what_was_left_out() {
    let got = sampled(None, None);
    let want = Sampling {
        max_tokens: 100,
        temperature: 0.7,
    };
    assert_eq!(got, want, "sampling for None, None");
}

#[test]
fn each_field_is_filled_in_by_itself() {
    let got = (sampled(None, Some(1.5)), sampled(Some(7), None));
    let want = (
        Sampling {
            max_tokens: 100,
            temperature: 1.5,
        },
        Sampling {
            max_tokens: 7,
            temperature: 0.7,
        },
    );
    assert_eq!(got, want, "sampling with one field left out");
}

// Python's `request.get("temperature") or 0.7` fails here.
#[test]
fn zero_is_a_temperature() {
    let got = sampled(Some(5), Some(0.0)).temperature;
    let want = 0.0;
    assert_eq!(got, want, "temperature for Some(0.0)");
}
