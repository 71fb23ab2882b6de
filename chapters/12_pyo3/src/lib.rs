#![doc = include_str!("../README.md")]

mod arrays;
mod batch;
mod functions;
mod hits;
mod index;
mod int8;
mod kernel;
mod language;
mod lessons;
mod normalise;
mod number;
mod pool;
mod rows;
mod search;
mod storage;
mod tokens;

use pyo3::prelude::*;

/// Search among embeddings, written in Rust.
///
/// `fast_cosine_similarity`, `batch_normalize` and `parallel_embedding_search` take NumPy arrays of `float32` or `float64` without a
/// copy, and lists. `EmbeddingIndex` keeps rows that are searched often. `Tokenizer` is
/// chapter 13's: it turns texts into arrays of ids. `Llama` is chapter 14's: a language model that writes text. The rest brings to notebooks what other chapters of
/// Rust for AI teach.
#[pymodule]
mod rust_ai_tools {
    #[pymodule_export]
    use super::batch::{EmbeddingBatch, create_embedding_batch};
    #[pymodule_export]
    use super::functions::{batch_normalize, fast_cosine_similarity, parallel_embedding_search};
    #[pymodule_export]
    use super::functions::{get_num_threads, set_num_threads};
    #[pymodule_export]
    use super::index::EmbeddingIndex;
    #[pymodule_export]
    use super::language::{PyGeneration, PyLlama};
    #[pymodule_export]
    use super::lessons::{
        Embeddings, activation, activation_derivative, compute_sum, compute_sum_of_clone,
        count_allocations, multi_thread_inference,
    };
    #[pymodule_export]
    use super::tokens::PyTokenizer;

    #[pymodule_export]
    const ACTIVATIONS: super::lessons::Names = super::lessons::ACTIVATIONS;
}
