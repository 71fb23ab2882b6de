//! # Whose is the space?
//!
//! Without a split, frequent words would grow together: `of the` would be a token, and so would `dog.` and `dog,`.
//! GPT-2 cuts a text first, by `'s| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+` (shortened). One space belongs
//! to the word behind it, and a run of white space leaves its last character over for that: `\s+(?!\S)` means white
//! space that is not followed by something else.
//!
//! A hand-written splitter is ten times as quick as the expression. This one is finished but for white space. Run it.

#[derive(Clone, Copy, PartialEq)]
enum Class {
    Letter,
    Number,
    Space,
    Other,
}

fn class_of(c: char) -> Class {
    match c {
        c if c.is_alphabetic() => Class::Letter,
        c if c.is_numeric() => Class::Number,
        c if c.is_whitespace() => Class::Space,
        _ => Class::Other,
    }
}

/// How many bytes at the start of `text` are characters of one class; 0 if `text` is empty.
fn run(text: &str) -> usize {
    let Some(first) = text.chars().next() else {
        return 0;
    };
    let other = |c: char| class_of(c) != class_of(first);
    text.find(other).unwrap_or(text.len())
}

/// How many bytes at the start of `text` are the first piece. `text` is not empty.
fn piece(text: &str) -> usize {
    let run_here = run(text);
    if !text.starts_with(char::is_whitespace) {
        return run_here;
    }
    let spaces = &text[..run_here];
    let follows = &text[run_here..];
    // TODO: Three cases: nothing follows; one space and a word; several characters of white space, of which the last
    // is left over. (A lone line end before a word is a piece by itself.)
    let _ = (spaces, follows);
    run_here
}

fn pieces(mut text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    while !text.is_empty() {
        let (first, rest) = text.split_at(piece(text));
        pieces.push(first);
        text = rest;
    }
    pieces
}

#[path = "../../chapters/13_tokenizer/checks/split_words.rs"]
mod checks;
