//! # A clock for the module
//!
//! The page shows how many tokens a second the model makes. On your machine `Instant` knows the time. The module compiles with
//! it, too, and traps: `wasm32-unknown-unknown` says it in its name, there is no system to ask. What there is, is the page.
//! `performance.now()` gives the milliseconds since it was opened, as an `f64`, and never goes back.
//!
//! A function of JavaScript's is declared in an `extern "C"` block under `#[wasm_bindgen]`; `js_namespace` names the object
//! that it belongs to.

use wasm_bindgen::prelude::*;

// TODO: Ask the page for the time.
use std::time::Instant;

fn now() -> Instant {
    Instant::now()
}

fn seconds_since(started: Instant) -> f64 {
    started.elapsed().as_secs_f64()
}

type Time = Instant;

/// Measures how fast tokens come.
#[wasm_bindgen]
pub struct Meter {
    started: Time,
}

#[wasm_bindgen]
impl Meter {
    /// Begins to measure.
    pub fn start() -> Meter {
        Meter { started: now() }
    }

    /// Tokens a second, since the start.
    pub fn rate(&self, tokens: u32) -> f64 {
        f64::from(tokens) / seconds_since(self.started)
    }
}
