//! The same work written as an iterator chain, as an indexed loop and as C would write it, to be timed and
//! looked at.
//!
//! `benches/iterators.rs` times these functions, and `tests/machine_code.rs` compiles this file alone and
//! compares what becomes of them. `#[inline(never)]` keeps each in one piece, so that there is something to
//! compare. Within a group all functions return the same bits, except where it says otherwise.

// The indexed loops are here to be compared; elsewhere clippy is right about them.
#![allow(clippy::needless_range_loop)]

/// How many of `tokens` are not `pad`.
#[inline(never)]
pub fn count_chain(tokens: &[u32], pad: u32) -> usize {
    tokens.iter().filter(|token| **token != pad).count()
}

/// As [`count_chain`].
#[inline(never)]
pub fn count_indexed(tokens: &[u32], pad: u32) -> usize {
    let mut count = 0;
    for i in 0..tokens.len() {
        if tokens[i] != pad {
            count += 1;
        }
    }
    count
}

/// As [`count_chain`].
#[inline(never)]
pub fn count_c_style(tokens: &[u32], pad: u32) -> usize {
    let mut count = 0;
    let mut i = 0;
    while i < tokens.len() {
        if tokens[i] != pad {
            count += 1;
        }
        i += 1;
    }
    count
}

/// As [`count_chain`], through a box: the compiler does not know what it iterates over.
#[inline(never)]
pub fn count_boxed(tokens: Box<dyn Iterator<Item = u32> + '_>, pad: u32) -> usize {
    tokens.filter(|token| *token != pad).count()
}

/// The dot product of two vectors of the same length, added from the first product to the last.
#[inline(never)]
pub fn dot_chain(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// As [`dot_chain`].
///
/// # Panics
///
/// If `b` is shorter than `a`.
#[inline(never)]
pub fn dot_indexed(a: &[f32], b: &[f32]) -> f32 {
    let mut total = 0.0;
    for i in 0..a.len() {
        total += a[i] * b[i];
    }
    total
}

/// As [`dot_chain`].
///
/// # Panics
///
/// If `b` is shorter than `a`.
#[inline(never)]
pub fn dot_c_style(a: &[f32], b: &[f32]) -> f32 {
    let mut total = 0.0;
    let mut i = 0;
    while i < a.len() {
        total += a[i] * b[i];
        i += 1;
    }
    total
}

/// The dot product in eight running sums: another order of additions, and so another rounding than
/// [`dot_chain`].
///
/// Sum `j` takes the products at `j`, `j + 8`, `j + 16`, …; then come the products that do not fill a row of
/// eight.
#[inline(never)]
pub fn dot_lanes(a: &[f32], b: &[f32]) -> f32 {
    let (a, a_rest) = a.as_chunks::<8>();
    let (b, b_rest) = b.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for ((sum, x), y) in sums.iter_mut().zip(a).zip(b) {
            *sum += x * y;
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(x, y)| x * y).sum();
    sums.iter().sum::<f32>() + rest
}

/// Adds `bias` to each row of `outputs`, which is as wide as `bias` is long.
#[inline(never)]
pub fn add_bias_chain(outputs: &mut [f32], bias: &[f32]) {
    for row in outputs.chunks_exact_mut(bias.len()) {
        for (output, b) in row.iter_mut().zip(bias) {
            *output += b;
        }
    }
}

/// As [`add_bias_chain`].
#[inline(never)]
pub fn add_bias_indexed(outputs: &mut [f32], bias: &[f32]) {
    let columns = bias.len();
    for row in 0..outputs.len() / columns {
        for column in 0..columns {
            outputs[row * columns + column] += bias[column];
        }
    }
}

/// As [`add_bias_chain`].
#[inline(never)]
pub fn add_bias_c_style(outputs: &mut [f32], bias: &[f32]) {
    let columns = bias.len();
    let rows = outputs.len() / columns;
    let mut row = 0;
    while row < rows {
        let mut column = 0;
        while column < columns {
            outputs[row * columns + column] += bias[column];
            column += 1;
        }
        row += 1;
    }
}

/// The sum of all token counts in two lists, with `sum` on a chain of the two.
#[inline(never)]
pub fn two_parts_sum(first: &[u32], second: &[u32]) -> u32 {
    first.iter().chain(second).sum()
}

/// As [`two_parts_sum`], with a `for` loop over the same chain: at each step it asks which of the two lists it
/// is in.
#[inline(never)]
pub fn two_parts_for(first: &[u32], second: &[u32]) -> u32 {
    let mut total = 0;
    for tokens in first.iter().chain(second) {
        total += tokens;
    }
    total
}

/// As [`two_parts_sum`], with a loop for each list.
#[inline(never)]
pub fn two_parts_c_style(first: &[u32], second: &[u32]) -> u32 {
    let mut total = 0;
    let mut i = 0;
    while i < first.len() {
        total += first[i];
        i += 1;
    }
    i = 0;
    while i < second.len() {
        total += second[i];
        i += 1;
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn all_counts_agree(tokens in prop::collection::vec(0_u32..4, 0..200)) {
            let want = tokens.iter().map(|&token| usize::from(token != 0)).sum::<usize>();
            prop_assert_eq!(count_chain(&tokens, 0), want);
            prop_assert_eq!(count_indexed(&tokens, 0), want);
            prop_assert_eq!(count_c_style(&tokens, 0), want);
            prop_assert_eq!(count_boxed(Box::new(tokens.iter().copied()), 0), want);
        }

        #[test]
        fn dot_products_agree(pairs in prop::collection::vec((-9.0_f32..9.0, -9.0_f32..9.0), 0..200)) {
            let (a, b): (Vec<f32>, Vec<f32>) = pairs.into_iter().unzip();
            prop_assert_eq!(dot_indexed(&a, &b), dot_chain(&a, &b));
            prop_assert_eq!(dot_c_style(&a, &b), dot_chain(&a, &b));
            // One rounding for each addition and product, of the sum of magnitudes at most.
            let products = a.iter().zip(&b).map(|(&x, &y)| f64::from(x) * f64::from(y));
            let exact: f64 = products.clone().sum();
            let magnitude: f64 = products.map(f64::abs).sum();
            let allowed = (a.len() + 1) as f64 * f64::from(f32::EPSILON) * magnitude;
            prop_assert!((f64::from(dot_lanes(&a, &b)) - exact).abs() <= allowed);
        }

        #[test]
        fn biases_agree(rows in 0_usize..9, bias in prop::collection::vec(-9.0_f32..9.0, 1..9)) {
            let outputs: Vec<f32> = (0..rows * bias.len()).map(|n| n as f32).collect();
            let run = |add: fn(&mut [f32], &[f32])| {
                let mut outputs = outputs.clone();
                add(&mut outputs, &bias);
                outputs
            };
            let want: Vec<f32> = outputs.iter().zip(bias.iter().cycle()).map(|(x, b)| x + b).collect();
            prop_assert_eq!(run(add_bias_chain), want.clone());
            prop_assert_eq!(run(add_bias_indexed), want.clone());
            prop_assert_eq!(run(add_bias_c_style), want);
        }

        #[test]
        fn parts_agree(tokens in prop::collection::vec(0_u32..1_000, 0..200), cut in 0_usize..200) {
            let (first, second) = tokens.split_at(cut.min(tokens.len()));
            let want: u32 = tokens.iter().sum();
            prop_assert_eq!(two_parts_sum(first, second), want);
            prop_assert_eq!(two_parts_for(first, second), want);
            prop_assert_eq!(two_parts_c_style(first, second), want);
        }
    }
}
