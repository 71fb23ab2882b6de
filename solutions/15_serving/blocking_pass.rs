//! # A pass is not a wait
//!
//! `async` code shares its threads by giving them up at each `.await`. A model's pass has none: for 20 ms, or for seconds, it
//! computes. Python's event loop has the same trouble, and `asyncio.to_thread` for it.
//!
//! The server of this exercise has one thread. While the model computes, `/health` is asked; if nobody answers, the
//! orchestrator will kill a process that is merely busy.

/// What `model` computes, while this thread goes on serving others. `None` if it panicked.
async fn infer<T: Send + 'static>(model: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    // TODO: Let it run where blocking is allowed.
    // [starter]
    // Some(model())
    // [solution]
    tokio::task::spawn_blocking(model).await.ok()
    // [end]
}

#[path = "../../chapters/15_serving/checks/blocking_pass.rs"]
mod checks;
