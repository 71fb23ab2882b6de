//! # Whose turn is it to change something?
//!
//! A request without an answer has a reason, and the reason decides what the client does next: mend the request, wait and ask
//! again, or call for help. Client libraries, load balancers and alarms look at one number for that. `raise HTTPException(500)`
//! tells all of them the same.
//!
//! Here every refusal is a 500: clients retry prompts that will never fit, and somebody is woken for them.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("the prompt has {prompt} tokens, and {context} fit")]
    TooLong { prompt: usize, context: usize },
    #[error("all places are taken; ask again in {retry_after} s")]
    Full { retry_after: u64 },
    #[error("the model is being loaded; ask again in 1 s")]
    Loading,
    #[error("the model failed")]
    Model,
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Json(json!({"error": {"message": self.to_string()}}));
        // TODO: A status for each of the four, and a `Retry-After` header for the two that name a time.
        (StatusCode::INTERNAL_SERVER_ERROR, body).into_response()
    }
}

#[path = "../../chapters/15_serving/checks/status_code.rs"]
mod checks;
