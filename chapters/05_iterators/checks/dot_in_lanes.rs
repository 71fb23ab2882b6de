//! What `dot_in_lanes` must do: eight sums in the stated order, and not one product left out.

use super::dot;
use allocation_counter::measure;

#[test]
fn multiplies_and_adds() {
    let got = dot(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]);
    let want = 32.0;
    assert_eq!(got, want, "[1.0, 2.0, 3.0] · [4.0, 5.0, 6.0]");
}

// Small whole numbers: every order of additions gives the same sum, but only if all products are in it.
#[test]
fn no_product_is_left_out() {
    for length in 0..=40_u16 {
        let a: Vec<f32> = (0..length).map(f32::from).collect();
        let got = dot(&a, &a);
        let want = (0..length).map(|n| f32::from(n) * f32::from(n)).sum();
        assert_eq!(got, want, "0² + 1² + 2² + …, {length} squares");
    }
}

#[test]
fn needs_no_list() {
    let a = vec![1.0; 1_003];
    let got = measure(|| {
        dot(&a, &a);
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for 1,003 products");
}

// Place 8 belongs to no row. In sum 0 its 1 would be lost beside 2²⁴; after the sums, 2²⁴ - 2²⁴ is 0 and it counts.
#[test]
fn the_rest_comes_last() {
    let mut a = [0.0; 9];
    (a[0], a[1], a[8]) = (16_777_216.0, -16_777_216.0, 1.0);
    let got = dot(&a, &[1.0; 9]);
    let want = 1.0;
    assert_eq!(got, want, "2²⁴ - 2²⁴ in a row of eight, and 1");
}

// 2²⁴ + 1 is no f32: it is rounded back to 2²⁴. In sum 0 the 999 ones after it are lost, as they are in a single
// sum. The 1,000 ones in sum 1 are not.
#[test]
fn adds_in_eight_sums() {
    let (mut a, b) = (vec![0.0; 8_000], vec![1.0; 8_000]);
    for place in 0..1_000 {
        a[8 * place] = 1.0;
        a[8 * place + 1] = 1.0;
    }
    a[0] = 16_777_216.0;
    let got = dot(&a, &b);
    let want = 16_778_216.0;
    assert_eq!(got, want, "2²⁴ and 1,999 ones, in eight sums");
}
