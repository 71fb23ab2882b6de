//! `POST /v1/chat/completions`: what OpenAI's clients speak, as far as one model on a CPU can mean it.
//!
//! What changes nothing here (`user`, `metadata`, …) is ignored, as others do. What would change the answer and cannot
//! (tools, several answers, penalties) is refused: a client that asked for JSON shall not get prose.

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
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

/// What a client sends.
#[derive(Debug, Deserialize)]
pub struct ChatRequest {
    /// Ignored, as there is one; what comes back says which.
    #[serde(default)]
    pub model: String,
    /// The conversation so far.
    pub messages: Vec<ChatMessage>,
    /// Tokens of the answer at most.
    pub max_completion_tokens: Option<usize>,
    /// Its older name.
    pub max_tokens: Option<usize>,
    /// 0.7 if it is not said.
    pub temperature: Option<f32>,
    /// Only the likeliest tokens that together have this probability.
    pub top_p: Option<f32>,
    /// The same seed draws the same tokens.
    pub seed: Option<u64>,
    /// Where the answer ends.
    pub stop: Option<Stop>,
    /// Whether the text comes as it grows.
    #[serde(default)]
    pub stream: bool,
    /// Whether a stream says at its end how many tokens there were.
    pub stream_options: Option<StreamOptions>,
    /// How many answers: one.
    pub n: Option<usize>,
    /// Not here, unless it is `text`.
    pub response_format: Option<Value>,
    /// Not here, unless 0.
    pub presence_penalty: Option<f32>,
    /// Not here, unless 0.
    pub frequency_penalty: Option<f32>,
    /// Not here, unless there are none.
    pub tools: Option<Vec<Value>>,
    /// Not here, unless false.
    pub logprobs: Option<bool>,
}

/// One turn.
#[derive(Debug, Deserialize)]
pub struct ChatMessage {
    /// `system`, `user` or `assistant`; `developer` is the newer name of `system`.
    pub role: String,
    /// What was said.
    pub content: Content,
}

/// Text, or parts that are text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Content {
    /// A string.
    Text(String),
    /// Parts, of which only those of type `text` can be read here.
    Parts(Vec<Part>),
}

/// A part of a message.
#[derive(Debug, Deserialize)]
pub struct Part {
    #[serde(rename = "type")]
    kind: String,
    text: Option<String>,
}

/// One stop sequence, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Stop {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

/// What a stream tells besides the text.
#[derive(Debug, Deserialize)]
pub struct StreamOptions {
    /// How many tokens there were.
    #[serde(default)]
    pub include_usage: bool,
}

impl ChatRequest {
    /// What it asks for, in the model's terms.
    ///
    /// # Errors
    ///
    /// If it asks for something that there is not.
    pub fn wanted(&self) -> Result<(Prompt, Wanted), ServeError> {
        let no = |what: &str| Err(ServeError::Invalid(format!("{what} is not supported here")));
        if self.n.is_some_and(|n| n != 1) {
            return no("n other than 1");
        }
        if self.tools.as_ref().is_some_and(|tools| !tools.is_empty()) {
            return no("tools");
        }
        if self.logprobs == Some(true) {
            return no("logprobs");
        }
        for (name, penalty) in [
            ("presence_penalty", self.presence_penalty),
            ("frequency_penalty", self.frequency_penalty),
        ] {
            if penalty.is_some_and(|penalty| penalty != 0.0) {
                return no(&format!("{name} other than 0"));
            }
        }
        if self
            .response_format
            .as_ref()
            .is_some_and(|format| format["type"] != "text")
        {
            return no("response_format other than text");
        }
        if self.messages.is_empty() {
            return Err(ServeError::Invalid("messages is empty".to_owned()));
        }
        let messages = self.messages.iter().map(ChatMessage::message);
        let stop = match &self.stop {
            None => Vec::new(),
            Some(Stop::One(stop)) => vec![stop.clone()],
            Some(Stop::Several(stops)) => stops.clone(),
        };
        if stop.iter().any(String::is_empty) {
            return Err(ServeError::Invalid("a stop sequence is empty".to_owned()));
        }
        let sampling = Sampling {
            temperature: self.temperature.unwrap_or(0.7),
            top_p: self.top_p.unwrap_or(1.0),
            seed: self.seed.unwrap_or_else(fresh_seed),
            ..Sampling::default()
        };
        let wanted = Wanted {
            options: Options {
                sampling,
                stop,
                ..Options::default()
            },
            max_tokens: self.max_completion_tokens.or(self.max_tokens),
            default_tokens: usize::MAX,
        };
        Ok((Prompt::Chat(messages.collect::<Result<_, _>>()?), wanted))
    }
}

impl ChatMessage {
    fn message(&self) -> Result<Message, ServeError> {
        let role = match self.role.as_str() {
            role @ ("system" | "user" | "assistant") => role,
            "developer" => "system",
            other => {
                let why = format!("role '{other}' is none of system, user and assistant");
                return Err(ServeError::Invalid(why));
            }
        };
        let text = match &self.content {
            Content::Text(text) => text.clone(),
            Content::Parts(parts) => {
                let mut text = String::new();
                for part in parts {
                    match (part.kind.as_str(), &part.text) {
                        ("text", Some(more)) => text.push_str(more),
                        (kind, _) => {
                            let why =
                                format!("a message's part of type '{kind}': this model reads text");
                            return Err(ServeError::Invalid(why));
                        }
                    }
                }
                text
            }
        };
        Ok(Message::new(role, text))
    }
}

/// Answers a conversation.
///
/// # Errors
///
/// As [`ServeError`] lists them.
pub async fn chat_handler(
    State(app): State<App>,
    request: Result<Json<ChatRequest>, JsonRejection>,
) -> Result<Response, ServeError> {
    let invalid = || app.figures().rejected("invalid");
    let Json(request) = request.inspect_err(|_| invalid())?;
    let (prompt, wanted) = request.wanted().inspect_err(|_| invalid())?;
    let ticket = app.submit(prompt, wanted, request.stream).await?;
    let model = app.model().to_owned();
    let id = format!("chatcmpl-{}", ticket.id);
    let created = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    if !request.stream {
        let answer = ticket.answer().await?;
        let choice = json!({
            "index": 0,
            "message": {"role": "assistant", "content": answer.text, "refusal": null},
            "logprobs": null,
            "finish_reason": answer.finish.name(),
        });
        let body = json!({
            "id": id, "object": "chat.completion", "created": created, "model": model,
            "choices": [choice], "usage": usage(&answer),
        });
        return Ok(Json(body).into_response());
    }
    let with_usage = request
        .stream_options
        .is_some_and(|options| options.include_usage);
    let chunk = move |choices: Value, usage: Option<Value>| {
        let mut chunk = json!({
            "id": id, "object": "chat.completion.chunk", "created": created, "model": model, "choices": choices,
        });
        if with_usage {
            chunk["usage"] = usage.unwrap_or(Value::Null);
        }
        Event::default().data(chunk.to_string())
    };
    let delta = |delta: Value, finish: Option<&str>| json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}]);
    let first = chunk(
        delta(json!({"role": "assistant", "content": ""}), None),
        None,
    );
    let text = {
        let chunk = chunk.clone();
        move |piece| chunk(delta(json!({"content": piece}), None), None)
    };
    let end = move |answer: Result<Answer, ServeError>| {
        let mut events = Vec::new();
        match answer {
            Ok(answer) => {
                events.push(chunk(delta(json!({}), Some(answer.finish.name())), None));
                if with_usage {
                    events.push(chunk(json!([]), Some(usage(&answer))));
                }
            }
            // The status line has been sent; OpenAI's clients raise what is in an event like this.
            Err(error) => events.push(Event::default().data(error.json().to_string())),
        }
        events.push(Event::default().data("[DONE]"));
        events
    };
    Ok(events(ticket, vec![first], text, end))
}

fn usage(answer: &Answer) -> Value {
    json!({
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": answer.tokens_generated,
        "total_tokens": answer.prompt_tokens + answer.tokens_generated,
    })
}
