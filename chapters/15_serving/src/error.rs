//! Why a request has no answer, as a sentence, a status code and a JSON object.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::Duration;

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The body is no JSON, or not the JSON that is asked for, or too large.
    #[error("{}", .0.body_text())]
    Body(#[from] JsonRejection),
    /// The request asks for what there is not.
    #[error("{0}")]
    Invalid(String),
    /// The prompt and its answer do not fit into the context.
    #[error(
        "the prompt has {prompt} tokens and the answer may have {answer}: the context is {context}"
    )]
    TooLong {
        /// Tokens of the prompt.
        prompt: usize,
        /// Tokens that were asked for.
        answer: usize,
        /// Tokens that fit.
        context: usize,
    },
    /// As many requests as there are places are inside.
    #[error("all {places} places are taken; ask again in {retry_after} s")]
    Full {
        /// Places that there are.
        places: usize,
        /// Seconds after which one is likely to be free.
        retry_after: u64,
    },
    /// The model is not loaded yet, or the server is about to end.
    #[error("the server is not ready: {0}")]
    NotReady(&'static str),
    /// The answer took longer than a request may.
    #[error("no answer within {} s", .0.as_secs_f64())]
    Late(Duration),
    /// The model failed, which it should not.
    #[error("the model failed: {0}")]
    Model(String),
}

impl From<llama::Error> for ServeError {
    /// What the model refuses is the request's fault, and everything else the server's.
    fn from(error: llama::Error) -> Self {
        match error {
            llama::Error::Request(_)
            | llama::Error::ContextFull { .. }
            | llama::Error::Template(_) => Self::Invalid(error.to_string()),
            other => Self::Model(other.to_string()),
        }
    }
}

impl ServeError {
    /// The status code: 4xx where the client has to change something, 5xx where it has not.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Body(rejection) => rejection.status(),
            Self::Invalid(_) | Self::TooLong { .. } => StatusCode::BAD_REQUEST,
            Self::Full { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::NotReady(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Late(_) => StatusCode::GATEWAY_TIMEOUT,
            Self::Model(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A word for programs, where OpenAI's API has one.
    fn code(&self) -> &'static str {
        match self {
            Self::Body(_) | Self::Invalid(_) => "invalid_request",
            Self::TooLong { .. } => "context_length_exceeded",
            Self::Full { .. } => "too_many_requests",
            Self::NotReady(_) => "not_ready",
            Self::Late(_) => "timeout",
            Self::Model(_) => "internal",
        }
    }

    /// `{"error": {"message", "type", "code"}}`, as OpenAI's clients expect it.
    pub fn json(&self) -> Value {
        let kind = if self.status().is_client_error() {
            "invalid_request_error"
        } else {
            "server_error"
        };
        json!({"error": {"message": self.to_string(), "type": kind, "param": null, "code": self.code()}})
    }
}

impl IntoResponse for ServeError {
    fn into_response(self) -> Response {
        if self.status().is_server_error() {
            tracing::warn!(error = %self, "failed");
        }
        let wait = match self {
            Self::Full { retry_after, .. } => Some(retry_after),
            Self::NotReady(_) => Some(1),
            _ => None,
        };
        let mut response = (self.status(), Json(self.json())).into_response();
        if let Some(seconds) = wait {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
