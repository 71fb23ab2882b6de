//! What `best_pair` must do: the most frequent pair, the same one each time, and none that was seen once.

use super::best_pair;
use std::collections::HashMap;

#[test]
fn the_most_frequent() {
    let counts = HashMap::from([((1, 2), 3), ((9, 9), 8), ((2, 1), 5)]);
    let got = best_pair(&counts);
    let want = Some((9, 9));
    assert_eq!(got, want, "counts 3, 8 and 5");
}

// Each map has an order of its own, so five of them do not begin with the same pair by luck.
#[test]
fn of_equals_the_smaller_ids() {
    let equal: HashMap<_, _> = (0..1_000).map(|n| ((n / 32, n % 32), 7)).collect();
    let got =
        [0; 5].map(|_| best_pair(&equal.iter().map(|(&pair, &count)| (pair, count)).collect()));
    let want = [Some((0, 0)); 5];
    assert_eq!(got, want, "a thousand pairs, seen 7 times each");
}

#[test]
fn the_left_id_counts_first() {
    let counts = HashMap::from([((2, 1), 4), ((1, 9), 4), ((1, 8), 4), ((0, 0), 3)]);
    let got =
        [0; 40].map(|_| best_pair(&counts.iter().map(|(&pair, &count)| (pair, count)).collect()));
    let want = [Some((1, 8)); 40];
    assert_eq!(got, want, "2 1, 1 9 and 1 8, 4 times each");
}

#[test]
fn nothing_is_learned_from_what_was_seen_once() {
    let got = best_pair(&HashMap::from([((1, 2), 1), ((3, 4), 1)]));
    let want = None;
    assert_eq!(got, want, "two pairs, seen once each");
    let got = best_pair(&HashMap::new());
    assert_eq!(got, want, "no pair at all");
}
