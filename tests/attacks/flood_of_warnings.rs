//! Has the compiler say more than anybody can read.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: compiler
//! Reason: 

macro_rules! sixteen {
    ($($code:tt)*) => { $($code)* $($code)* $($code)* $($code)* $($code)* $($code)* $($code)* $($code)* $($code)* $($code)* $($code)* $($code)* $($code)* $($code)* $($code)* $($code)* };
}
macro_rules! wrong {
    () => { let _: u8 = "a text that is no number, and the compiler says so at length"; };
}

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    sixteen! { sixteen! { sixteen! { sixteen! { wrong!(); } } } }
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
