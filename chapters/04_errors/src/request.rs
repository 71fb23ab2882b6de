//! A request that may be anything becomes one that can be run, or a list of all that is wrong with it.

use serde::Deserialize;
use thiserror::Error;

/// A request as it arrives. `None`: the client did not say.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InferenceRequest {
    /// The text to go on from.
    pub prompt: String,
    /// How many tokens to generate at most.
    pub max_tokens: Option<usize>,
    /// How freely to choose among likely tokens; 0 takes the likeliest every time.
    pub temperature: Option<f32>,
}

/// A request that can be run: whoever holds one need not look again.
///
/// The fields are private, so that `try_from` is the one way to make it.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedRequest {
    prompt: String,
    max_tokens: usize,
    temperature: f32,
}

/// One thing that is wrong with a request: where, what, and what to send instead.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum RequestFault {
    /// Nothing to go on from.
    #[error("prompt is empty: send at least one character")]
    EmptyPrompt,
    /// No tokens at all, or more than the server grants.
    #[error("max_tokens is {0}: ask for 1 to {limit}", limit = CheckedRequest::MOST_TOKENS)]
    MaxTokens(usize),
    /// Below zero, too hot, or not a number.
    #[error("temperature is {0}: choose 0.0 to {limit:?}", limit = CheckedRequest::HOTTEST)]
    Temperature(f32),
}

/// Why a request is refused.
#[derive(Debug, Error)]
pub enum RequestError {
    /// It cannot be read at all.
    #[error("the request is not the JSON of a request")]
    Json(#[from] serde_json::Error),
    /// It can be read, and not be run. At least one fault, in the order of the fields.
    #[error("the request has {}", listed(.0))]
    Faults(Vec<RequestFault>),
}

/// `1 fault: …` or `2 faults: …; …`.
fn listed(faults: &[RequestFault]) -> String {
    let texts: Vec<String> = faults.iter().map(ToString::to_string).collect();
    let plural = if texts.len() == 1 { "" } else { "s" };
    format!("{} fault{plural}: {}", texts.len(), texts.join("; "))
}

impl CheckedRequest {
    /// The most tokens that a request may ask for.
    pub const MOST_TOKENS: usize = 4096;
    /// The highest temperature that a request may ask for.
    pub const HOTTEST: f32 = 2.0;

    /// Reads and checks the body of a request.
    ///
    /// # Errors
    ///
    /// [`RequestError::Json`] if `body` is not the JSON of an [`InferenceRequest`]; [`RequestError::Faults`] with all
    /// faults if it is, and cannot be run.
    ///
    /// ```
    /// use errors::CheckedRequest;
    ///
    /// let refused = CheckedRequest::from_json(r#"{"prompt": "", "max_tokens": 0}"#);
    /// assert_eq!(
    ///     refused.unwrap_err().to_string(),
    ///     "the request has 2 faults: prompt is empty: send at least one character; \
    ///      max_tokens is 0: ask for 1 to 4096",
    /// );
    /// ```
    pub fn from_json(body: &str) -> Result<Self, RequestError> {
        let request: InferenceRequest = serde_json::from_str(body)?;
        Self::try_from(request)
    }

    /// The text to go on from; never empty.
    pub fn prompt(&self) -> &str {
        &self.prompt
    }

    /// How many tokens to generate at most: 1 to [`Self::MOST_TOKENS`].
    pub fn max_tokens(&self) -> usize {
        self.max_tokens
    }

    /// 0.0 to [`Self::HOTTEST`].
    pub fn temperature(&self) -> f32 {
        self.temperature
    }
}

impl TryFrom<InferenceRequest> for CheckedRequest {
    type Error = RequestError;

    /// Fills in what was left out (100 tokens, temperature 0.7) and checks the rest. Moves the prompt.
    fn try_from(request: InferenceRequest) -> Result<Self, RequestError> {
        let max_tokens = request.max_tokens.unwrap_or(100);
        let temperature = request.temperature.unwrap_or(0.7);
        let mut faults = Vec::new();
        if request.prompt.is_empty() {
            faults.push(RequestFault::EmptyPrompt);
        }
        if !(1..=Self::MOST_TOKENS).contains(&max_tokens) {
            faults.push(RequestFault::MaxTokens(max_tokens));
        }
        // A range does not contain NaN, whereas `temperature < 0.0` is false for it.
        if !(0.0..=Self::HOTTEST).contains(&temperature) {
            faults.push(RequestFault::Temperature(temperature));
        }
        if !faults.is_empty() {
            return Err(RequestError::Faults(faults));
        }
        Ok(Self {
            prompt: request.prompt,
            max_tokens,
            temperature,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use allocation_counter::measure;
    use proptest::prelude::*;
    use std::error::Error;

    #[test]
    fn what_is_left_out_is_filled_in() {
        let checked = CheckedRequest::from_json(r#"{"prompt": "Hi", "temperature": 0.0}"#);
        let checked = checked.expect("nothing is wrong with it");
        assert_eq!(checked.prompt(), "Hi");
        assert_eq!((checked.max_tokens(), checked.temperature()), (100, 0.0));
    }

    #[test]
    fn a_misspelt_field_is_named() {
        let error = CheckedRequest::from_json(r#"{"prompt": "Hi", "max_token": 5}"#).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the request is not the JSON of a request"
        );
        let below = error.source().expect("serde's error").to_string();
        assert!(below.starts_with("unknown field `max_token`"), "{below}");
    }

    #[test]
    fn one_fault_is_not_two() {
        let error = CheckedRequest::from_json(r#"{"prompt": "Hi", "temperature": 3}"#).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the request has 1 fault: temperature is 3: choose 0.0 to 2.0"
        );
    }

    #[test]
    fn a_good_request_costs_nothing() {
        let request = InferenceRequest {
            prompt: "Hi".to_string(),
            max_tokens: None,
            temperature: None,
        };
        let used = measure(|| {
            let _ = CheckedRequest::try_from(request);
        });
        assert_eq!(used.count_total, 0);
    }

    proptest! {
        #[test]
        fn what_passes_is_within_its_limits(
            prompt in "[a-z]{0,3}",
            max_tokens in prop::option::of(0_usize..10_000),
            temperature in prop::option::of(prop::num::f32::ANY),
        ) {
            match CheckedRequest::try_from(InferenceRequest { prompt, max_tokens, temperature }) {
                Ok(checked) => {
                    prop_assert!(!checked.prompt().is_empty());
                    prop_assert!(checked.max_tokens() >= 1 && checked.max_tokens() <= 4096);
                    prop_assert!(checked.temperature() >= 0.0 && checked.temperature() <= 2.0);
                }
                Err(RequestError::Faults(faults)) => prop_assert!(!faults.is_empty() && faults.len() <= 3),
                Err(error) => prop_assert!(false, "{error}"),
            }
        }

        #[test]
        fn no_body_makes_it_panic(body in ".{0,60}") {
            let _ = CheckedRequest::from_json(&body);
        }
    }
}
