//! A model with random weights, and requests to it.

#![allow(
    dead_code,
    reason = "each test file is a crate of its own, and uses what it needs"
)]

use llama::{Gguf, Llama, Options, Sampling, tiny};
use serving::{App, Batching, Engine, Figures, Limits, Schedule};
use std::sync::{Arc, LazyLock};
use std::thread::JoinHandle;
use std::time::Duration;

static LLAMA: LazyLock<Arc<Llama>> = LazyLock::new(|| {
    let file = Gguf::from_bytes(Arc::new(tiny(14))).expect("a sound file");
    Arc::new(Llama::load(&file).expect("a Llama"))
});

/// Loaded once.
pub fn llama() -> Arc<Llama> {
    Arc::clone(&LLAMA)
}

/// The best token each time, `max_tokens` of them.
pub fn greedy(max_tokens: usize) -> Options {
    Options {
        sampling: Sampling::greedy(),
        max_tokens,
        stop: Vec::new(),
    }
}

/// A batch of four, and room for as many more.
pub fn batching() -> Batching {
    Batching {
        batch_size: 4,
        rows: 16,
        schedule: Schedule::Continuous,
        window_ms: 5,
        queue: 4,
        timeout: Duration::from_mins(1),
    }
}

/// What a request may ask for.
pub fn limits() -> Limits {
    Limits {
        context: 200,
        max_tokens: 100,
        max_body: 4_096,
        body_timeout: Duration::from_secs(10),
    }
}

/// An engine with its worker, and an app around it.
pub fn app(batching: Batching, limits: Limits) -> (App, JoinHandle<()>) {
    let figures = Figures::default();
    let (engine, worker) = Engine::start(llama(), batching, figures.clone()).expect("a thread");
    let app = App::new("tiny", limits, figures);
    app.set_engine(engine);
    (app, worker)
}

/// The value of a line of `/metrics`, 0 if there is no such line.
pub fn figure(text: &str, name: &str) -> f64 {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.map_or(0.0, |value| value.parse().expect("a number"))
}
