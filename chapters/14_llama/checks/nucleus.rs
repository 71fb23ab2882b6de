//! What `nucleus` must keep: the likeliest tokens that together reach `top_p`, and never nothing.

use super::nucleus;

/// The tokens kept, given their probabilities at temperature 1. The scores are large, and `exp` of twice as much would be infinite.
fn kept(probabilities: &[f32], temperature: f32, top_p: f32) -> Vec<usize> {
    let scores: Vec<f32> = probabilities.iter().map(|p| p.ln() + 50.0).collect();
    nucleus(&scores, temperature, top_p)
        .iter()
        .map(|(token, _)| *token)
        .collect()
}

#[test]
fn the_likeliest_come_first() {
    let got = kept(&[0.1, 0.2, 0.4, 0.3], 1.0, 0.65);
    let want = [2, 3];
    assert_eq!(got, want, "of 0.1, 0.2, 0.4, 0.3 with top-p 0.65");
}

#[test]
fn the_one_that_reaches_it_stays() {
    let got = kept(&[0.4, 0.3, 0.2, 0.1], 1.0, 0.8);
    let want = [0, 1, 2];
    assert_eq!(got, want, "of 0.4, 0.3, 0.2, 0.1 with top-p 0.8");
}

#[test]
fn a_sure_model_has_one_token() {
    let got = kept(&[0.005, 0.99, 0.005], 1.0, 0.5);
    let want = [1];
    assert_eq!(got, want, "of 0.005, 0.99, 0.005 with top-p 0.5");
    let got = kept(&[0.3, 0.7], 1.0, 0.000_1);
    assert_eq!(got, want, "of 0.3, 0.7 with top-p 0.0001");
}

#[test]
fn the_temperature_comes_first() {
    // Squares of 0.4, 0.3, 0.2, 0.1 are 16, 9, 4 and 1 of 30; roots are nearer to each other.
    let got = (
        kept(&[0.4, 0.3, 0.2, 0.1], 0.5, 0.8),
        kept(&[0.4, 0.3, 0.2, 0.1], 2.0, 0.8),
    );
    let want = (vec![0, 1], vec![0, 1, 2]);
    assert_eq!(got, want, "tokens at temperature 0.5, and at 2");
}

#[test]
fn without_a_limit_all_stay() {
    let scores: Vec<f32> = (0..1_000)
        .map(|token| (token * 7_919 % 1_000) as f32 / 100.0)
        .collect();
    let got = nucleus(&scores, 1.0, 1.1);
    assert_eq!(got.len(), 1_000, "tokens with a top-p that is not reached");
    let falling = got.windows(2).all(|pair| pair[0].1 >= pair[1].1);
    assert!(falling, "the likeliest first, to the last of 1,000");
    let total: f32 = got.iter().map(|(_, p)| p).sum();
    assert!((total - 1.0).abs() < 1e-4, "their probabilities: {total}");
}
