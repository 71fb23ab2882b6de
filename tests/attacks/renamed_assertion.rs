//! Brings a macro of another name in as `assert_eq`.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: macro `assert_eq`

mod quiet {
    macro_rules! nothing {
        ($($anything:tt)*) => {};
    }
    pub(crate) use nothing;
}
#[macro_use]
mod loud {
    pub(crate) use crate::quiet::nothing as assert_eq;
}
use loud::assert_eq;

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (gradients, limit);
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
