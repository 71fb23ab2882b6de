//! # Retire finished requests
//!
//! An inference server runs a batch of requests. After each step, those that want no more tokens leave the batch.
//! `for request in running: if request.remaining == 0: running.remove(request)` is what many would write in
//! Python, and Python runs it: it skips the neighbour of everything it removes, and says nothing.
//!
//! Run it. Rust stops the same loop before it starts. Who is reading the batch at the line that changes it?

/// A request in the running batch.
#[derive(Clone)]
struct Request {
    id: u32,
    /// Tokens it still wants.
    remaining: usize,
}

/// Takes every finished request out of the batch. The others stay, in their order.
fn retire(running: &mut Vec<Request>) {
    // TODO: This loop reads the batch and changes it at once. Find the one method of `Vec` that does both jobs.
    for (place, request) in running.iter().enumerate() {
        if request.remaining == 0 {
            running.remove(place);
        }
    }
}

#[path = "../../chapters/01_ownership/checks/retire_requests.rs"]
mod checks;
