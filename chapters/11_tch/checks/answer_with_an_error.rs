//! What `answer_with_an_error` must do: score what fits, and hand on LibTorch's own words for what does not.

use super::score;
use tch::{Device, Kind, Tensor};

fn weights() -> Tensor {
    Tensor::from_slice(&[1.0_f32, 0.0, 2.0, 0.5, 0.5, 0.5]).view([2, 3])
}

/// The error's text, or what came in its place.
fn said(images: &Tensor) -> String {
    match score(&weights(), images) {
        Err(error) => error.to_string(),
        Ok(scores) => format!("scores {:?}", scores.size()),
    }
}

#[test]
fn scores_what_fits() {
    let images = Tensor::from_slice(&[1.0_f32, 2.0, 3.0, 0.0, 0.0, 4.0]).view([2, 3]);
    let scores = score(&weights(), &images).expect("these images fit");
    let got: Vec<f32> = Vec::try_from(scores.view([-1])).expect("f32");
    let want = vec![7.0, 3.0, 8.0, 2.0];
    assert_eq!(got, want, "scores of two images");
}

#[test]
fn a_number_too_many_is_an_error() {
    let said = said(&Tensor::ones([5, 4], (Kind::Float, Device::Cpu)));
    let got = said.contains("(5x4 and 3x2)");
    let want = true;
    assert_eq!(got, want, "both shapes are in the error: {said:.100}");
}

#[test]
fn bytes_are_an_error() {
    let said = said(&Tensor::ones([5, 3], (Kind::Uint8, Device::Cpu)));
    let got = said.contains("same dtype");
    let want = true;
    assert_eq!(got, want, "both kinds are in the error: {said:.100}");
}

#[test]
fn a_single_number_is_an_error() {
    let said = said(&Tensor::from(1.0_f32));
    let got = said.contains("Internal torch error");
    let want = true;
    assert_eq!(got, want, "it is LibTorch's: {said:.100}");
}
