//! What a thread died of.

use std::any::Any;

/// The message of a panic, from what `JoinHandle::join` or `std::panic::catch_unwind` returns as its error.
///
/// `panic!` may carry a value of any type, so the standard library hands it out as `dyn Any`. What `panic!`,
/// `assert!` and `expect` carry is a text.
///
/// ```
/// let handle = std::thread::spawn(|| panic!("row {} has no norm", 7));
/// let died = handle.join().unwrap_err();
/// assert_eq!(concurrency::panic_message(died), "row 7 has no norm");
/// ```
#[expect(
    clippy::needless_pass_by_value,
    reason = "fits `map_err(panic_message)`"
)]
pub fn panic_message(payload: Box<dyn Any + Send>) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_string()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a panic without a message".to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_kinds_of_text() {
        assert_eq!(panic_message(Box::new("fixed")), "fixed");
        assert_eq!(panic_message(Box::new(format!("row {}", 3))), "row 3");
        assert_eq!(panic_message(Box::new(3)), "a panic without a message");
    }
}
