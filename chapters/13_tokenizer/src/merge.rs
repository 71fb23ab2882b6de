//! The merges of one piece: the earliest first, of equals the leftmost, until no neighbours are a known pair.
//!
//! A short piece is searched again for each merge, which is quadratic and, for a word, the quickest. A long one, such as a
//! megabyte of one letter, has its pairs in a heap, and takes n log n.

use crate::vocabulary::Vocabulary;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// From so many parts on, the heap is quicker.
const LONG: usize = 64;

/// The merge of a part with the next one: its rank and the token that it makes. `NO_MERGE` if there is none.
pub type Merge = (u32, u32);
const NO_MERGE: Merge = (u32::MAX, 0);

/// Appends the ids of `piece` to `out`. `room` is memory to work in, kept from call to call.
pub fn merge_piece(
    vocabulary: &Vocabulary,
    piece: &[u8],
    room: &mut Vec<(u32, Merge)>,
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

/// Beside each part stands its merge with the next one.
fn merge_short(
    vocabulary: &Vocabulary,
    piece: &[u8],
    parts: &mut Vec<(u32, Merge)>,
    out: &mut Vec<u32>,
) {
    parts.clear();
    parts.extend(vocabulary.ids_of_bytes(piece).map(|id| (id, NO_MERGE)));
    let merge = |parts: &[(u32, Merge)], place: usize| match parts.get(place..place + 2) {
        Some([left, right]) => vocabulary.pair(left.0, right.0).unwrap_or(NO_MERGE),
        _ => NO_MERGE,
    };
    for place in 0..parts.len() {
        parts[place].1 = merge(parts, place);
    }
    loop {
        let (mut best, mut place) = (NO_MERGE, 0);
        for (here, &(_, merge)) in parts.iter().enumerate() {
            if merge.0 < best.0 {
                (best, place) = (merge, here);
            }
        }
        if best == NO_MERGE {
            break;
        }
        parts[place].0 = best.1;
        parts.remove(place + 1);
        parts[place].1 = merge(parts, place);
        if place > 0 {
            parts[place - 1].1 = merge(parts, place - 1);
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
