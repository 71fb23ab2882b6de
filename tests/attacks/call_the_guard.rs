//! Calls what the checks report with.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: compile
//! Reason: E0603

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    let secret = checks::__workbook_guard::begin();
    checks::__workbook_guard::end(secret, b"the_caller_sees_the_clipped_gradients");
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
