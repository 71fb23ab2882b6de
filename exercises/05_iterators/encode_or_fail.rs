//! # Encode the words, or name the one that is unknown
//!
//! Each word of a prompt becomes its place in the vocabulary. A word that is not in it is an error, and whoever
//! asked should hear which word it was. In Python the first `raise` inside a list comprehension ends it. Here
//! each word gives a `Result` of its own.
//!
//! Run it. Of what does the chain consist, item by item, when `collect` gets it, and what should come out?

/// A word that the vocabulary does not have.
#[derive(Debug, PartialEq)]
struct UnknownWord(String);

/// The place of `word` in the vocabulary.
fn id(vocabulary: &[&str], word: &str) -> Result<u32, UnknownWord> {
    match vocabulary.iter().position(|known| *known == word) {
        Some(place) => Ok(place as u32),
        None => Err(UnknownWord(word.to_string())),
    }
}

/// The ids of all words, or the first word that is unknown. Reads no word beyond that one.
fn encode<'w>(
    vocabulary: &[&str],
    words: impl Iterator<Item = &'w str>,
) -> Result<Vec<u32>, UnknownWord> {
    // TODO: Many results are to become one. `collect` can do that, if it is asked for the right type.
    let ids: Vec<u32> = words.map(|word| id(vocabulary, word)).collect();
    Ok(ids)
}

#[path = "../../chapters/05_iterators/checks/encode_or_fail.rs"]
mod checks;
