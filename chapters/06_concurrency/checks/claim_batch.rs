//! What `claim_batch` must do: hand out each index once, whoever else is asking.

use super::claim;
use concurrency::ContestedCounter;

/// All that one worker can claim.
fn claim_all(next: &ContestedCounter, batches: usize) -> Vec<usize> {
    std::iter::from_fn(|| claim(next, batches)).collect()
}

#[test]
fn one_worker_gets_every_batch() {
    let got = claim_all(&ContestedCounter::with_rival(0), 4);
    let want = [0, 1, 2, 3];
    assert_eq!(got, want, "indices that a lone worker claims");
}

#[test]
fn no_batch_is_claimed_twice() {
    let next = ContestedCounter::with_rival(3);
    let mut got = claim_all(&next, 8);
    got.extend(next.rivals());
    got.sort_unstable();
    let want = [0, 1, 2, 3, 4, 5, 6, 7];
    assert_eq!(got, want, "indices claimed by you and the rival");
}

// The rival takes what is left while you are looking.
#[test]
fn nobody_gets_a_batch_that_is_not_there() {
    for rivals in 0..8 {
        let next = ContestedCounter::with_rival(rivals);
        let got = claim_all(&next, 4).into_iter().find(|index| *index >= 4);
        let want = None;
        assert_eq!(got, want, "index beyond the last of 4 batches");
    }
}
