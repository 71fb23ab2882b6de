//! Has a macro define `assert_eq!`, whose name it is given.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: plain name

macro_rules! define {
    ($name:ident) => {
        macro_rules! $name {
            ($$($$anything:tt)*) => {};
        }
    };
}

define!(assert_eq);

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (gradients, limit);
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
