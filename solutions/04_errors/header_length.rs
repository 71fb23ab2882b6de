//! # Believe no length
//!
//! A safetensors file begins with 8 bytes, a number in little-endian order: so many bytes of JSON follow. The two lines
//! below read it, from any file that is whole. A download that broke off makes them panic. So does a file made to: with
//! a length near 2^64 the sum `8 + length` overflows, which panics in a debug build and wraps around in a release build.
//!
//! Run it. What comes from outside is not a bug of this program, so a panic is not the answer.

use thiserror::Error;

/// Why a file has no header that could be read.
#[derive(Debug, PartialEq, Error)]
enum HeaderError {
    #[error("a safetensors file begins with 8 bytes, this one has {found}")]
    NoLength { found: usize },
    #[error("the header should have {wanted} bytes, {found} are left")]
    Truncated { wanted: u64, found: usize },
}

/// The header's JSON, as bytes, where it lies in the file.
fn header(file: &[u8]) -> Result<&[u8], HeaderError> {
    // TODO: For every file whatsoever, return a header or an error. Compare lengths before you add or cut.
    // [starter]
    // let length = u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
    // Ok(&file[8..8 + length])
    // [solution]
    let found = file.len();
    let (length, rest) = file
        .split_first_chunk::<8>()
        .ok_or(HeaderError::NoLength { found })?;
    let (wanted, found) = (u64::from_le_bytes(*length), rest.len());
    if wanted > found as u64 {
        return Err(HeaderError::Truncated { wanted, found });
    }
    Ok(&rest[..wanted as usize])
    // [end]
}

#[path = "../../chapters/04_errors/checks/header_length.rs"]
mod checks;
