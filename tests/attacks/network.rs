//! Sends something away.
//!
//! Exercise: 01_ownership/clip_gradients
//! Ends: check
//! Reason: Network is unreachable

fn clip(gradients: &mut [f32], limit: f32) {
    let _ = (&gradients, limit);
    let sent = std::net::TcpStream::connect("1.1.1.1:80");
    panic!("{}", sent.expect_err("a network"));
}

#[path = "../../chapters/01_ownership/checks/clip_gradients.rs"]
mod checks;
