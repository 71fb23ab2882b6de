//! What `leave_the_teacher` must do: measure the distance, and have gradients for the student alone.

use super::distance;
use burn::module::Param;
use burn::nn::Linear;
use burn::optim::GradientsParams;
use burn::prelude::*;

/// A layer from two inputs to one output.
fn layer(weight: [[f32; 1]; 2], device: &Device) -> Linear {
    Linear {
        weight: Param::from_data(weight, device),
        bias: None,
    }
}

/// Student, teacher and the distance between them for the row [1, 2], where their scores are 3 and 7.
fn pair() -> (Linear, Linear, Tensor<1>) {
    let device = Device::flex().autodiff();
    let (student, teacher) = (
        layer([[1.0], [1.0]], &device),
        layer([[1.0], [3.0]], &device),
    );
    let x = Tensor::from_floats([[1.0, 2.0]], &device);
    let loss = distance(&student, &teacher, x);
    (student, teacher, loss)
}

#[test]
fn measures_the_distance() {
    let got: f32 = pair().2.into_scalar();
    let want = 16.0;
    assert_eq!(got, want, "mean of (3 - 7)²");
}

#[test]
fn the_student_has_gradients() {
    let (student, _, loss) = pair();
    let gradients = GradientsParams::from_grads(loss.backward(), &student);
    let gradient = gradients.get::<2>(student.weight.id);
    let got = gradient.map(|gradient| gradient.try_into_vec_as::<f32>().unwrap());
    let want = Some(vec![-8.0, -16.0]);
    assert_eq!(got, want, "the student's gradient for [1, 2]");
}

#[test]
fn the_teacher_has_none() {
    let (_, teacher, loss) = pair();
    let got = GradientsParams::from_grads(loss.backward(), &teacher).len();
    let want = 0;
    assert_eq!(got, want, "the teacher's parameters with a gradient");
}
