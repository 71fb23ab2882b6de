//! # A stop sequence in two tokens
//!
//! An answer shall end where the model begins to write the user's part: at `\nUser:`. Text is shown as it comes, and what was
//! shown cannot be taken back. The tokens are `"…42."`, `"\nUs"`, `"er"`, `": thanks"`. The loop below looks for the stop
//! sequence in each token, and never finds it.
//!
//! Joining the tokens finds it, too late: `\nUs` was on the screen. And holding back everything is no streaming.

/// Text that may be the beginning of the stop sequence.
struct StopStream {
    stop: String,
    held: String,
}

impl StopStream {
    /// What can be shown with this token, and whether the stop sequence is complete.
    fn push(&mut self, token: &str) -> (String, bool) {
        self.held.push_str(token);
        if let Some(end) = self.held.find(&self.stop) {
            self.held.truncate(end);
            return (std::mem::take(&mut self.held), true);
        }
        // TODO: Which end of `held` could still become the stop sequence? Show the rest.
        let certain = self.held.len();
        (self.held.drain(..certain).collect(), false)
    }
}

#[path = "../../chapters/14_llama/checks/stop_border.rs"]
mod checks;
