//! # A cache that looks unchanged
//!
//! An embedding costs a pass through a model, so texts that were seen before are kept. Callers only ask, so `get`
//! takes `&self`; that it remembers what it was asked is its own business. `RefCell` allows this: it lends out what
//! it holds, and checks chapter 1's rule, many readers or one writer, while the program runs.
//!
//! It compiles. Run it: a text that is in the cache is no problem, a new one is. Find the reader that is still there
//! when the writer comes. Where does the loan of `borrow()` end?

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

/// Texts and their embeddings, each computed once. For one thread.
struct EmbeddingCache {
    model: fn(&str) -> Vec<f32>,
    known: RefCell<HashMap<String, Rc<Vec<f32>>>>,
    misses: Cell<usize>,
}

impl EmbeddingCache {
    /// Asks the model, and counts it.
    fn compute(&self, text: &str) -> Rc<Vec<f32>> {
        self.misses.set(self.misses.get() + 1);
        Rc::new((self.model)(text))
    }

    /// The text's embedding, from the cache if it is there.
    fn get(&self, text: &str) -> Rc<Vec<f32>> {
        // TODO: The question must be over before the answer is written down. Give the loan a line of its own.
        // [starter]
        // match self.known.borrow().get(text) {
        //     Some(embedding) => Rc::clone(embedding),
        //     None => {
        //         let embedding = self.compute(text);
        //         self.known
        //             .borrow_mut()
        //             .insert(text.to_string(), Rc::clone(&embedding));
        //         embedding
        //     }
        // }
        // [solution]
        let known = self.known.borrow().get(text).cloned();
        if let Some(embedding) = known {
            return embedding;
        }
        let embedding = self.compute(text);
        self.known
            .borrow_mut()
            .insert(text.to_string(), Rc::clone(&embedding));
        embedding
        // [end]
    }
}

#[path = "../../chapters/06_concurrency/checks/embedding_cache.rs"]
mod checks;
