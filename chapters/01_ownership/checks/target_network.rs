//! What `target_network` must do: give each network its own weights, for the price of one copy.

use super::start;
use allocation_counter::measure;

#[test]
fn both_networks_start_equal() {
    let got = start(vec![0.5, -1.0, 2.0]);
    let want = [0.5, -1.0, 2.0];
    assert_eq!(got.online, want, "weights of the online network");
    assert_eq!(got.target, want, "weights of the target network");
}

#[test]
fn the_target_stays_when_online_learns() {
    let mut agent = start(vec![0.5, -1.0, 2.0]);
    agent.online[0] += 10.0;
    let got = agent.target;
    let want = [0.5, -1.0, 2.0];
    assert_eq!(got, want, "target's weights after online's step");
}

// Two buffers are needed and one exists. A second copy would be made only to let the first buffer be dropped.
#[test]
fn copies_the_weights_once() {
    let weights = vec![1.0; 1_000];
    let got = measure(|| {
        start(weights);
    })
    .count_total;
    let want = 1;
    assert_eq!(got, want, "allocations while two networks are made");
}
