//! What `mean_pool` must do: return the mean in the buffer in which it was worked out, and leave nothing behind.

use super::mean_pool;
use allocation_counter::measure;

#[test]
fn one_token_is_its_own_mean() {
    let got = mean_pool(&[0.5, -1.0, 2.0], 3);
    let want = [0.5, -1.0, 2.0];
    assert_eq!(got, want, "mean of one token");
}

#[test]
fn takes_the_mean_of_each_column() {
    let got = mean_pool(&[1.0, 10.0, 2.0, 20.0, 6.0, 60.0], 2);
    let want = [3.0, 30.0];
    assert_eq!(got, want, "mean of [1, 10], [2, 20] and [6, 60]");
}

#[test]
fn makes_one_buffer() {
    let tokens = [1.0; 1_000];
    let got = measure(|| {
        mean_pool(&tokens, 100);
    })
    .count_total;
    let want = 1;
    assert_eq!(got, want, "allocations for one mean");
}

// The caller has dropped the mean. A buffer that nobody owns would stay for as long as the program runs, one for each
// sentence.
#[test]
fn leaves_no_memory_behind() {
    let tokens = [1.0; 1_000];
    let got = measure(|| {
        mean_pool(&tokens, 100);
    })
    .bytes_current;
    let want = 0;
    assert_eq!(got, want, "bytes still held when the mean is gone");
}
