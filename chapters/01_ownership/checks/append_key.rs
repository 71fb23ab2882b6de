//! What `append_key` must do: compare with the key before, append the new key, and copy nothing else.

use super::append;
use allocation_counter::measure;

#[test]
fn compares_with_the_key_before() {
    let mut cache = vec![9.0, 9.0, 0.0, 5.0, 1.0, 2.0];
    let got = append(&mut cache, &[3.0, 4.0]);
    let want = 11.0;
    assert_eq!(got, want, "dot product of [1.0, 2.0] and [3.0, 4.0]");
}

#[test]
fn appends_the_key() {
    let mut got = vec![1.0, 2.0];
    append(&mut got, &[3.0, 4.0]);
    append(&mut got, &[5.0, 6.0]);
    let want = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    assert_eq!(got, want, "the cache after two appends");
}

// The cache has room for the new key, so the only memory that could be asked for is a copy of the old one.
#[test]
fn reads_the_last_key_in_place() {
    let mut cache = Vec::with_capacity(4);
    cache.extend_from_slice(&[1.0, 2.0]);
    let got = measure(|| {
        append(&mut cache, &[3.0, 4.0]);
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations while the cache has room");
}
