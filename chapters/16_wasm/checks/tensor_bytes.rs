//! What `tensor_bytes` must do: say how many bytes a tensor takes, or that no page can hold it.

use super::bytes_of;

#[test]
fn small_tensors_have_their_bytes() {
    for (shape, want) in [
        (&[][..], 4),
        (&[10], 40),
        (&[256, 784], 802_816),
        (&[2, 3, 4, 5], 480),
        (&[7, 0], 0),
    ] {
        let got = bytes_of(shape);
        assert_eq!(got, Some(want), "bytes of {shape:?}");
    }
}

#[test]
fn the_largest_that_fits_is_not_refused() {
    let got = bytes_of(&[32_767, 32_768]);
    let want = Some(4_294_836_224);
    assert_eq!(got, want, "bytes of 32,767 x 32,768");
}

#[test]
fn a_product_of_zero_is_no_small_tensor() {
    let got = bytes_of(&[65_536, 65_536]);
    let want = None;
    assert_eq!(got, want, "bytes of 65,536 x 65,536");
}

#[test]
fn four_bytes_a_number_count_too() {
    let got = bytes_of(&[32_768, 32_768]);
    let want = None;
    assert_eq!(got, want, "bytes of 32,768 x 32,768");
}

#[test]
fn more_than_64_bits_are_refused_too() {
    let got = bytes_of(&[u32::MAX, u32::MAX, u32::MAX]);
    let want = None;
    assert_eq!(got, want, "bytes of three times the largest");
    let got = bytes_of(&[1 << 31, 1 << 31, 4]);
    assert_eq!(got, want, "bytes of a product of 2^64");
}
