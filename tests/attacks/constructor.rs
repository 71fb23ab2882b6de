//! Runs before the harness, by an entry among the program's constructors.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: refused
//! Reason: `link_section`

#[used]
#[unsafe(link_section = ".init_array")]
static FIRST: extern "C" fn() = first;

extern "C" fn first() {
    println!("\ntest checks::the_limit_is_the_callers ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored");
    std::process::exit(0);
}

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (gradients, limit);
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
