//! What `best_hits` must do: rank as a sort of everything does, and hold `k` hits at a time.

use super::best;
use allocation_counter::measure;
use iterators::Hit;

/// The places of the `k` best.
fn places(scores: &[f32], k: usize) -> Vec<usize> {
    let hits = best(scores.iter().copied(), k);
    hits.iter().map(|hit| hit.place).collect()
}

#[test]
fn finds_the_best() {
    let got = places(&[0.2, 0.9, 0.1, 0.5, 0.7], 3);
    let want = [1, 4, 3];
    assert_eq!(got, want, "best 3 of [0.2, 0.9, 0.1, 0.5, 0.7]");
}

#[test]
fn the_earlier_of_equals_comes_first() {
    let got = places(&[0.5, 0.9, 0.5, 0.9, 0.5], 4);
    let want = [1, 3, 0, 2];
    assert_eq!(got, want, "best 4 of [0.5, 0.9, 0.5, 0.9, 0.5]");
}

#[test]
fn nan_is_worse_than_any_number() {
    let got = places(&[f32::NAN, -1.0, -f32::NAN, 2.0], 3);
    let want = [3, 1, 0];
    assert_eq!(got, want, "best 3 of [NaN, -1.0, -NaN, 2.0]");
}

#[test]
fn any_number_may_be_asked_for() {
    for (k, want) in [(0, vec![]), (1, vec![1]), (9, vec![1, 0])] {
        let got = places(&[0.1, 0.2], k);
        assert_eq!(got, want, "best {k} of [0.1, 0.2]");
    }
}

// 100 lists of 50 scores, with many ties; the next number comes from a linear congruence.
#[test]
fn agrees_with_a_sort_of_everything() {
    let mut state = 1_u32;
    for list in 0..100 {
        let scores: Vec<f32> = (0..50)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 28) as f32 - 8.0
            })
            .collect();
        let mut sorted: Vec<usize> = (0..50).collect();
        sorted.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
        let got = places(&scores, 10);
        let want = &sorted[..10];
        assert_eq!(got, want, "best 10 of list {list}: {scores:?}");
    }
}

#[test]
fn holds_k_hits_at_a_time() {
    let used = measure(|| {
        let hits: Vec<Hit> = best((0..20_000).map(|n| (n % 977) as f32), 10);
        drop(hits);
    });
    // Ten hits are 160 bytes. Up to 1,024 are nobody's business.
    let got = used.bytes_max.max(1_024);
    let want = 1_024;
    assert_eq!(got, want, "most bytes held, best 10 of 20,000");
}
