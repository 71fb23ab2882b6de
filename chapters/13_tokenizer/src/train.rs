//! Training without counting everything again after each merge.
//!
//! The words are counted once, each distinct one is kept once, and for each pair there is a list of the words in which it
//! stands. A merge looks at those words alone, and changes the counts of the pairs around it. The most frequent pair comes
//! from a heap, in which old counts may stand: what comes up with another count than the pair's is put back with that one.

use crate::plain::Pair;
use crate::split::Split;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A distinct word: its tokens so far, and how often it was seen.
struct Word {
    ids: Vec<u32>,
    times: i64,
}

/// How often a pair stands in all words, and in which ones.
#[derive(Default)]
struct Place {
    count: i64,
    words: Vec<u32>,
}

/// The first `wanted` merges of `texts`, the same as [`crate::PlainTokenizer::train`] learns. On all cores, as far as
/// counting goes. `None` if `go_on` says no: it is asked for each word that is counted, and for each merge.
pub fn train<T: AsRef<str> + Sync>(
    texts: &[T],
    wanted: usize,
    split: Split,
    go_on: impl Fn() -> bool + Sync,
) -> Option<Vec<Pair>> {
    let mut words = count_words(texts, split, &go_on);
    let mut pairs: FxHashMap<Pair, Place> = FxHashMap::default();
    for (index, word) in (0..).zip(&words) {
        if !go_on() {
            return None;
        }
        for pair in word.ids.windows(2) {
            change(&mut pairs, (pair[0], pair[1]), word.times, index);
        }
    }
    let mut heap: BinaryHeap<(i64, Reverse<Pair>)> = pairs
        .iter()
        .map(|(&pair, place)| (place.count, Reverse(pair)))
        .collect();
    let mut merges = Vec::new();
    while merges.len() < wanted
        && let Some((count, Reverse(pair))) = heap.pop()
    {
        let now = pairs.get(&pair).map_or(0, |place| place.count);
        if now != count {
            if now >= 2 {
                heap.push((now, Reverse(pair)));
            }
            continue;
        }
        if count < 2 {
            break;
        }
        if !go_on() {
            return None;
        }
        let new = 256 + merges.len() as u32;
        let places = pairs.remove(&pair).unwrap_or_default().words;
        let mut touched = Vec::new();
        for index in places {
            merge_word(
                &mut words[index as usize],
                index,
                pair,
                new,
                &mut pairs,
                &mut touched,
            );
        }
        pairs.remove(&pair);
        touched.sort_unstable();
        touched.dedup();
        for pair in touched {
            if let Some(place) = pairs.get(&pair)
                && place.count >= 2
            {
                heap.push((place.count, Reverse(pair)));
            }
        }
        merges.push(pair);
    }
    Some(merges)
}

/// Merges `pair` in one word, in place, and tells `pairs` what its neighbours have become. `touched`: pairs with `new` in
/// them.
fn merge_word(
    word: &mut Word,
    index: u32,
    pair: Pair,
    new: u32,
    pairs: &mut FxHashMap<Pair, Place>,
    touched: &mut Vec<Pair>,
) {
    let (times, ids) = (word.times, &mut word.ids);
    let (mut read, mut write) = (0, 0);
    while read < ids.len() {
        if read + 1 < ids.len() && (ids[read], ids[read + 1]) == pair {
            if write > 0 {
                let before = ids[write - 1];
                change(pairs, (before, pair.0), -times, index);
                change(pairs, (before, new), times, index);
                touched.push((before, new));
            }
            if let Some(&after) = ids.get(read + 2) {
                change(pairs, (pair.1, after), -times, index);
                change(pairs, (new, after), times, index);
                touched.push((new, after));
            }
            ids[write] = new;
            read += 2;
        } else {
            ids[write] = ids[read];
            read += 1;
        }
        write += 1;
    }
    ids.truncate(write);
}

fn change(pairs: &mut FxHashMap<Pair, Place>, pair: Pair, by: i64, word: u32) {
    let place = pairs.entry(pair).or_default();
    place.count += by;
    if by > 0 && place.words.last() != Some(&word) {
        place.words.push(word);
    }
}

/// Each distinct word of `texts` as bytes, and how often it was seen. The order is of no account: of two pairs the training
/// takes the more frequent, then the smaller.
fn count_words<T: AsRef<str> + Sync>(
    texts: &[T],
    split: Split,
    go_on: &(impl Fn() -> bool + Sync),
) -> Vec<Word> {
    let counted: Vec<FxHashMap<&[u8], i64>> = texts
        .par_chunks(
            texts
                .len()
                .div_ceil(4 * rayon::current_num_threads())
                .max(1),
        )
        .map(|texts| {
            let mut counts = FxHashMap::default();
            for text in texts {
                if !go_on() {
                    break;
                }
                let text = text.as_ref().as_bytes();
                split.for_each(text, |start, end| {
                    if go_on() {
                        *counts.entry(&text[start..end]).or_default() += 1;
                    }
                });
            }
            counts
        })
        .collect();
    let mut all: FxHashMap<&[u8], i64> = FxHashMap::default();
    for (word, times) in counted.into_iter().flatten() {
        *all.entry(word).or_default() += times;
    }
    all.into_iter()
        .map(|(word, times)| Word {
            ids: word.iter().map(|&byte| byte.into()).collect(),
            times,
        })
        .collect()
}
