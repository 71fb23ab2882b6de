//! # What ends a turn
//!
//! A chat is one text, and `<|im_end|>` stands where a turn ends. It is one id, and no merge may touch it. So the text is
//! cut at its special tokens first; what lies between them is encoded as always. The loop here asks for each special
//! token in turn whether it is somewhere in the rest.
//!
//! Run it. Which of two special tokens must be found first, and which is meant where one begins with the other?

#[derive(Debug, PartialEq)]
enum Part<'a> {
    Text(&'a str),
    Special(u32),
}

/// `text`, cut at its special tokens. `specials` holds texts and ids, in any order; no text is empty.
fn cut<'a>(text: &'a str, specials: &[(&str, u32)]) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let found = specials
            .iter()
            .filter_map(|&(special, id)| rest.find(special).map(|at| (at, special, id)));
        // TODO: Take the one that stands first in the text; of several in one place, the longest.
        // [starter]
        // let mut found = found;
        // let first = found.next();
        // [solution]
        let first = found.min_by_key(|&(at, special, _)| (at, std::cmp::Reverse(special.len())));
        // [end]
        let Some((at, special, id)) = first else {
            break;
        };
        if at > 0 {
            parts.push(Part::Text(&rest[..at]));
        }
        parts.push(Part::Special(id));
        rest = &rest[at + special.len()..];
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

#[path = "../../chapters/13_tokenizer/checks/special_tokens.rs"]
mod checks;
