//! What `loose_floats` must do: read numbers from bytes that lie anywhere.

use super::floats;

/// The bytes of `numbers` behind a header of `header` bytes.
fn file(header: usize, numbers: &[f32]) -> Vec<u8> {
    let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
    std::iter::repeat_n(7, header).chain(bytes).collect()
}

#[test]
fn numbers_behind_every_header_are_read() {
    let want = [0.5_f32, -2.0, 1e-20, 3.25];
    // Four headers in a row: at most one of them leaves the numbers at a multiple of four.
    for header in 8..12 {
        let bytes = file(header, &want);
        let got = floats(&bytes[header..]).unwrap();
        assert_eq!(got, want, "behind {header} bytes");
    }
}

#[test]
fn no_bytes_are_no_numbers() {
    let got = floats(&[]);
    let want = Ok(vec![]);
    assert_eq!(got, want, "numbers in 0 bytes");
}

#[test]
fn a_rest_is_an_error() {
    let got = floats(&[0; 7]).is_err();
    let want = true;
    assert_eq!(got, want, "7 bytes are refused");
}

#[test]
fn the_lowest_byte_comes_first() {
    let got = floats(&[0, 0, 128, 63]);
    let want = Ok(vec![1.0]);
    assert_eq!(got, want, "0x3f800000");
}
