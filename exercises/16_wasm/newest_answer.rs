//! # The answer to the question before
//!
//! A search box asks at every letter, and the model runs in a worker. The reader types 'borrow', then 'borrow a tensor'. The
//! first answer comes while the second is being computed, and for a moment the page shows passages for a question that nobody
//! asks any more. Now and then the answers even come the other way round, and the old one stays.
//!
//! Run it and read which answers were shown. What does an answer have to bring along, so that the page can tell?

/// What a page knows about its searches.
struct Searches {
    asked: u32,
    shown: Vec<String>,
}

impl Searches {
    /// Before the first question.
    fn new() -> Self {
        let shown = Vec::new();
        Self { asked: 0, shown }
    }

    /// A question goes to the worker; its number comes back with the answer.
    fn ask(&mut self) -> u32 {
        self.asked += 1;
        self.asked
    }

    /// The answer to question `number` is here: shows its passages, and returns whether it did.
    fn answer(&mut self, number: u32, passages: &[&str]) -> bool {
        // TODO: Show the answer to the newest question, and no other.
        let wanted = number > 0;
        if wanted {
            self.shown = passages.iter().map(ToString::to_string).collect();
        }
        wanted
    }
}

#[path = "../../chapters/16_wasm/checks/newest_answer.rs"]
mod checks;
