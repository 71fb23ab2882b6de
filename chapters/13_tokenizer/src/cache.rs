//! Pieces that were merged before, and their ids.
//!
//! Most of a text is a few thousand words, again and again. A piece of up to 15 bytes is one number of 128 bits, so to look
//! it up is to compare two numbers. Such a piece has one place in the table, and takes it from whoever was there: the cache
//! never grows, and there is nothing to keep in order.

use crate::merge::Merge;
use rustc_hash::FxHashMap;

/// Places in the table of short pieces, as a power of two: 2^16 of 32 bytes are two megabytes, which the system hands out as
/// they are touched.
const BITS: u32 = 16;

/// Ids that find room in a place of the table.
const ROOM: usize = 3;

/// Longer pieces than that are merged each time.
const LONGEST: usize = 256;

/// So many long pieces, and so many ids, are kept; then all are forgotten.
const MOST: usize = 1 << 15;

/// What a thread remembers of the pieces that it has seen.
pub struct Cache {
    short: Vec<Entry>,
    long: FxHashMap<Box<[u8]>, Found>,
    /// The ids of entries that have more than `ROOM`, and of all long ones.
    ids: Vec<u32>,
    /// Memory to merge in.
    pub room: Vec<(u32, Merge)>,
    /// Memory for the ids of one piece.
    pub merged: Vec<u32>,
}

/// A short piece and its ids, as two numbers. Both are 0 in an empty place; no piece is 0, since each has a length.
///
/// The second holds from the lowest bits on up to `ROOM` ids, or if there are more the place where they begin in `Cache::ids`,
/// and in the highest 32 bits how many there are.
type Entry = [u128; 2];

#[inline]
const fn unpack(ids: u128) -> ([u32; ROOM], usize) {
    (
        [ids as u32, (ids >> 32) as u32, (ids >> 64) as u32],
        (ids >> 96) as usize,
    )
}

fn pack(ids: [u32; ROOM], count: usize) -> u128 {
    let [first, second, third] = ids.map(u128::from);
    first | second << 32 | third << 64 | (count as u128) << 96
}

/// A range of `Cache::ids`.
#[derive(Clone, Copy)]
struct Found {
    start: u32,
    count: u32,
}

/// How many ids wait in [`Ids`] before they are moved on.
const WAITING: usize = 1_024;

/// Where ids go: a small array first, and from there to the vector in one go.
///
/// Up to `ROOM` ids are written as if they were always `ROOM`; what is too much is overwritten by the next. A loop over one,
/// two or three ids would have the processor guess how many, and guess wrong.
pub struct Ids<'a> {
    waiting: [u32; WAITING + ROOM],
    count: usize,
    out: &'a mut Vec<u32>,
}

impl<'a> Ids<'a> {
    /// Appends to `out`, when [`Self::finish`] is called at the latest.
    pub fn new(out: &'a mut Vec<u32>) -> Self {
        Self {
            waiting: [0; WAITING + ROOM],
            count: 0,
            out,
        }
    }

    /// The first `count` of `ids`.
    #[inline]
    fn push_some(&mut self, ids: [u32; ROOM], count: usize) {
        if self.count >= WAITING {
            self.move_on();
        }
        if let Some(place) = self.waiting[self.count..].first_chunk_mut() {
            *place = ids;
        }
        self.count += count;
    }

    /// All of `ids`.
    #[inline]
    pub fn extend(&mut self, ids: &[u32]) {
        if self.count + ids.len() > WAITING {
            self.move_on();
        }
        match self.waiting[self.count..].get_mut(..ids.len()) {
            Some(place) => {
                place.copy_from_slice(ids);
                self.count += ids.len();
            }
            None => self.out.extend_from_slice(ids),
        }
    }

    fn move_on(&mut self) {
        self.out.extend_from_slice(&self.waiting[..self.count]);
        self.count = 0;
    }

    /// Appends what is waiting.
    pub fn finish(mut self) {
        self.move_on();
    }
}

/// A piece of the text at `start..end`, as a key.
pub enum Key<'a> {
    /// Its bytes, and its length in the highest byte.
    Short(u128),
    /// Its bytes.
    Long(&'a [u8]),
}

/// Masks for the first 0 to 15 bytes.
const FIRST: [u128; 16] = {
    let mut masks = [0; 16];
    let mut length = 0;
    while length < 16 {
        masks[length] = (1 << (8 * length)) - 1;
        length += 1;
    }
    masks
};

impl<'a> Key<'a> {
    /// The key of `text[start..end]`. Looks at up to 16 bytes at once, if there are so many before the text ends.
    #[inline]
    pub fn new(text: &'a [u8], start: usize, end: usize) -> Self {
        let length = end - start;
        if length > 15 {
            return Self::Long(&text[start..end]);
        }
        let bytes = if let Some(bytes) = text[start..].first_chunk() {
            u128::from_le_bytes(*bytes) & FIRST[length]
        } else {
            let mut bytes = [0; 16];
            bytes[..length].copy_from_slice(&text[start..end]);
            u128::from_le_bytes(bytes)
        };
        Self::Short(bytes | (length as u128) << 120)
    }
}

/// Where a short piece stands in the table: the highest bits of a product, to which every bit of the piece contributes.
#[inline]
const fn place(piece: u128) -> usize {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = (piece as u64) ^ ((piece >> 64) as u64).wrapping_mul(ODD);
    (mixed.wrapping_mul(ODD) >> (64 - BITS)) as usize
}

impl Cache {
    /// A cache that has seen nothing.
    pub fn new() -> Self {
        Self {
            short: vec![[0; 2]; 1 << BITS],
            long: FxHashMap::default(),
            ids: Vec::new(),
            room: Vec::new(),
            merged: Vec::new(),
        }
    }

    /// Appends the ids of a piece to `out`, if they are known.
    #[inline]
    pub fn get(&self, key: &Key<'_>, out: &mut Ids<'_>) -> bool {
        match key {
            Key::Short(piece) => {
                let [known, ids] = self.short[place(*piece)];
                if known != *piece {
                    return false;
                }
                let (ids, count) = unpack(ids);
                if count <= ROOM {
                    out.push_some(ids, count);
                } else {
                    let (start, count) = (ids[0], count as u32);
                    out.extend(self.kept(Found { start, count }));
                }
                true
            }
            Key::Long(piece) => match self.long.get(*piece) {
                Some(&found) => {
                    out.extend(self.kept(found));
                    true
                }
                None => false,
            },
        }
    }

    fn kept(&self, found: Found) -> &[u32] {
        &self.ids[found.start as usize..][..found.count as usize]
    }

    /// Remembers that a piece has the ids in `merged`.
    pub fn put(&mut self, key: &Key<'_>) {
        if self.ids.len() > MOST * ROOM || self.long.len() > MOST {
            self.forget();
        }
        let count = self.merged.len();
        match key {
            Key::Short(piece) => {
                let ids = if count > ROOM {
                    [self.keep().start, 0, 0]
                } else {
                    let mut ids = [0; ROOM];
                    ids[..count].copy_from_slice(&self.merged);
                    ids
                };
                self.short[place(*piece)] = [*piece, pack(ids, count)];
            }
            Key::Long(piece) if piece.len() <= LONGEST => {
                let found = self.keep();
                self.long.insert((*piece).into(), found);
            }
            Key::Long(_) => {}
        }
    }

    fn keep(&mut self) -> Found {
        let start = self.ids.len() as u32;
        self.ids.extend_from_slice(&self.merged);
        Found {
            start,
            count: self.merged.len() as u32,
        }
    }

    /// Everything whose ids are in `ids`; what has them in its own place may stay.
    fn forget(&mut self) {
        self.ids.clear();
        self.long.clear();
        for entry in &mut self.short {
            if unpack(entry[1]).1 > ROOM {
                *entry = [0; 2];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(pieces: &[&str]) -> Vec<u128> {
        pieces
            .iter()
            .map(|piece| match Key::new(piece.as_bytes(), 0, piece.len()) {
                Key::Short(key) => key,
                Key::Long(_) => panic!("{piece} is short"),
            })
            .collect()
    }

    fn known(cache: &Cache, key: &Key<'_>) -> Option<Vec<u32>> {
        let mut out = Vec::new();
        let mut ids = Ids::new(&mut out);
        let known = cache.get(key, &mut ids);
        ids.finish();
        known.then_some(out)
    }

    #[test]
    fn ids_come_in_order_however_many() {
        let (mut out, mut want) = (vec![7], vec![7]);
        let mut ids = Ids::new(&mut out);
        for n in 0..5_000_u32 {
            let count = n as usize % 4;
            ids.push_some([n, n + 1, n + 2], count);
            want.extend([n, n + 1, n + 2].iter().take(count));
            if n % 500 == 0 {
                let many: Vec<u32> = (0..n).collect();
                ids.extend(&many);
                want.extend(many);
            }
        }
        ids.finish();
        assert_eq!(out, want);
    }

    #[test]
    fn a_key_knows_the_piece_and_nothing_else() {
        let keys = keys(&["a", "a\0", "\0a", "\0", "fifteen letters"]);
        let mut unique = keys.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), keys.len());
        let (inside, alone) = (
            Key::new(b"xab, and what follows it", 1, 3),
            Key::new(b"ab", 0, 2),
        );
        assert!(matches!((inside, alone), (Key::Short(a), Key::Short(b)) if a == b));
    }

    #[test]
    fn remembers_any_number_of_ids_and_forgets_before_it_grows() {
        let mut cache = Cache::new();
        let pieces: Vec<String> = (0..100_000)
            .map(|n| format!("{n}{}", "x".repeat(n % 20)))
            .collect();
        for (n, piece) in (0_u32..).zip(&pieces) {
            let key = Key::new(piece.as_bytes(), 0, piece.len());
            cache.merged = (0..n % 7).map(|i| n + i).collect();
            cache.put(&key);
            assert_eq!(known(&cache, &key), Some(cache.merged.clone()));
        }
        assert!(cache.long.len() <= MOST + 1);
        assert!(cache.ids.len() <= MOST * ROOM + LONGEST);
        // Whatever is still known is right.
        let mut found = 0;
        for (n, piece) in (0_u32..).zip(&pieces) {
            if let Some(ids) = known(&cache, &Key::new(piece.as_bytes(), 0, piece.len())) {
                found += 1;
                assert_eq!(ids, (0..n % 7).map(|i| n + i).collect::<Vec<_>>());
            }
        }
        assert!(found > 1_000, "{found}");
    }
}
