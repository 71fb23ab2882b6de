//! # Weights from a response
//!
//! A file of weights comes over the network as bytes. Behind its header of n bytes come the numbers. Some formats pad the header and
//! some do not, so three of four times the numbers do not begin at a multiple of four. On such an address there is no `&[f32]`,
//! and `bytemuck::cast_slice` panics, which in a page is a trap.
//!
//! The numbers have to be copied anyway, out of the response and into the layer. How does one read four bytes that lie anywhere?

/// The numbers in `bytes`: four bytes each, the lowest first, wherever they lie.
///
/// A rest that is no whole number is an error that says how many bytes there are.
fn floats(bytes: &[u8]) -> Result<Vec<f32>, String> {
    if !bytes.len().is_multiple_of(4) {
        return Err(format!("{} bytes are no whole numbers", bytes.len()));
    }
    // TODO: Ask nothing of the address.
    // [starter]
    // let numbers: &[f32] = bytemuck::cast_slice(bytes);
    // Ok(numbers.to_vec())
    // [solution]
    let (words, _) = bytes.as_chunks::<4>();
    Ok(words.iter().map(|word| f32::from_le_bytes(*word)).collect())
    // [end]
}

#[path = "../../chapters/16_wasm/checks/loose_floats.rs"]
mod checks;
