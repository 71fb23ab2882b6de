//! A macro that calls itself a million times, which the compiler is told to allow.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: compiler
//! Reason: 

#![recursion_limit = "100000000"]

macro_rules! again {
    ($($all:tt)*) => { again!($($all)* +) };
}

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    again!();
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
