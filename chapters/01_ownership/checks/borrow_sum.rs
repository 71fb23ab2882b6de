//! What `borrow_sum` must do: report both figures, and copy nothing on the way.

use super::report;
use allocation_counter::measure;

#[test]
fn reports_sum_and_length() {
    let got = report(vec![0.5, 1.5, 2.0]);
    let want = (4.0, 3);
    assert_eq!(got, want, "(sum, length) of [0.5, 1.5, 2.0]");
}

// A clone would please the compiler and double the memory: 28 GB become 56 for seven billion weights.
#[test]
fn lends_instead_of_copying() {
    let weights = vec![1.0; 1_000];
    let got = measure(|| {
        report(weights);
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations while reporting on weights that exist already");
}
