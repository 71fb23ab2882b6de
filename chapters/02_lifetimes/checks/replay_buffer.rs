//! What `replay_buffer` must do: hold each observation as it was, for the price of one copy each.

use super::{ReplayBuffer, positions};
use allocation_counter::measure;

#[test]
fn holds_what_was_added() {
    let mut replay = ReplayBuffer {
        observations: Vec::new(),
    };
    replay.add(&[1.5, 0.5]);
    let got = replay.observations[0][0];
    let want = 1.5;
    assert_eq!(got, want, "position in the only observation");
}

// A list of views of one buffer would say [2, 2, 2].
#[test]
fn each_observation_is_as_it_was() {
    let got = positions(&[1.0, 0.0, -1.0]);
    let want = [1.0, 2.0, 2.0];
    assert_eq!(got, want, "positions after pushes of 1, 0 and -1");
}

// One copy for each observation, and two lists. A second copy of an observation would be one too many.
#[test]
fn copies_an_observation_once() {
    let made = measure(|| {
        positions(&[0.5; 10]);
    })
    .count_total;
    let got = made.saturating_sub(12);
    let want = 0;
    assert_eq!(got, want, "allocations besides 10 observations and 2 lists");
}

#[test]
fn leaves_no_observation_behind() {
    let got = measure(|| {
        positions(&[0.5; 10]);
    })
    .bytes_current;
    let want = 0;
    assert_eq!(got, want, "bytes still held when the replay buffer is gone");
}
