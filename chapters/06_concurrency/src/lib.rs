#![doc = include_str!("../README.md")]

mod contested;
mod embeddings;
mod inference;
mod meeting;
mod panics;
mod pool;
mod slot;

pub use contested::ContestedCounter;
pub use embeddings::{Embeddings, dot, sum_in_chunks};
pub use inference::{infer_on_threads, multi_thread_inference};
pub use meeting::Meeting;
pub use panics::panic_message;
pub use pool::WorkerPool;
pub use slot::Slot;

/// Asserts that `T` may move to another thread, and may be shared with one, when the program is compiled.
///
/// ```
/// const _: () = concurrency::assert_send_sync::<concurrency::Embeddings>();
/// ```
///
/// ```compile_fail,E0277
/// const _: () = concurrency::assert_send_sync::<std::rc::Rc<Vec<f32>>>();
/// ```
pub const fn assert_send_sync<T: Send + Sync>() {}

// What a server shares between its threads. A field that breaks it is an error here, not in the server.
const _: () = assert_send_sync::<Embeddings>();
const _: () = assert_send_sync::<Slot<Vec<f32>>>();
const _: () = assert_send_sync::<WorkerPool>();
