//! What the page's encoder loses, beside chapter 7's: on sentences and on every lesson of the course.
//!
//! The model comes from `python3 workbook fetch minilm`, which is called if need be.
#![cfg(feature = "encoder")]

use rust_ai_wasm::wordpiece::WordPiece;
use std::path::Path;
use tokenizers::Tokenizer;

/// Hugging Face's tokenizer of the model and ours, from the same list.
fn tokenizers() -> (Tokenizer, WordPiece) {
    let folder = workbook_models::fetch("minilm").unwrap_or_else(|error| panic!("{error}"));
    let mut theirs = Tokenizer::from_file(folder.join("tokenizer.json")).unwrap();
    theirs.with_padding(None).with_truncation(None).unwrap();
    let mut list: Vec<(String, u32)> = theirs.get_vocab(false).into_iter().collect();
    list.sort_by_key(|(_, number)| *number);
    let list: Vec<&str> = list.iter().map(|(piece, _)| piece.as_str()).collect();
    (theirs, WordPiece::new(&list.join("\n")).unwrap())
}

#[test]
fn every_lesson_has_hugging_faces_tokens() {
    let (theirs, ours) = tokenizers();
    let chapters = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut lessons = 0;
    for entry in std::fs::read_dir(chapters).unwrap() {
        let Ok(lesson) = std::fs::read_to_string(entry.unwrap().path().join("README.md")) else {
            continue;
        };
        lessons += 1;
        // `[MASK]` and the like are commands to theirs and text to ours.
        for line in lesson
            .lines()
            .filter(|line| !line.contains("[SEP]") && !line.contains("[CLS]"))
        {
            let want = theirs.encode(line, true).unwrap();
            assert_eq!(ours.encode(line, usize::MAX), want.get_ids(), "{line}");
        }
    }
    assert!(lessons > 10, "{lessons} lessons");
}

#[test]
fn every_character_has_hugging_faces_tokens() {
    let (theirs, ours) = tokenizers();
    // All of Unicode's first two planes, forty characters a text, in the middle of a word and between words.
    let all: Vec<char> = (1..0x2_0000).filter_map(char::from_u32).collect();
    for some in all.chunks(40) {
        let words: Vec<String> = some.iter().map(|c| format!("a{c}b {c}")).collect();
        let text = words.join(" ");
        let want = theirs.encode(text.as_str(), true).unwrap();
        let got = ours.encode(&text, usize::MAX);
        assert_eq!(got, want.get_ids(), "{some:?}");
    }
}
