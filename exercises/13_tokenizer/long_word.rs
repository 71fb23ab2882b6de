//! # A word of a megabyte
//!
//! Base 64 in a log, a line of `=`, a text in Thai: some pieces are long. Looking through all neighbours for each merge is
//! quadratic; a megabyte would take days. So the neighbours are put into a heap, sorted by rank, and the parts form a
//! list in which each knows the one before and the one behind it. A merge puts its new neighbours into the heap.
//!
//! It does not take the old ones out: a heap cannot find them. Run it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

#[derive(Clone, Copy, PartialEq)]
struct Part {
    id: u32,
    before: usize,
    after: usize,
    gone: bool,
}

/// A merge that was possible when it was put into the heap: the token that it makes, where its left part is, and the ids
/// of both parts at that time.
type Merge = (u32, usize, (u32, u32));

/// The ids of `word`, in n log n steps. `ranks` has the token that a pair becomes; of two, the smaller was learned first.
fn encode_long(word: &[u8], ranks: &HashMap<(u32, u32), u32>) -> Vec<u32> {
    let mut parts: Vec<Part> = (0..word.len())
        .map(|place| Part {
            id: word[place].into(),
            before: place.wrapping_sub(1),
            after: place + 1,
            gone: false,
        })
        .collect();
    let places = 0..parts.len();
    let mut heap: BinaryHeap<Reverse<Merge>> = places
        .filter_map(|place| merge_at(&parts, place, ranks))
        .collect();
    while let Some(Reverse((new, place, pair))) = heap.pop() {
        // TODO: Throw away what is out of date: a part that is gone, or a pair that is not there any more.
        if parts[place].gone || parts[place].id != pair.0 {
            continue;
        }
        let Part { before, after, .. } = parts[place];
        let Some(&right) = parts.get(after) else {
            continue;
        };
        parts[after].gone = true;
        parts[place].id = new;
        parts[place].after = right.after;
        if let Some(next) = parts.get_mut(right.after) {
            next.before = place;
        }
        heap.extend(merge_at(&parts, place, ranks));
        heap.extend(merge_at(&parts, before, ranks));
    }
    let left = parts.iter().filter(|part| !part.gone);
    left.map(|part| part.id).collect()
}

/// The merge of the part at `place` with the one behind it, if both are there and their pair is known.
fn merge_at(
    parts: &[Part],
    place: usize,
    ranks: &HashMap<(u32, u32), u32>,
) -> Option<Reverse<Merge>> {
    let left = parts.get(place).filter(|part| !part.gone)?;
    let right = parts.get(left.after)?;
    let pair = (left.id, right.id);
    ranks.get(&pair).map(|&new| Reverse((new, place, pair)))
}

#[path = "../../chapters/13_tokenizer/checks/long_word.rs"]
mod checks;
