//! What `clip_gradients` must do: change the caller's own gradients, in their own memory.

use super::clip;
use allocation_counter::measure;

#[test]
fn the_caller_sees_the_clipped_gradients() {
    let mut got = vec![0.5, 3.0, -2.0];
    clip(&mut got, 1.0);
    let want = [0.5, 1.0, -1.0];
    assert_eq!(got, want, "[0.5, 3.0, -2.0] after clipping to 1.0");
}

#[test]
fn the_limit_is_the_callers() {
    let mut got = vec![0.5, 3.0, -2.0];
    clip(&mut got, 2.5);
    let want = [0.5, 2.5, -2.0];
    assert_eq!(got, want, "[0.5, 3.0, -2.0] after clipping to 2.5");
}

// A loan for writing needs no second buffer.
#[test]
fn clips_in_place() {
    let mut gradients = vec![2.0; 1_000];
    let got = measure(|| clip(&mut gradients, 1.0)).count_total;
    let want = 0;
    assert_eq!(got, want, "allocations while clipping 1,000 gradients");
}
