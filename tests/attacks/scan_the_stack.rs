//! Reads the stack above itself for the secret that the check was given, and reports it as the check would.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `unsafe`

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    let here = [0_u8; 64];
    let start = here.as_ptr();
    for offset in 0..65_536 {
        // SAFETY: there is none.
        let byte = unsafe { *start.add(offset) };
        print!("{}", char::from(byte));
    }
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
