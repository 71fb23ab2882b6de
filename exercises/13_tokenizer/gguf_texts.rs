//! # A length that nobody vouches for
//!
//! In a GGUF file, the vocabulary stands before the weights: how many texts there are, and each text with its length before
//! it. The reader here makes room for what the length says and then reads. A file of forty bytes that says 'now come four
//! exabytes' ends your server, and it need not be malice: a download that broke off will do.
//!
//! Run it. How much memory may a reader take for a file of forty bytes?

use std::io::{self, Error, ErrorKind, Read};

fn read_length(source: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    source.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

/// Reads one text: its length as 8 bytes, little-endian, and its bytes.
///
/// # Errors
///
/// `UnexpectedEof` if there is less than the length says, `InvalidData` if it is not UTF-8.
fn read_text(source: &mut impl Read) -> io::Result<String> {
    let length = read_length(source)?;
    // TODO: Let memory grow with what was read, not with what was promised.
    let mut bytes = vec![0; length as usize];
    source.read_exact(&mut bytes)?;
    String::from_utf8(bytes).map_err(|error| Error::new(ErrorKind::InvalidData, error))
}

/// Reads how many texts there are, and the texts.
fn read_texts(source: &mut impl Read) -> io::Result<Vec<String>> {
    let count = read_length(source)?;
    (0..count).map(|_| read_text(source)).collect()
}

#[path = "../../chapters/13_tokenizer/checks/gguf_texts.rs"]
mod checks;
