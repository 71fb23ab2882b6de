//! A type that is twice as large at each of forty steps.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: compiler
//! Reason: 

#![type_length_limit = "100000000000"]
#![recursion_limit = "1024"]

trait Grow {
    fn grow(self, steps: u32);
}

impl<T: Clone + std::fmt::Debug> Grow for T {
    fn grow(self, steps: u32) {
        if steps == 0 {
            println!("{self:?}");
        } else {
            (self.clone(), self).grow(steps - 1);
        }
    }
}

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    1_u8.grow(40);
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
