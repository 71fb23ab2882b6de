//! A macro that doubles what it is given, forty times.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: compiler
//! Reason: 

macro_rules! double {
    ([] $($all:tt)*) => { $($all)* };
    ([$one:tt $($rest:tt)*] $($all:tt)*) => { double!([$($rest)*] $($all)* $($all)*) };
}

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    double!([. . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . .] std::hint::spin_loop(););
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
