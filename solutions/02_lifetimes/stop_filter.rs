//! # Cut at the stop marker
//!
//! A generated text ends where the model wrote a marker such as `<|end|>`; the reader sees what stands before it. The
//! filter was written as one would in Python: `self.shown = text[:end]`, `return self.shown`. Self-consistency asks
//! the model twice and compares the two visible answers, so both have to be there at once.
//!
//! Run it. The signature of `visible` says nothing about lifetimes, so a rule says it. What does the compiler believe
//! that `first` is a view of?

// TODO: What is visible is a part of `text`. Return that part itself, say in the signature that it is one, and let the
// filter keep nothing.
// [starter]
// /// Shows generated texts up to a marker, and counts how many had one.
// struct StopFilter {
//     marker: String,
//     stopped: usize,
//     shown: String,
// }
//
// impl StopFilter {
//     fn new(marker: &str) -> Self {
//         Self {
//             marker: marker.to_string(),
//             stopped: 0,
//             shown: String::new(),
//         }
//     }
//
//     /// The part of `text` before the marker; all of it if there is none.
//     fn visible(&mut self, text: &str) -> &str {
//         // Where the marker begins, or else the end.
//         let end = text.find(&self.marker).unwrap_or(text.len());
//         if end < text.len() {
//             self.stopped += 1;
//         }
//         self.shown = text[..end].to_string();
//         &self.shown
//     }
// }
// [solution]
/// Shows generated texts up to a marker, and counts how many had one.
struct StopFilter {
    marker: String,
    stopped: usize,
}

impl StopFilter {
    fn new(marker: &str) -> Self {
        Self {
            marker: marker.to_string(),
            stopped: 0,
        }
    }

    /// The part of `text` before the marker; all of it if there is none.
    fn visible<'t>(&mut self, text: &'t str) -> &'t str {
        // Where the marker begins, or else the end.
        let end = text.find(&self.marker).unwrap_or(text.len());
        if end < text.len() {
            self.stopped += 1;
        }
        &text[..end]
    }
}
// [end]

/// Whether two generated texts show the reader the same answer.
fn agree(filter: &mut StopFilter, first: &str, second: &str) -> bool {
    let first = filter.visible(first);
    let second = filter.visible(second);
    first == second
}

#[path = "../../chapters/02_lifetimes/checks/stop_filter.rs"]
mod checks;
