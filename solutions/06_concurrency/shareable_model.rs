//! # May this be shared?
//!
//! A reranker scores documents for a search. What scores them is chosen when the program starts, so it is a `Box<dyn
//! Fn>`, a trait object as in chapter 3. A server wants to share one reranker among its threads, and the line with
//! `assert_send_sync` asks the compiler whether it may.
//!
//! Run it. About that line there are two errors: one says *sent*, one says *shared*. What does the compiler know
//! about a `dyn Fn(&str) -> f32`, and what has it forgotten?

use concurrency::assert_send_sync;

// A server shares rerankers. If a field does not allow it, this line says so, and not some line of the server.
const _: () = assert_send_sync::<Reranker>();

/// Scores documents with whatever it was given.
struct Reranker {
    // TODO: All that is known of a trait object is what its type says. Say that it may be sent and shared.
    // [starter]
    // scorer: Box<dyn Fn(&str) -> f32>,
    // [solution]
    scorer: Box<dyn Fn(&str) -> f32 + Send + Sync>,
    // [end]
}

impl Reranker {
    // TODO: What the field promises, whoever fills it has to bring along.
    // [starter]
    // /// Takes a function, or a closure that owns what it uses.
    // fn new(scorer: impl Fn(&str) -> f32 + 'static) -> Self {
    //     let scorer = Box::new(scorer);
    //     Self { scorer }
    // }
    //
    // /// A document's score.
    // fn score(&self, document: &str) -> f32 {
    //     (self.scorer)(document)
    // }
    // [solution]
    /// Takes a function, or a closure that owns what it uses.
    fn new(scorer: impl Fn(&str) -> f32 + Send + Sync + 'static) -> Self {
        let scorer = Box::new(scorer);
        Self { scorer }
    }

    /// A document's score.
    fn score(&self, document: &str) -> f32 {
        (self.scorer)(document)
    }
    // [end]
}

#[path = "../../chapters/06_concurrency/checks/shareable_model.rs"]
mod checks;
