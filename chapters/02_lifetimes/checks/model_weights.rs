//! What `model_weights` must do: read rows and columns out of the caller's own numbers.

use super::ModelWeights;
use allocation_counter::measure;

#[test]
fn reads_row_after_row() {
    let buffer = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let weights = ModelWeights::new(&buffer, 2, 3);
    let got = (weights.get(0, 2), weights.get(1, 0));
    let want = (3.0, 4.0);
    assert_eq!(got, want, "numbers at (0, 2) and (1, 0)");
}

#[test]
fn one_buffer_can_be_seen_in_two_shapes() {
    let buffer = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let (wide, tall) = (
        ModelWeights::new(&buffer, 2, 3),
        ModelWeights::new(&buffer, 3, 2),
    );
    let got = (wide.get(1, 1), tall.get(1, 1), wide.shape, tall.shape);
    let want = (5.0, 4.0, (2, 3), (3, 2));
    assert_eq!(got, want, "numbers at (1, 1), and the shapes");
}

// The numbers of the view are where the numbers of the buffer are.
#[test]
fn is_a_view_of_the_buffer() {
    let buffer = vec![1.0, 2.0, 3.0, 4.0];
    let weights = ModelWeights::new(&buffer, 2, 2);
    let got = weights.data.as_ptr();
    let want = buffer.as_ptr();
    assert_eq!(got, want, "address of the numbers");
}

#[test]
fn a_view_costs_no_memory() {
    let buffer = vec![1.0; 1_000];
    let got = measure(|| {
        ModelWeights::new(&buffer, 10, 100);
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for a view of 1,000 numbers");
}
