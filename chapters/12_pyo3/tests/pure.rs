//! The plain Rust of the extension module, compiled once more without what needs a Python, so that its tests are a program
//! that runs by itself. Everything else is tested from Python: `tests/test_rust_ai_tools.py`.

// What the missing half would call.
#![allow(dead_code)]

#[path = "../src/hits.rs"]
mod hits;
#[path = "../src/kernel.rs"]
mod kernel;
#[path = "../src/normalise.rs"]
mod normalise;
#[path = "../src/number.rs"]
mod number;
#[path = "../src/pool.rs"]
mod pool;
#[path = "../src/rows.rs"]
mod rows;
#[path = "../src/search.rs"]
mod search;
