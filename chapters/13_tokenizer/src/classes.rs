//! The four classes of characters that the splitting rules know.

use crate::tables::{LETTERS, NUMBERS};
use std::sync::LazyLock;

/// What a character is to a splitting rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// None of the others.
    Other,
    /// `\p{L}`
    Letter,
    /// `\p{N}`
    Number,
    /// `\s`
    Space,
}

/// Every class of a character below 2^18, where all letters and numbers are: a quarter of a megabyte, filled once.
static CLASSES: LazyLock<Box<[Class]>> = LazyLock::new(|| {
    let mut classes = vec![Class::Other; 1 << 18];
    for (ranges, class) in [(&LETTERS[..], Class::Letter), (&NUMBERS[..], Class::Number)] {
        for &(first, last) in ranges {
            classes[first as usize..=last as usize].fill(class);
        }
    }
    // Every white space is in the first of the planes.
    for code in
        (0..0x1_0000_u32).filter(|&code| char::from_u32(code).is_some_and(char::is_whitespace))
    {
        classes[code as usize] = Class::Space;
    }
    classes.into()
});

/// Classes of the ASCII characters, without a detour.
const ASCII: [Class; 128] = {
    let mut classes = [Class::Other; 128];
    let mut code = 0;
    while code < 128 {
        classes[code] = match code as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Class::Letter,
            b'0'..=b'9' => Class::Number,
            b' ' | b'\t'..=b'\r' => Class::Space,
            _ => Class::Other,
        };
        code += 1;
    }
    classes
};

/// The class of the character that begins at `at`, and where the next one begins. `None` at the end.
///
/// `text` must be valid UTF-8 and `at` a character's first byte; otherwise the answer is a wrong class, or a panic.
#[inline]
pub fn class_at(text: &[u8], at: usize) -> Option<(Class, usize)> {
    let first = *text.get(at)?;
    if let Some(&class) = ASCII.get(usize::from(first)) {
        return Some((class, at + 1));
    }
    Some(class_beyond_ascii(text, at, first))
}

fn class_beyond_ascii(text: &[u8], at: usize, first: u8) -> (Class, usize) {
    let bits = |place: usize| usize::from(text[at + place] & 0x3f);
    let first = usize::from(first);
    let (code, length) = match first {
        0xf0.. => (
            ((first & 7) << 18) | (bits(1) << 12) | (bits(2) << 6) | bits(3),
            4,
        ),
        0xe0.. => (((first & 15) << 12) | (bits(1) << 6) | bits(2), 3),
        _ => (((first & 31) << 6) | bits(1), 2),
    };
    let class = CLASSES.get(code).copied().unwrap_or(Class::Other);
    (class, at + length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fancy_regex::Regex;

    // All of Unicode, so that a new version of it in either place is noticed.
    #[test]
    fn every_character_has_the_class_that_a_regex_gives_it() {
        let [letter, number, space] =
            [r"\A\p{L}\z", r"\A\p{N}\z", r"\A\s\z"].map(|regex| Regex::new(regex).expect("valid"));
        for c in '\0'..=char::MAX {
            let mut buffer = [0; 4];
            let text: &str = c.encode_utf8(&mut buffer);
            let is = |regex: &Regex| regex.is_match(text).expect("no backtracking");
            let want = match (is(&letter), is(&number), is(&space)) {
                (true, false, false) => Class::Letter,
                (false, true, false) => Class::Number,
                (false, false, true) => Class::Space,
                _ => Class::Other,
            };
            assert_eq!(
                class_at(text.as_bytes(), 0),
                Some((want, text.len())),
                "{c:?}"
            );
        }
        assert_eq!(class_at(b"", 0), None);
    }
}
