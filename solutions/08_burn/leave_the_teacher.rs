//! # The teacher must not learn
//!
//! Distillation: a small model, the student, is trained towards the scores of a large one, the teacher. The teacher is
//! only asked. In PyTorch its call stands in `torch.no_grad()`; without it, both are pulled towards each other.
//!
//! Run it. For how many of the teacher's parameters is there a gradient?

use burn::nn::Linear;
use burn::prelude::*;

/// The mean squared distance between the two models' scores for `x`, `[batch, features]`.
fn distance(student: &Linear, teacher: &Linear, x: Tensor<2>) -> Tensor<1> {
    // TODO: Let the gradient end where the teacher's answer begins.
    // [starter]
    // let wanted = teacher.forward(x.clone());
    // let apart = student.forward(x) - wanted;
    // [solution]
    let wanted = teacher.forward(x.clone()).detach();
    let apart = student.forward(x) - wanted;
    // [end]
    apart.square().mean()
}

#[path = "../../chapters/08_burn/checks/leave_the_teacher.rs"]
mod checks;
