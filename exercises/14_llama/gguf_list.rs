//! # A promise in a header
//!
//! A GGUF file's header has lists: the 49,152 tokens of the vocabulary, their kinds, the merges. A list says first how long
//! it is. Somebody's download broke off, somebody else made a file by hand, and the reader below asks the system for as much
//! memory as the length says: `memory allocation of 8000000000000000000 bytes failed`, and the program is gone. No `Result`
//! catches that.
//!
//! What does this function know that the file cannot lie about?

/// Reads a list of `u32` at the beginning of `bytes`: its length as a little-endian `u64`, then the numbers. Returns
/// the numbers and the bytes behind them.
///
/// # Errors
///
/// If the bytes end before the list does.
fn read_list(bytes: &[u8]) -> Result<(Vec<u32>, &[u8]), String> {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
        return Err(format!(
            "a length needs 8 bytes, and there are {}",
            bytes.len()
        ));
    };
    let length = u64::from_le_bytes(*length);
    // TODO: Believe the length only as far as there are bytes.
    let mut numbers = Vec::with_capacity(length as usize);
    let (mut numbers_left, mut rest) = (length, rest);
    while numbers_left > 0 {
        let (number, behind) = rest.split_first_chunk::<4>().ok_or("the list is cut off")?;
        numbers.push(u32::from_le_bytes(*number));
        rest = behind;
        numbers_left -= 1;
    }
    Ok((numbers, rest))
}

#[path = "../../chapters/14_llama/checks/gguf_list.rs"]
mod checks;
