//! Pieces that were merged before, and their ids.
//!
//! Most of a text is a few thousand words, again and again. A piece of up to 15 bytes is one number of 128 bits, so to look
//! it up is to compare two numbers. Such a piece has one place in the table, and takes it from whoever was there: the cache
//! never grows, and there is nothing to keep in order.

use rustc_hash::FxHashMap;

/// Of the table of short pieces, as a power of two: 2^15 places of 32 bytes are a megabyte.
const BITS: u32 = 15;

/// Ids that find room in a place of the table.
const ROOM: usize = 3;

/// Longer pieces than that are merged each time.
const LONGEST: usize = 256;

/// So many long pieces, and so many ids, are kept; then all are forgotten.
const MOST: usize = 1 << 15;

/// What a thread remembers of the pieces that it has seen.
pub struct Cache {
    short: Box<[Entry]>,
    long: FxHashMap<Box<[u8]>, Found>,
    /// The ids of entries that have more than `ROOM`, and of all long ones.
    ids: Vec<u32>,
    /// Memory to merge in.
    pub room: Vec<(u32, u32)>,
    /// Memory for the ids of one piece.
    pub merged: Vec<u32>,
}

/// A short piece and its ids. An empty place has the piece 0, which no piece is: each has a length.
#[derive(Clone, Copy)]
struct Entry {
    piece: u128,
    count: u32,
    /// The ids, or if there are more than `ROOM`, where they begin in `Cache::ids`.
    ids: [u32; ROOM],
}

/// A range of `Cache::ids`.
#[derive(Clone, Copy)]
struct Found {
    start: u32,
    count: u32,
}

/// A piece of the text at `start..end`, as a key.
pub enum Key<'a> {
    /// Its bytes, and its length in the highest byte.
    Short(u128),
    /// Its bytes.
    Long(&'a [u8]),
}

impl<'a> Key<'a> {
    /// The key of `text[start..end]`. Looks at up to 16 bytes at once, if there are so many before the text ends.
    #[inline]
    pub fn new(text: &'a [u8], start: usize, end: usize) -> Self {
        let length = end - start;
        if length > 15 {
            return Self::Long(&text[start..end]);
        }
        let bytes = match text[start..].first_chunk() {
            Some(bytes) => u128::from_le_bytes(*bytes) & ((1 << (8 * length)) - 1),
            None => {
                let mut bytes = [0; 16];
                bytes[..length].copy_from_slice(&text[start..end]);
                u128::from_le_bytes(bytes)
            }
        };
        Self::Short(bytes | (length as u128) << 120)
    }
}

/// Where a short piece stands in the table: the highest bits of a product, to which every bit of the piece contributes.
#[inline]
const fn place(piece: u128) -> usize {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mixed = (piece as u64) ^ ((piece >> 64) as u64).wrapping_mul(ODD).rotate_left(32);
    (mixed.wrapping_mul(ODD) >> (64 - BITS)) as usize
}

impl Cache {
    /// A cache that has seen nothing.
    pub fn new() -> Self {
        let empty = Entry {
            piece: 0,
            count: 0,
            ids: [0; ROOM],
        };
        Self {
            short: vec![empty; 1 << BITS].into(),
            long: FxHashMap::default(),
            ids: Vec::new(),
            room: Vec::new(),
            merged: Vec::new(),
        }
    }

    /// Appends the ids of a piece to `out`, if they are known.
    #[inline]
    pub fn get(&self, key: &Key<'_>, out: &mut Vec<u32>) -> bool {
        match key {
            Key::Short(piece) => {
                let entry = &self.short[place(*piece)];
                if entry.piece != *piece {
                    return false;
                }
                match entry.count {
                    1 => out.push(entry.ids[0]),
                    2 => out.extend_from_slice(&entry.ids[..2]),
                    3 => out.extend_from_slice(&entry.ids),
                    count => out.extend_from_slice(self.kept(Found {
                        start: entry.ids[0],
                        count,
                    })),
                }
                true
            }
            Key::Long(piece) => match self.long.get(*piece) {
                Some(&found) => {
                    out.extend_from_slice(self.kept(found));
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
                self.short[place(*piece)] = Entry {
                    piece: *piece,
                    count: count as u32,
                    ids,
                };
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
            if entry.count as usize > ROOM {
                entry.piece = 0;
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
            let mut out = Vec::new();
            assert!(cache.get(&key, &mut out));
            assert_eq!(out, cache.merged);
        }
        assert!(cache.long.len() <= MOST + 1);
        assert!(cache.ids.len() <= MOST * ROOM + LONGEST);
        // Whatever is still known is right.
        let mut known = 0;
        for (n, piece) in (0_u32..).zip(&pieces) {
            let mut out = Vec::new();
            if cache.get(&Key::new(piece.as_bytes(), 0, piece.len()), &mut out) {
                known += 1;
                assert_eq!(out, (0..n % 7).map(|i| n + i).collect::<Vec<_>>());
            }
        }
        assert!(known > 1_000, "{known}");
    }
}
