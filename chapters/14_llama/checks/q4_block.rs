//! What `dequantise` must do: find each code, and make a weight of it.

use super::dequantise;
use half::f16;

/// A block with these codes, in the order of the weights.
fn block(scale: f32, minimum: f32, codes: [u8; 32]) -> [u8; 20] {
    let mut block = [0; 20];
    block[..2].copy_from_slice(&f16::from_f32(scale).to_le_bytes());
    block[2..4].copy_from_slice(&f16::from_f32(minimum).to_le_bytes());
    for i in 0..16 {
        block[4 + i] = codes[i] | codes[i + 16] << 4;
    }
    block
}

#[test]
fn equal_codes_are_scaled_and_moved() {
    let got = dequantise(&block(0.5, -3.0, [9; 32]));
    let want = [1.5; 32];
    assert_eq!(got, want, "32 times 0.5 * 9 - 3");
}

#[test]
fn each_code_is_at_its_place() {
    for place in 0..32 {
        let mut codes = [0; 32];
        codes[place] = 1;
        let got = dequantise(&block(1.0, 0.0, codes));
        let got = got.iter().position(|weight| *weight == 1.0);
        let want = Some(place);
        assert_eq!(got, want, "the weight that has the only code 1");
    }
}

#[test]
fn all_codes_are_unsigned() {
    let codes = std::array::from_fn(|i| i as u8 % 16);
    let got = dequantise(&block(0.25, -2.0, codes));
    let want: [f32; 32] = std::array::from_fn(|i| 0.25 * (i % 16) as f32 - 2.0);
    assert_eq!(got, want, "codes 0 to 15, twice");
}
