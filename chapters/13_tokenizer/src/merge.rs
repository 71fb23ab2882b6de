//! The merges of one piece: the earliest first, of equals the leftmost, until no neighbours are a known pair.
//!
//! A short piece is searched again for each merge, which is quadratic and, for a word, the quickest. A long one, such as a
//! megabyte of one letter, has its pairs in a heap, and takes n log n.

use crate::vocabulary::Vocabulary;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// From so many parts on, the heap is quicker.
const LONG: usize = 64;

const NO_RANK: u32 = u32::MAX;

/// Appends the ids of `piece` to `out`. `room` is memory to work in, kept from call to call.
pub fn merge_piece(
    vocabulary: &Vocabulary,
    piece: &[u8],
    room: &mut Vec<(u32, u32)>,
    out: &mut Vec<u32>,
) {
    if let Some(id) = vocabulary.whole(piece) {
        out.push(id);
    } else if piece.len() < LONG {
        merge_short(vocabulary, piece, room, out);
    } else {
        merge_long(vocabulary, piece, out);
    }
}

/// Beside each part stands the rank of its merge with the next one.
fn merge_short(
    vocabulary: &Vocabulary,
    piece: &[u8],
    parts: &mut Vec<(u32, u32)>,
    out: &mut Vec<u32>,
) {
    parts.clear();
    parts.extend(vocabulary.ids_of_bytes(piece).map(|id| (id, NO_RANK)));
    let rank = |parts: &[(u32, u32)], place: usize| match parts.get(place..place + 2) {
        Some([left, right]) => vocabulary
            .pair(left.0, right.0)
            .map_or(NO_RANK, |(rank, _)| rank),
        _ => NO_RANK,
    };
    for place in 0..parts.len() {
        parts[place].1 = rank(parts, place);
    }
    loop {
        let mut best = (NO_RANK, 0);
        for (place, &(_, rank)) in parts.iter().enumerate() {
            if rank < best.0 {
                best = (rank, place);
            }
        }
        let (best, place) = best;
        if best == NO_RANK {
            break;
        }
        let (left, right) = (parts[place].0, parts[place + 1].0);
        let Some((_, made)) = vocabulary.pair(left, right) else {
            break;
        };
        parts[place].0 = made;
        parts.remove(place + 1);
        parts[place].1 = rank(parts, place);
        if place > 0 {
            parts[place - 1].1 = rank(parts, place - 1);
        }
    }
    out.extend(parts.iter().map(|&(id, _)| id));
}

/// A part of a long piece, in a list with links to both sides.
#[derive(Clone, Copy)]
struct Part {
    id: u32,
    before: usize,
    after: usize,
}

const GONE: u32 = u32::MAX;
const END: usize = usize::MAX;

/// A pair in the heap may be out of date: a merge has taken one of its parts. It is thrown away when it comes up.
fn merge_long(vocabulary: &Vocabulary, piece: &[u8], out: &mut Vec<u32>) {
    let mut parts: Vec<Part> = vocabulary
        .ids_of_bytes(piece)
        .enumerate()
        .map(|(place, id)| Part {
            id,
            before: place.wrapping_sub(1),
            after: place + 1,
        })
        .collect();
    if let Some(last) = parts.last_mut() {
        last.after = END;
    }
    let pair = |parts: &[Part], place: usize| {
        let left = parts.get(place)?;
        let right = parts.get(left.after)?;
        let (rank, made) = vocabulary.pair(left.id, right.id)?;
        Some(Reverse((rank, place, made)))
    };
    let mut heap: BinaryHeap<_> = (0..parts.len())
        .filter_map(|place| pair(&parts, place))
        .collect();
    while let Some(Reverse((rank, place, made))) = heap.pop() {
        if parts[place].id == GONE || pair(&parts, place) != Some(Reverse((rank, place, made))) {
            continue;
        }
        let taken = parts[place].after;
        let after = parts[taken].after;
        parts[taken].id = GONE;
        parts[place] = Part {
            id: made,
            before: parts[place].before,
            after,
        };
        if let Some(next) = parts.get_mut(after) {
            next.before = place;
        }
        heap.extend(pair(&parts, place));
        heap.extend(pair(&parts, parts[place].before));
    }
    out.extend(parts.iter().map(|part| part.id).filter(|&id| id != GONE));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        // Few letters and random merges: many overlaps, and merges of merges.
        #[test]
        fn both_ways_agree(
            piece in "[abc]{0,80}",
            picks in prop::collection::vec((0..40_usize, 0..40_usize), 0..30),
        ) {
            let mut merges = Vec::new();
            for (left, right) in picks {
                let known: Vec<u32> = (97..100).chain(256..256 + merges.len() as u32).collect();
                let pair = (known[left % known.len()], known[right % known.len()]);
                if !merges.contains(&pair) {
                    merges.push(pair);
                }
            }
            let vocabulary = Vocabulary::of_merges(merges).expect("known parts");
            let (mut short, mut long) = (Vec::new(), Vec::new());
            merge_short(&vocabulary, piece.as_bytes(), &mut Vec::new(), &mut short);
            merge_long(&vocabulary, piece.as_bytes(), &mut long);
            prop_assert_eq!(short, long);
        }
    }
}
