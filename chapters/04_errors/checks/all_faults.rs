//! What `all_faults` must do: report each fault, in the order of the fields, and charge a good request nothing.

use super::{CheckedRequest, Fault, InferenceRequest, check};
use allocation_counter::measure;

fn request(prompt: &str, max_tokens: Option<usize>, temperature: Option<f32>) -> InferenceRequest {
    let prompt = prompt.to_string();
    InferenceRequest {
        prompt,
        max_tokens,
        temperature,
    }
}

#[test]
fn a_good_request_passes() {
    let got = check(request("Hello", None, Some(0.0)));
    let want = Ok(CheckedRequest {
        prompt: "Hello".to_string(),
        max_tokens: 100,
        temperature: 0.0,
    });
    assert_eq!(got, want, "Hello at temperature 0.0");
}

#[test]
fn one_fault_is_refused() {
    let got = check(request("Hello", Some(0), Some(0.5)));
    let want = Err(vec![Fault::MaxTokens(0)]);
    assert_eq!(got, want, "a request for 0 tokens");
}

#[test]
fn three_faults_are_reported_at_once() {
    let got = check(request("", Some(9999), Some(-1.0)));
    let want = Err(vec![
        Fault::EmptyPrompt,
        Fault::MaxTokens(9999),
        Fault::Temperature(-1.0),
    ]);
    assert_eq!(got, want, "a request in which all is wrong");
}

// Every way to have some fields right and some wrong.
#[test]
fn as_many_faults_as_there_are() {
    for wrong in 0..8_u32 {
        let bad = |field: usize| wrong >> field & 1 == 1;
        let prompt = if bad(0) { "" } else { "Hello" };
        let max_tokens = if bad(1) { 9999 } else { 1 };
        let temperature = if bad(2) { 2.5 } else { 2.0 };
        let answer = check(request(prompt, Some(max_tokens), Some(temperature)));
        let got = answer.map_or_else(|faults| faults.len(), |_| 0);
        let want = wrong.count_ones() as usize;
        assert_eq!(
            got, want,
            "faults of {prompt:?}, {max_tokens}, {temperature}"
        );
    }
}

// An empty list needs no memory until something is put into it.
#[test]
fn a_good_request_costs_nothing() {
    let request = request("Hello", Some(5), None);
    let got = measure(|| {
        let _ = check(request);
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for a good request");
}
