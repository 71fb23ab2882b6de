//! # A queue that says no
//!
//! Requests come in faster than they are answered, for a minute. `asyncio.Queue()` takes them all. At the end of the minute
//! a thousand wait, the last of them for ten minutes; its client has given up long ago, and its answer is computed all the same.
//!
//! This line is as patient. Run it, and then give it an end: whoever does not fit is told so at once, and can go elsewhere.

use tokio::sync::mpsc;

// TODO: A channel with a bound.
type Sender = mpsc::UnboundedSender<String>;
type Receiver = mpsc::UnboundedReceiver<String>;

/// Why a request is not in the line.
#[derive(Debug, PartialEq)]
enum Refused {
    /// 429: there will be a place.
    Full,
    /// 503: there will be none here.
    Stopping,
}

/// The client's end of the line.
struct Line {
    tx: Sender,
}

impl Line {
    /// A line with so many places.
    fn new(places: usize) -> (Self, Receiver) {
        // TODO: As many as were asked for.
        let _ = places; // an unbounded channel has no use for it
        let (tx, rx) = mpsc::unbounded_channel();
        (Self { tx }, rx)
    }

    /// Puts a request into the line, or says at once why not.
    fn enter(&self, request: String) -> Result<(), Refused> {
        // TODO: There are two reasons now, and `TrySendError` tells them apart.
        self.tx.send(request).map_err(|_| Refused::Stopping)
    }
}

#[path = "../../chapters/15_serving/checks/bounded_queue.rs"]
mod checks;
