//! Where a text is cut before anything is merged: the regular expressions of known models, written out by hand.
//!
//! A regular expression is the shorter way to say it, and takes most of a tokenizer's time. Each rule here is the same as
//! its expression, which the tests hold against it.

use crate::classes::Class::{self, Letter, Number, Other, Space};
use crate::classes::class_at;

/// How a text is cut into pieces; no token reaches over a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Not at all: the whole text is one piece.
    Whole,
    /// As GPT-2: words with the space before them, numbers, everything else, white space.
    Gpt2,
    /// As SmolLM2: as GPT-2, but each digit is a piece of its own.
    SmolLm,
    /// As GPT-4 (`cl100k_base` of tiktoken): numbers of up to three digits, line ends by themselves.
    Gpt4,
    /// As Llama 3: GPT-4's rule, which it had before `tiktoken` changed how white space at the end of a text is cut.
    Llama3,
    /// As Qwen 2: as Llama 3, but each digit is a piece of its own.
    Qwen2,
}

impl Split {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Whole,
        Self::Gpt2,
        Self::SmolLm,
        Self::Gpt4,
        Self::Llama3,
        Self::Qwen2,
    ];

    /// Its name: `gpt2`, for instance.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Gpt2 => "gpt2",
            Self::SmolLm => "smollm",
            Self::Gpt4 => "gpt4",
            Self::Llama3 => "llama3",
            Self::Qwen2 => "qwen2",
        }
    }

    /// The rule of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|split| split.name() == name)
    }

    /// The regular expression that cuts in the same places: each match is a piece.
    pub const fn regex(self) -> &'static str {
        match self {
            Self::Whole => r"[\s\S]+",
            Self::Gpt2 => {
                r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"
            }
            // A digit ends the text before it, so white space in front of one is no word's beginning.
            Self::SmolLm => {
                r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+|\s+(?![^\s\p{N}])|\s+"
            }
            Self::Gpt4 => {
                r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
            }
            Self::Llama3 => {
                r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
            }
            Self::Qwen2 => {
                r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
            }
        }
    }

    /// The pieces of `text`, in order; together they are the text.
    pub const fn pieces(self, text: &str) -> Pieces<'_> {
        Pieces {
            text,
            at: 0,
            split: self,
        }
    }

    /// Calls `each` with every piece of `text`, which is valid UTF-8. Chooses the rule once, and not for each piece.
    #[inline]
    pub(crate) fn for_each(self, text: &[u8], each: impl FnMut(usize, usize)) {
        match self {
            Self::Whole => walk(text, each, |text, _| text.len()),
            Self::Gpt2 => walk(text, each, gpt2::<false>),
            Self::SmolLm => walk(text, each, gpt2::<true>),
            Self::Gpt4 => walk(text, each, gpt4::<3, true>),
            Self::Llama3 => walk(text, each, gpt4::<3, false>),
            Self::Qwen2 => walk(text, each, gpt4::<1, false>),
        }
    }

    fn end(self, text: &[u8], at: usize) -> usize {
        match self {
            Self::Whole => text.len(),
            Self::Gpt2 => gpt2::<false>(text, at),
            Self::SmolLm => gpt2::<true>(text, at),
            Self::Gpt4 => gpt4::<3, true>(text, at),
            Self::Llama3 => gpt4::<3, false>(text, at),
            Self::Qwen2 => gpt4::<1, false>(text, at),
        }
    }
}

#[inline]
fn walk(text: &[u8], mut each: impl FnMut(usize, usize), end: impl Fn(&[u8], usize) -> usize) {
    let mut at = 0;
    while at < text.len() {
        let next = end(text, at);
        each(at, next);
        at = next;
    }
}

/// The pieces of a text. See [`Split::pieces`].
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    text: &'a str,
    at: usize,
    split: Split,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.at == self.text.len() {
            return None;
        }
        let start = self.at;
        self.at = self.split.end(self.text.as_bytes(), start);
        Some(&self.text[start..self.at])
    }
}

/// The end of the piece that begins at `at`, by GPT-2's rule. With `DIGITS`, each number is a piece of its own.
#[inline]
fn gpt2<const DIGITS: bool>(text: &[u8], at: usize) -> usize {
    if let Some(end) = short_word(text, at, &SPACE_LEADS) {
        return end;
    }
    let Some((class, next)) = class_at(text, at) else {
        return at;
    };
    match class {
        Letter => letters(text, next),
        Number if DIGITS => next,
        Number => run(text, next, Number),
        Other => match contraction(text, at, false) {
            Some(end) => end,
            None => run(text, next, Other),
        },
        Space => {
            // One space belongs to what follows it.
            if text[at] == b' ' {
                match class_at(text, next) {
                    Some((Letter, next)) => return letters(text, next),
                    Some((Number, next)) if !DIGITS => return run(text, next, Number),
                    Some((Other, next)) => return run(text, next, Other),
                    _ => {}
                }
            }
            let spaces = spaces(text, at);
            let digit = DIGITS && matches!(class_at(text, spaces.end), Some((Number, _)));
            if digit || spaces.end == text.len() || spaces.last == at {
                spaces.end
            } else {
                spaces.last
            }
        }
    }
}

/// The end of the piece that begins at `at`, by the rule of GPT-4 and its like.
///
/// Numbers have up to `DIGITS` digits. `TAIL`: white space at the end of the text is one piece.
#[inline]
fn gpt4<const DIGITS: usize, const TAIL: bool>(text: &[u8], at: usize) -> usize {
    if let Some(end) = short_word(text, at, &MOST_LEAD) {
        return end;
    }
    let Some((class, next)) = class_at(text, at) else {
        return at;
    };
    match class {
        Letter => return letters(text, next),
        Number => return digits::<DIGITS>(text, next),
        Other => {
            if let Some(end) = contraction(text, at, true) {
                return end;
            }
        }
        Space => {}
    }
    // Any one character but a line's end may go before a word.
    let line_end = matches!(text[at], b'\r' | b'\n');
    let following = class_at(text, next);
    if !line_end && let Some((Letter, next)) = following {
        return letters(text, next);
    }
    if class == Other {
        return line_ends(text, run(text, next, Other));
    }
    if text[at] == b' '
        && let Some((Other, next)) = following
    {
        return line_ends(text, run(text, next, Other));
    }
    let spaces = spaces(text, at);
    if TAIL && spaces.end == text.len() {
        spaces.end
    } else if let Some(end) = spaces.line {
        end
    } else if spaces.end == text.len() || spaces.last == at {
        spaces.end
    } else {
        spaces.last
    }
}

/// How many bytes may go before a word, for each byte that a piece begins with: 1 if it is such a byte, 0 if it is a letter.
/// `ASK` for all others, for which the rules must be asked.
type Leads = [u8; 256];
const ASK: u8 = 2;
const SPACE_LEADS: Leads = leads(false);
const MOST_LEAD: Leads = leads(true);

const fn leads(most: bool) -> Leads {
    let mut leads = [ASK; 256];
    let mut byte = 0;
    while byte < 128 {
        leads[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => 0,
            b' ' => 1,
            // An apostrophe may begin a contraction.
            b'0'..=b'9' | b'\r' | b'\n' | b'\'' => ASK,
            _ if most => 1,
            _ => ASK,
        };
        byte += 1;
    }
    leads
}

/// The end of a word of one to seven ASCII letters, with what may go before it, if such a word begins at `at` and is over by
/// then. Most pieces are that, and for them no rule is asked; for others this returns `None`.
#[inline]
fn short_word(text: &[u8], at: usize, leads: &Leads) -> Option<usize> {
    let lead = leads[usize::from(*text.get(at)?)];
    let start = at + usize::from(lead);
    let eight = text.get(start..)?.first_chunk()?;
    let count = leading_letters(u64::from_le_bytes(*eight));
    let over = lead != ASK && count != 0 && count < 8 && eight[count & 7].is_ascii();
    over.then_some(start + count)
}

/// A run of white space.
struct Spaces {
    /// Where its last character begins.
    last: usize,
    /// Where it ends.
    end: usize,
    /// Behind its last `\r` or `\n`, if there is one.
    line: Option<usize>,
}

fn spaces(text: &[u8], at: usize) -> Spaces {
    let mut spaces = Spaces {
        last: at,
        end: at,
        line: None,
    };
    while let Some((Space, next)) = class_at(text, spaces.end) {
        spaces.last = spaces.end;
        spaces.end = next;
        if matches!(text[spaces.last], b'\r' | b'\n') {
            spaces.line = Some(next);
        }
    }
    spaces
}

/// Behind the line ends at `at`.
fn line_ends(text: &[u8], mut at: usize) -> usize {
    while let Some(b'\r' | b'\n') = text.get(at) {
        at += 1;
    }
    at
}

/// Behind up to `DIGITS` numbers, one of which stands before `at`.
fn digits<const DIGITS: usize>(text: &[u8], mut at: usize) -> usize {
    for _ in 1..DIGITS {
        match class_at(text, at) {
            Some((Number, next)) => at = next,
            _ => break,
        }
    }
    at
}

/// Behind the characters of one class at `at`.
fn run(text: &[u8], mut at: usize, class: Class) -> usize {
    while let Some((found, next)) = class_at(text, at)
        && found == class
    {
        at = next;
    }
    at
}

/// Behind the letters at `at`, eight at a time as long as they are ASCII.
#[inline]
fn letters(text: &[u8], mut at: usize) -> usize {
    while let Some(eight) = text[at..].first_chunk() {
        let count = leading_letters(u64::from_le_bytes(*eight));
        at += count;
        if count < 8 {
            // Most words end here.
            if text[at].is_ascii() {
                return at;
            }
            break;
        }
    }
    run(text, at, Letter)
}

/// How many of the eight bytes, from the lowest on, are ASCII letters before the first that is not.
///
/// All eight are looked at in each step. Adding to a byte of at most 0x7f sets its high bit if the sum is 0x80 or more,
/// and never carries into the next byte.
#[inline]
const fn leading_letters(bytes: u64) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let high = 0x80 * EACH;
    let lower = (bytes | (0x20 * EACH)) & !high;
    let from_a = lower + (0x80 - b'a' as u64) * EACH;
    let beyond_z = lower + (0x80 - (b'z' as u64 + 1)) * EACH;
    let letters = from_a & !beyond_z & !bytes & high;
    (letters ^ high).trailing_zeros() as usize / 8
}

/// Behind an English contraction at `at`: `'s`, `'d`, `'m`, `'t`, `'ll`, `'ve`, `'re`.
#[inline]
fn contraction(text: &[u8], at: usize, any_case: bool) -> Option<usize> {
    if text[at] != b'\'' {
        return None;
    }
    let fold = |byte: &u8| {
        if any_case {
            byte.to_ascii_lowercase()
        } else {
            *byte
        }
    };
    let first = text.get(at + 1)?;
    let second = text.get(at + 2);
    match (fold(first), second.map(fold)) {
        (b's' | b'd' | b'm' | b't', _) => Some(at + 2),
        (b'l', Some(b'l')) | (b'v' | b'r', Some(b'e')) => Some(at + 3),
        // The long s, U+017F, is an s to a regular expression that does not care for case.
        (0xc5, Some(0xbf)) if any_case => Some(at + 3),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fancy_regex::Regex;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static REGEXES: LazyLock<[Regex; 6]> =
        LazyLock::new(|| Split::ALL.map(|split| Regex::new(split.regex()).expect("valid")));

    fn by_regex(split: Split, text: &str) -> Vec<&str> {
        REGEXES[split as usize]
            .find_iter(text)
            .map(|found| found.expect("no limit is met").as_str())
            .collect()
    }

    fn by_hand(split: Split, text: &str) -> Vec<&str> {
        split.pieces(text).collect()
    }

    /// What the rules look at: every kind of white space, contractions, scripts, numbers that are no digits, emoji.
    fn varied() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            4 => "[a-zA-Z]{1,12}",
            4 => prop_oneof![Just(" "), Just("  "), Just("\n"), Just("\r\n"), Just("\t"), Just("\u{a0}"), Just("\u{3000}"), Just("\u{85}"), Just("\u{2028}")].prop_map(String::from),
            3 => "'(s|S|t|re|RE|rE|ve|m|ll|lL|d|l|x|ſ|K|'s)",
            3 => r"[-'.,;:!?()#/_=<>|~^]{1,4}",
            2 => "[0-9]{1,7}",
            2 => r"[\p{Latin}\p{Cyrillic}\p{Greek}\p{Arabic}\p{Han}\p{Thai}\p{Devanagari}\p{Hangul}]{1,6}",
            2 => r"[\p{N}\p{M}\p{So}\p{Sk}\p{Cf}]{1,3}",
            2 => "[ \t\r\n]{1,5}",
            1 => any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn cuts_where_the_regex_cuts(text in varied()) {
            for split in Split::ALL {
                prop_assert_eq!(by_hand(split, &text), by_regex(split, &text), "{}", split.name());
            }
        }

        #[test]
        fn counts_leading_letters(bytes in prop::array::uniform8(prop_oneof![any::<u8>(), b'A'..=b'z'])) {
            let want = bytes.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
            prop_assert_eq!(leading_letters(u64::from_le_bytes(bytes)), want);
        }
    }

    #[test]
    fn of_one_sentence() {
        let text = "I'll pay  $12345 \n ok";
        assert_eq!(
            by_hand(Split::Gpt2, text),
            ["I", "'ll", " pay", " ", " $", "12345", " \n", " ok"]
        );
        assert_eq!(
            by_hand(Split::Gpt4, text),
            ["I", "'ll", " pay", " ", " $", "123", "45", " \n", " ok"]
        );
        assert_eq!(by_hand(Split::SmolLm, "a  12"), ["a", "  ", "1", "2"]);
        for split in Split::ALL {
            assert_eq!(by_hand(split, ""), [""; 0]);
            assert_eq!(Split::by_name(split.name()), Some(split));
        }
    }

    #[test]
    fn the_names_are_those_of_the_rules() {
        assert_eq!(Split::by_name("gpt5"), None);
    }
}
