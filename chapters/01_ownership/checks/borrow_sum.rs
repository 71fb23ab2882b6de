//! What `borrow_sum` must do: sum the weights, keep them, and copy nothing on the way.

use super::seal;
use allocation_counter::measure;

#[test]
fn sums_the_weights() {
    let got = seal(vec![0.5, 1.5, 2.0]).sum;
    let want = 4.0;
    assert_eq!(got, want, "sum of [0.5, 1.5, 2.0]");
}

#[test]
fn keeps_the_weights_beside_their_sum() {
    let got = seal(vec![0.5, 1.5, 2.0]).weights;
    let want = [0.5, 1.5, 2.0];
    assert_eq!(got, want, "weights of the checkpoint");
}

// A clone would please the compiler and double the memory: 28 GB become 56 for seven billion weights.
#[test]
fn lends_instead_of_copying() {
    let weights = vec![1.0; 1_000];
    let got = measure(|| {
        seal(weights);
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations while sealing a checkpoint");
}
