//! How files write bytes that are no text: GPT-2's table, which gives each byte a visible character.
//!
//! In `tokenizer.json` and in GGUF the token ` the` is written `Ġthe`, and a line end is `Ċ`.

/// Bytes whose character is their own: visible ones of Latin-1.
const fn is_visible(byte: u8) -> bool {
    matches!(byte, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff)
}

/// Bytes in the order in which the others get the characters from U+0100 on.
const HIDDEN: [u8; 68] = {
    let mut hidden = [0; 68];
    let (mut byte, mut count) = (0_u8, 0);
    while count < 68 {
        if !is_visible(byte) {
            hidden[count] = byte;
            count += 1;
        }
        byte = byte.wrapping_add(1);
    }
    hidden
};

/// The character that stands for `byte`: itself if it is visible, else one from U+0100 on.
///
/// ```
/// use tokenizer::{byte_of, char_of};
///
/// assert_eq!((char_of(b'a'), char_of(b' '), char_of(b'\n')), ('a', 'Ġ', 'Ċ'));
/// assert_eq!(byte_of('Ġ'), Some(b' '));
/// ```
pub fn char_of(byte: u8) -> char {
    match (0_u32..).zip(HIDDEN).find(|&(_, hidden)| hidden == byte) {
        Some((place, _)) => char::from_u32(0x100 + place).unwrap_or(char::REPLACEMENT_CHARACTER),
        None => char::from(byte),
    }
}

/// The byte that `c` stands for; `None` for a character that stands for none.
pub fn byte_of(c: char) -> Option<u8> {
    match u8::try_from(c) {
        Ok(byte) => is_visible(byte).then_some(byte),
        Err(_) => HIDDEN
            .get((u32::from(c) as usize).checked_sub(0x100)?)
            .copied(),
    }
}

/// The bytes of a token as files write it; `None` if a character stands for no byte.
pub fn bytes_of(written: &str) -> Option<Vec<u8>> {
    written.chars().map(byte_of).collect()
}

/// A token as files write it.
pub fn written(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char_of(byte)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_has_a_character_of_its_own() {
        let mut chars: Vec<char> = (0..=255).map(char_of).collect();
        for (byte, &c) in (0..=255).zip(&chars) {
            assert_eq!(byte_of(c), Some(byte));
            assert!(!c.is_control() && !c.is_whitespace());
        }
        chars.sort_unstable();
        chars.dedup();
        assert_eq!(chars.len(), 256);
        assert_eq!(
            (byte_of(' '), byte_of('\u{144}'), byte_of('語')),
            (None, None, None)
        );
        assert_eq!(char_of(0xad), '\u{143}');
    }
}
