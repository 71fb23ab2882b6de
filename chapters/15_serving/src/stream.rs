//! An answer that grows, as server-sent events.

use crate::batch::Answer;
use crate::engine::Ticket;
use crate::error::ServeError;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use std::convert::Infallible;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::task::Poll;

/// `first`, then an event for each piece of text as soon as it is there, then what `end` makes of the answer.
///
/// When the client hangs up, hyper drops the response, this stream with it, and the ticket that it owns. When it only reads
/// slowly, text waits here for it, and nobody else does.
pub fn events(
    mut ticket: Ticket,
    first: Vec<Event>,
    text: impl FnMut(String) -> Event + Send + 'static,
    end: impl FnOnce(Result<Answer, ServeError>) -> Vec<Event> + Send + 'static,
) -> Response {
    let mut pieces = ticket.text.take();
    let pieces = stream::poll_fn(move |context| match &mut pieces {
        Some(pieces) => pieces.poll_recv(context),
        None => Poll::Ready(None),
    });
    let end = stream::once(async { stream::iter(end(ticket.answer().await)) }).flatten();
    let all = stream::iter(first)
        .chain(pieces.map(text))
        .chain(end)
        .map(Ok::<_, Infallible>);
    // A comment every 15 seconds keeps proxies from taking a request that waits in the line for a dead one.
    Sse::new(all)
        .keep_alive(KeepAlive::default())
        .into_response()
}

/// A seed that nobody has had: the standard library's hash maps begin with one, from the system.
pub fn fresh_seed() -> u64 {
    RandomState::new().build_hasher().finish()
}
