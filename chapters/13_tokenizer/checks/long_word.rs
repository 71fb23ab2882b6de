//! What `long_word` must do: give the ids that the slow way gives, and a megabyte its ids before you look up.

use super::encode_long;
use std::collections::HashMap;

/// `ab`, `bc`, `abc`, powers of `a` (2, 4, 8, 16), and `aab` from `a` and `ab`.
fn ranks() -> HashMap<(u32, u32), u32> {
    let [a, b, c] = [97, 98, 99];
    let merges = [
        (a, b),
        (b, c),
        (256, c),
        (a, a),
        (259, 259),
        (260, 260),
        (261, 261),
        (a, 256),
    ];
    merges.into_iter().zip(256..).collect()
}

/// One merge after the other, the earliest first, and everything looked at again: the lesson's way.
fn encode_slowly(word: &[u8]) -> Vec<u32> {
    let ranks = ranks();
    let mut ids: Vec<u32> = word.iter().map(|&byte| byte.into()).collect();
    loop {
        let known = ids.windows(2).enumerate();
        let known = known.filter_map(|(n, two)| ranks.get(&(two[0], two[1])).map(|&new| (new, n)));
        let Some((new, place)) = known.min() else {
            return ids;
        };
        ids.splice(place..place + 2, [new]);
    }
}

// `ab` takes the second `a` away, for which `aa` was waiting.
#[test]
fn a_pair_that_was_broken_is_not_merged() {
    let got = encode_long(b"aab", &ranks());
    let want = [263];
    assert_eq!(got, want, "ids of 'aab', from ab=256, aa=259, a 256=263");
}

#[test]
fn overlaps_are_merged_from_the_left() {
    let got = encode_long(b"aaaaaaa", &ranks());
    let want = [260, 259, 97];
    assert_eq!(got, want, "ids of seven a, from aa=259, 259 259=260");
}

#[test]
fn as_the_slow_way() {
    for seed in 0..400_u32 {
        let letter = |n: u32| b"aabc"[(seed.wrapping_mul(0x9e37_79b9) >> (2 * n)) as usize & 3];
        let word: Vec<u8> = (0..seed % 16).map(letter).collect();
        let got = encode_long(&word, &ranks());
        let want = encode_slowly(&word);
        assert_eq!(got, want, "ids of '{}'", String::from_utf8_lossy(&word));
    }
}

// Not optimised, so 64 kilobytes will do; looking at everything again would take an hour all the same.
#[test]
fn a_long_word_of_one_letter() {
    let got = encode_long(&vec![b'a'; 1 << 16], &ranks()).len();
    let want = 1 << 12;
    assert_eq!(got, want, "ids of 65,536 a, 16 of them a token");
}
