//! # A class lends itself
//!
//! A cache of embeddings, as a Python class written in Rust. The model is a Python function. One day somebody embeds long
//! documents with it: the function splits a document, asks the same cache for its parts, and takes the mean.
//!
//! Run it, and read the exception. `&mut self` is a loan for as long as the method runs, and PyO3 counts such loans, as
//! a `RefCell` does. Who has the cache while Python's function runs?

use pyo3::prelude::*;
use std::collections::HashMap;

/// Embeddings by their texts, each computed once.
#[pyclass]
#[derive(Default)]
struct EmbeddingCache {
    known: HashMap<String, Vec<f32>>,
}

#[pymethods]
impl EmbeddingCache {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    fn __len__(&self) -> usize {
        self.known.len()
    }

    /// The embedding of a text: the one that is known, else what `embed` makes of it.
    // TODO: Borrow the cache to look, give it back, call Python, borrow it to write. `slf: &Bound<'_, Self>` in the
    // place of `&mut self` is the object, not lent to anybody yet; it has `borrow()` and `borrow_mut()`.
    fn get(&mut self, text: String, embed: &Bound<'_, PyAny>) -> PyResult<Vec<f32>> {
        if let Some(embedding) = self.known.get(&text) {
            return Ok(embedding.clone());
        }
        let embedding: Vec<f32> = embed.call1((&text,))?.extract()?;
        self.known.insert(text, embedding.clone());
        Ok(embedding)
    }
}

/// What Python imports.
#[pymodule]
mod prompt_cache {
    #[pymodule_export]
    use super::EmbeddingCache;
}
