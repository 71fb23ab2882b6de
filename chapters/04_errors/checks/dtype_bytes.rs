//! What `dtype_bytes` must do: know every format's size, and leave no catch-all for the format that comes next.

use super::{Dtype, bytes_each, matrix_bytes};

#[test]
fn knows_the_old_formats() {
    let got = [Dtype::F32, Dtype::F16, Dtype::I8].map(bytes_each);
    let want = [4, 2, 1];
    assert_eq!(got, want, "bytes of an F32, an F16 and an I8");
}

#[test]
fn bfloat16_takes_two_bytes() {
    let got = bytes_each(Dtype::BF16);
    let want = 2;
    assert_eq!(got, want, "bytes of a BF16");
}

// 4,096 x 4,096 x 2, an attention projection of a model with seven billion weights.
#[test]
fn a_matrix_has_the_right_size() {
    let got = matrix_bytes(4_096, 4_096, Dtype::BF16);
    let want = 33_554_432;
    assert_eq!(got, want, "bytes of 4,096 x 4,096 in BF16");
}
