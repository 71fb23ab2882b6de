//! What `scoped_shards` must do: work on all shards at once, in place, and return the results in order.

use super::map_shards;
use concurrency::Meeting;

#[test]
fn works_on_each_shard_in_order() {
    let squared_norm = |shard: &[f32]| shard.iter().map(|w| w * w).sum::<f32>();
    let got = map_shards(&[1.0, 2.0, 3.0, 4.0, 5.0], 2, squared_norm);
    let want = [14.0, 41.0];
    assert_eq!(got, want, "1² + 2² + 3², and 4² + 5²");
}

#[test]
fn a_shard_is_a_view() {
    let weights = vec![0.5; 8];
    let got = map_shards(&weights, 2, |shard| shard.as_ptr().addr());
    let want = [weights.as_ptr().addr(), weights[4..].as_ptr().addr()];
    assert_eq!(got, want, "addresses of the two shards");
}

// Each thread waits until all three are there. Iterators are lazy: if a handle is joined before the next thread is
// started, they never meet.
static MEETING: Meeting = Meeting::of(3);

#[test]
fn the_shards_are_worked_on_at_the_same_time() {
    let got = map_shards(&[1.0, 2.0, 3.0], 3, |_| MEETING.wait());
    let want = [true; 3];
    assert_eq!(got, want, "threads that met the others");
}
