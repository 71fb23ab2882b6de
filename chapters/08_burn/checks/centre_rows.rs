//! What `centre_rows` must do: subtract each row's own mean, by tensor operations that gradients can follow.

use super::centre_rows;
use burn::prelude::*;

#[test]
fn each_row_has_the_mean_0() {
    let rows = Tensor::from_floats([[1.0, 2.0, 6.0], [4.0, 4.0, 10.0]], &Device::flex());
    let got = centre_rows(rows).try_into_vec_as::<f32>().unwrap();
    let want = [-2.0, -1.0, 3.0, -2.0, -2.0, 4.0];
    assert_eq!(got, want, "[1, 2, 6] and [4, 4, 10] minus their means");
}

// Where the first number goes up by 1, the mean goes up by 1/3: the gradient of the first centred number is 2/3, -1/3,
// -1/3. Numbers that leave the tensor and come back as another one have lost that.
#[test]
fn the_gradient_goes_through_the_mean() {
    let device = Device::flex().autodiff();
    let rows = Tensor::<2>::from_floats([[1.0, 2.0, 6.0]], &device).require_grad();
    let first = centre_rows(rows.clone()).slice([0..1, 0..1]).sum();
    let gradient = rows.grad(&first.backward()).unwrap();
    let got: Vec<f32> = gradient.mul_scalar(3.0).try_into_vec_as().unwrap();
    let got: Vec<f32> = got.iter().map(|x| x.round()).collect();
    let want = [2.0, -1.0, -1.0];
    assert_eq!(got, want, "3 times the gradient of the first number");
}
