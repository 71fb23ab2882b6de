#![doc = include_str!("../README.md")]

#[cfg(feature = "frames")]
mod batches;
mod embeddings;
#[cfg(feature = "frames")]
mod join;
#[cfg(feature = "frames")]
mod pipeline;
#[cfg(feature = "frames")]
mod report;
#[cfg(feature = "frames")]
mod stats;

#[cfg(feature = "frames")]
pub use batches::batch_generator;
pub use embeddings::{EmbeddingError, create_embedding_batch, embeddings_of};
#[cfg(feature = "frames")]
pub use join::with_sources;
#[cfg(feature = "frames")]
pub use pipeline::{MIN_CHARS, preprocess_training_data, training_data, training_plan};
#[cfg(feature = "frames")]
pub use report::{report, write_copies};
#[cfg(feature = "frames")]
pub use stats::compute_label_stats;
