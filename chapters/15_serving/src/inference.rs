//! `POST /inference`: a prompt in, its answer out, whole or as it grows.

use crate::batch::Answer;
use crate::error::ServeError;
use crate::routes::{App, Prompt, Wanted};
use crate::stream::{events, fresh_seed};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::sse::Event;
use axum::response::{IntoResponse, Response};
use llama::{Message, Options, Sampling};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// What a client sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InferenceRequest {
    /// A question, or with `raw` a text to be continued.
    pub prompt: String,
    /// Tokens of the answer at most; 100 if it is not said.
    pub max_tokens: Option<usize>,
    /// 0.7 if it is not said; with 0 the same prompt has the same answer.
    pub temperature: Option<f32>,
    /// The same seed draws the same tokens; another one each time if it is not said.
    pub seed: Option<u64>,
    /// Whether the text comes as it grows.
    #[serde(default)]
    pub stream: bool,
    /// Whether the prompt is continued as it is, without the model's marks for whose turn it is.
    #[serde(default)]
    pub raw: bool,
}

/// What it gets.
#[derive(Debug, Serialize, Deserialize, PartialEq)]
pub struct InferenceResponse {
    /// The answer.
    pub text: String,
    /// How many tokens it has.
    pub tokens_generated: usize,
    /// Milliseconds from the request to its end.
    pub latency_ms: u64,
}

impl From<Answer> for InferenceResponse {
    fn from(answer: Answer) -> Self {
        Self {
            text: answer.text,
            tokens_generated: answer.tokens_generated,
            latency_ms: answer.latency.as_millis() as u64,
        }
    }
}

/// Answers a prompt.
///
/// # Errors
///
/// As [`ServeError`] lists them.
pub async fn inference_handler(
    State(app): State<App>,
    request: Result<Json<InferenceRequest>, JsonRejection>,
) -> Result<Response, ServeError> {
    let Json(request) = request.inspect_err(|_| app.figures().rejected("invalid"))?;
    let sampling = Sampling {
        temperature: request.temperature.unwrap_or(0.7),
        seed: request.seed.unwrap_or_else(fresh_seed),
        ..Sampling::default()
    };
    let wanted = Wanted {
        options: Options {
            sampling,
            ..Options::default()
        },
        max_tokens: request.max_tokens,
        default_tokens: 100,
    };
    let prompt = if request.raw {
        Prompt::Text(request.prompt)
    } else {
        Prompt::Chat(vec![Message::new("user", request.prompt)])
    };
    let ticket = app.submit(prompt, wanted, request.stream).await?;
    if !request.stream {
        // If the client hangs up, hyper drops this future, and the ticket with it: the batch finds out at its next pass.
        let answer = ticket.answer().await?;
        return Ok(Json(InferenceResponse::from(answer)).into_response());
    }
    let text = |piece| Event::default().data(json!({"text": piece}).to_string());
    let end = |answer: Result<Answer, ServeError>| match answer {
        Ok(answer) => {
            let finish = answer.finish.name();
            let done = InferenceResponse::from(answer);
            let done = json!({"tokens_generated": done.tokens_generated, "latency_ms": done.latency_ms, "finish_reason": finish});
            vec![Event::default().event("done").data(done.to_string())]
        }
        Err(error) => vec![
            Event::default()
                .event("error")
                .data(error.json().to_string()),
        ],
    };
    Ok(events(ticket, Vec::new(), text, end))
}
