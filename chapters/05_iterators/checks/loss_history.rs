//! What `loss_history` must do: let a callback change what it has captured, and copy nothing for it.

use super::{history, train};
use allocation_counter::measure;

#[test]
fn keeps_the_loss_of_each_step() {
    let got = history(3);
    let want = [9.0, 2.25, 0.5625];
    assert_eq!(got, want, "losses of three steps");
}

#[test]
fn a_callback_may_only_look() {
    let got = train(2, |step, loss| assert!(loss > step as f32));
    let want = 2.25;
    assert_eq!(got, want, "the weight after two steps");
}

// The list of losses is the only thing that needs memory. A closure that changes it holds a loan of it.
#[test]
fn a_callback_needs_no_memory() {
    let got = measure(|| {
        history(100);
    })
    .count_total;
    let want = 1;
    assert_eq!(got, want, "allocations for 100 losses");
}
