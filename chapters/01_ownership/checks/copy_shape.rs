//! What `copy_shape` must do: let a shape be passed on and still be there, as a number would be.

use super::{Shape, elements, zeros};
use allocation_counter::measure;

#[test]
fn zeros_has_the_shape_it_was_given() {
    let shape = Shape { rows: 2, cols: 3 };
    let tensor = zeros(shape);
    let got = (tensor.shape, tensor.data.len());
    let want = (Shape { rows: 2, cols: 3 }, 6);
    assert_eq!(got, want, "shape and length of a 2x3 tensor");
}

// This check passes `shape` on twice and writes neither `&` nor `.clone()`. It compiles only if a shape is copied.
#[test]
fn a_shape_can_be_passed_on_twice() {
    let shape = Shape { rows: 4, cols: 5 };
    let got = (elements(shape), zeros(shape).data.len());
    let want = (20, 20);
    assert_eq!(got, want, "elements of 4x5, and length of its tensor");
}

// Copying a shape copies 16 bytes on the stack. The one allocation is the tensor's data.
#[test]
fn a_copied_shape_costs_no_allocation() {
    let got = measure(|| {
        zeros(Shape { rows: 4, cols: 5 });
    })
    .count_total;
    let want = 1;
    assert_eq!(got, want, "allocations while making a tensor of zeros");
}
