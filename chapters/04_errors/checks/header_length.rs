//! What `header_length` must do: give the header of a whole file, and an error for any other bytes there are.

use super::{HeaderError, header};

/// What the Python package safetensors 0.8 writes for `{"b": np.array([0.5], dtype=np.float32)}`: the length, a header of
/// 56 bytes, 4 bytes of data.
const FILE: &[u8] = b"\x38\0\0\0\0\0\0\0\
    {\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}  \
    \0\0\0\x3f";

/// `FILE` with another length in front.
fn with_length(length: u64) -> Vec<u8> {
    [&length.to_le_bytes(), &FILE[8..]].concat()
}

#[test]
fn finds_the_header() {
    let got = header(FILE).map(String::from_utf8_lossy);
    let want = Ok(r#"{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  "#.into());
    assert_eq!(got, want, "the header");
}

#[test]
fn seven_bytes_are_too_few() {
    let got = header(&FILE[..7]);
    let want = Err(HeaderError::NoLength { found: 7 });
    assert_eq!(got, want, "a file of 7 bytes");
}

#[test]
fn a_header_cut_short_is_an_error() {
    let got = header(&FILE[..63]);
    let (wanted, found) = (56, 55);
    let want = Err(HeaderError::Truncated { wanted, found });
    assert_eq!(got, want, "a file without its header's last byte");
}

// The last cuts leave a part of the length, then all of it and a part of the header, then all of that.
#[test]
fn every_cut_gets_its_answer() {
    for len in 0..=FILE.len() {
        let got = header(&FILE[..len]).map(<[u8]>::len);
        let want = match len {
            0..8 => Err(HeaderError::NoLength { found: len }),
            8..64 => Err(HeaderError::Truncated {
                wanted: 56,
                found: len - 8,
            }),
            _ => Ok(56),
        };
        assert_eq!(got, want, "the first {len} bytes of the file");
    }
}

#[test]
fn every_length_gets_its_answer() {
    for length in 0..=100 {
        let file = with_length(length);
        let got = header(&file).map(<[u8]>::len).ok();
        let want = (length <= 60).then_some(length as usize);
        assert_eq!(got, want, "a length of {length} before 60 bytes");
    }
}

// 8 + length does not fit into 64 bits in the first three.
#[test]
fn a_length_near_the_limit_is_an_error() {
    for wanted in [u64::MAX, u64::MAX - 1, u64::MAX - 7, 1 << 63, 1 << 32] {
        let file = with_length(wanted);
        let got = header(&file);
        let found = 60;
        let want = Err(HeaderError::Truncated { wanted, found });
        assert_eq!(got, want, "a length of {wanted}");
    }
}
