//! Has a macro put `macro_rules! assert_eq` together from pieces.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: plain name

macro_rules! build {
    ($a:ident $b:tt $c:ident) => {
        $c $b $a { ($d:expr, $e:expr, $f:expr) => {} }
    };
}

build!(assert_eq ! macro_rules);

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (gradients, limit);
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
