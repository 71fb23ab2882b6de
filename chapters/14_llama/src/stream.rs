//! From tokens to text that can be shown at once.
//!
//! Two things do not stop at a token's border. A character of several bytes, an emoji or a Chinese one, may take two or
//! three tokens. And a stop sequence may begin in one token and end in another; what was shown cannot be taken back.

/// Bytes come in, text goes out as soon as nothing can change it any more.
pub struct TextStream {
    stops: Vec<String>,
    /// The beginning of a character.
    bytes: Vec<u8>,
    /// What may be the beginning of a stop sequence.
    held: String,
}

/// What [`TextStream::push`] has to show.
#[derive(Debug, PartialEq, Eq)]
pub struct Shown {
    /// Text that is certain now; often empty.
    pub text: String,
    /// Whether a stop sequence was complete. It is not in the text, nor is what came after it.
    pub stopped: bool,
}

impl TextStream {
    /// A stream that ends before the first of `stops`; empty ones are ignored.
    pub fn new(stops: &[String]) -> Self {
        let stops = stops
            .iter()
            .filter(|stop| !stop.is_empty())
            .cloned()
            .collect();
        Self {
            stops,
            bytes: Vec::new(),
            held: String::new(),
        }
    }

    /// Takes a token's bytes.
    pub fn push(&mut self, bytes: &[u8]) -> Shown {
        self.bytes.extend_from_slice(bytes);
        let whole = whole_characters(&self.bytes);
        self.held
            .push_str(&String::from_utf8_lossy(&self.bytes[..whole]));
        self.bytes.drain(..whole);

        if let Some(end) = self
            .stops
            .iter()
            .filter_map(|stop| self.held.find(stop))
            .min()
        {
            self.held.truncate(end);
            return Shown {
                text: std::mem::take(&mut self.held),
                stopped: true,
            };
        }
        let certain = self.held.len()
            - self
                .stops
                .iter()
                .map(|stop| begun(&self.held, stop))
                .max()
                .unwrap_or(0);
        let text = self.held.drain(..certain).collect();
        Shown {
            text,
            stopped: false,
        }
    }

    /// What is left when no more tokens come.
    pub fn finish(&mut self) -> String {
        let mut text = std::mem::take(&mut self.held);
        text.push_str(&String::from_utf8_lossy(&self.bytes));
        self.bytes.clear();
        text
    }
}

/// How many of the bytes are whole characters. Bytes that can never become one count as whole: waiting would not help.
fn whole_characters(bytes: &[u8]) -> usize {
    let mut whole = 0;
    while let Err(error) = std::str::from_utf8(&bytes[whole..]) {
        whole += error.valid_up_to();
        match error.error_len() {
            Some(broken) => whole += broken,
            None => return whole,
        }
    }
    bytes.len()
}

/// How many bytes at the end of `text` are the beginning of `stop`.
fn begun(text: &str, stop: &str) -> usize {
    let lengths = stop.char_indices().map(|(at, _)| at).rev();
    lengths
        .into_iter()
        .find(|&length| text.ends_with(&stop[..length]))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(stops: &[&str], pieces: &[&[u8]]) -> (Vec<String>, bool) {
        let stops: Vec<String> = stops.iter().map(|&stop| stop.to_owned()).collect();
        let mut stream = TextStream::new(&stops);
        let mut shown = Vec::new();
        for piece in pieces {
            let Shown { text, stopped } = stream.push(piece);
            shown.push(text);
            if stopped {
                return (shown, true);
            }
        }
        shown.push(stream.finish());
        (shown, false)
    }

    #[test]
    fn a_character_is_shown_when_it_is_whole() {
        let (shown, _) = all(&[], &[b"a\xf0", b"\x9f\xa6", b"\x80b"]);
        assert_eq!(shown, ["a", "", "\u{1f980}b", ""]);
        let (shown, _) = all(&[], &[b"a\xff", b"b\xe4"]);
        assert_eq!(shown, ["a\u{fffd}", "b", "\u{fffd}"]);
    }

    #[test]
    fn a_stop_sequence_is_never_shown() {
        let (shown, stopped) = all(&["\nUser:"], &[b"Yes.", b"\nUs", b"er", b": no"]);
        assert_eq!((shown.concat().as_str(), stopped), ("Yes.", true));
        let (shown, stopped) = all(&["\nUser:"], &[b"Yes.", b"\nUs", b"ual"]);
        assert_eq!(
            (shown, stopped),
            (
                vec![
                    "Yes.".into(),
                    String::new(),
                    "\nUsual".into(),
                    String::new()
                ],
                false
            )
        );
        let (shown, _) = all(&["aab"], &[b"aa", b"ab"]);
        assert_eq!(shown.concat(), "a");
    }

    proptest! {
        // However the bytes are cut into tokens, what was shown together is the text up to the stop.
        #[test]
        fn cuts_do_not_matter(text in "[ab\u{e4}\u{1f980}]{0,12}", stop in "[ab\u{e4}]{1,3}", cuts in proptest::collection::vec(1_usize..4, 60)) {
            let mut pieces = Vec::new();
            let mut rest = text.as_bytes();
            for cut in cuts {
                let (piece, others) = rest.split_at(cut.min(rest.len()));
                pieces.push(piece);
                rest = others;
            }
            let (shown, stopped) = all(&[&stop], &pieces);
            prop_assert_eq!(shown.concat(), text.split(&stop).next().unwrap_or_default());
            prop_assert_eq!(stopped, text.contains(&stop));
        }
    }
}
