//! Takes the course's own solution in while it is compiled.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `include`

include!("../../../../solutions/01_ownership/clip_gradients.rs");

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
