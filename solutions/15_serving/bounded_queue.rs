//! # A queue that says no
//!
//! Requests come in faster than they are answered, for a minute. `asyncio.Queue()` takes them all. At the end of the minute
//! a thousand wait, the last of them for ten minutes; its client has given up long ago, and its answer is computed all the same.
//!
//! This line is as patient. Run it, and then give it an end: whoever does not fit is told so at once, and can go elsewhere.

use tokio::sync::mpsc;

// TODO: A channel with a bound.
// [starter]
// type Sender = mpsc::UnboundedSender<String>;
// type Receiver = mpsc::UnboundedReceiver<String>;
// [solution]
type Sender = mpsc::Sender<String>;
type Receiver = mpsc::Receiver<String>;
// [end]

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
        // [starter]
        // let _ = places; // an unbounded channel has no use for it
        // let (tx, rx) = mpsc::unbounded_channel();
        // [solution]
        let (tx, rx) = mpsc::channel(places);
        // [end]
        (Self { tx }, rx)
    }

    /// Puts a request into the line, or says at once why not.
    fn enter(&self, request: String) -> Result<(), Refused> {
        // TODO: There are two reasons now, and `TrySendError` tells them apart.
        // [starter]
        // self.tx.send(request).map_err(|_| Refused::Stopping)
        // [solution]
        self.tx.try_send(request).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Refused::Full,
            mpsc::error::TrySendError::Closed(_) => Refused::Stopping,
        })
        // [end]
    }
}

#[path = "../../chapters/15_serving/checks/bounded_queue.rs"]
mod checks;
