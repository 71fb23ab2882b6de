//! Allows `unsafe` again, and has a macro write it.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `unsafe

#[allow(unsafe_code)]
mod dark {
    macro_rules! anything {
        ($code:block) => {
            unsafe $code
        };
    }
    pub(crate) use anything;
}

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    let found = dark::anything!({ *(0x1000 as *const u8) });
    println!("{found}");
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
