//! # Text in events
//!
//! Server-sent events are lines: `data: ` and a value, then an empty line, and that is an event. The response goes on as long
//! as there are some. `yield f"data: {piece}\n\n"` is the usual Python, and it works until a model writes a line break.
//!
//! `Event::data` cuts at line breaks and writes several `data:` lines, which clients join again. But a `\r\n` comes out as `\n`.
//! And what if the model writes `[DONE]`, which ends a stream for OpenAI's clients?

use axum::response::sse::Event;
use futures_util::{Stream, StreamExt, stream};
use std::convert::Infallible;

/// An event for each piece of text, `{"text": …}`, and `[DONE]` after the last.
fn events(pieces: Vec<String>) -> impl Stream<Item = Result<Event, Infallible>> {
    // TODO: Any text has to arrive as it is; and the end has to be something that no text can be.
    // [starter]
    // let text = stream::iter(pieces).map(|piece| Event::default().data(piece));
    // text.map(Ok)
    // [solution]
    let text = stream::iter(pieces)
        .map(|piece| Event::default().data(serde_json::json!({"text": piece}).to_string()));
    let end = stream::iter([Event::default().data("[DONE]")]);
    text.chain(end).map(Ok)
    // [end]
}

#[path = "../../chapters/15_serving/checks/sse_events.rs"]
mod checks;
