//! A layer reads its input, writes into a buffer that the caller lends, and allocates nothing.

use crate::{Matrix, dot};

/// A linear layer: `output = weights · input + bias`.
#[derive(Clone, Debug)]
pub struct Linear {
    /// One row for each output, one column for each input.
    weights: Matrix,
    bias: Vec<f32>,
}

impl Linear {
    /// Takes weights (`outputs` × `inputs`) and bias (`outputs`) over.
    ///
    /// # Panics
    ///
    /// If there is not one bias for each row of weights.
    pub fn new(weights: Matrix, bias: Vec<f32>) -> Self {
        assert_eq!(weights.rows(), bias.len(), "one bias for each output");
        Self { weights, bias }
    }

    /// Returns the output in a new buffer.
    ///
    /// # Panics
    ///
    /// If `input` does not have one number for each column of the weights.
    pub fn forward(&self, input: &[f32]) -> Vec<f32> {
        let mut output = vec![0.0; self.bias.len()];
        self.forward_into(input, &mut output);
        output
    }

    /// Writes the output into `output`, which the caller may use again for the next token.
    ///
    /// Two loans for reading and one for writing, and the compiler knows that they do not overlap. What `np.matmul(w, x,
    /// out=x)` has to look out for at run time is an error here:
    ///
    /// ```compile_fail,E0502
    /// use ownership::{Linear, Matrix};
    ///
    /// let layer = Linear::new(Matrix::new(vec![2.0], 1), vec![0.0]);
    /// let mut x = vec![1.0];
    /// layer.forward_into(&x, &mut x);
    /// ```
    ///
    /// # Panics
    ///
    /// If `input` or `output` has a length other than the weights'.
    pub fn forward_into(&self, input: &[f32], output: &mut [f32]) {
        assert_eq!(output.len(), self.bias.len(), "room for each output");
        for (index, (out, bias)) in output.iter_mut().zip(&self.bias).enumerate() {
            *out = dot(self.weights.row(index), input) + bias;
        }
    }

    /// Ends the layer and hands weights and bias back.
    pub fn into_parts(self) -> (Matrix, Vec<f32>) {
        (self.weights, self.bias)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use allocation_counter::measure;

    fn layer() -> Linear {
        // [1 2 3; 0 1 0] · x + [10, 20]
        let weights = Matrix::new(vec![1.0, 2.0, 3.0, 0.0, 1.0, 0.0], 3);
        Linear::new(weights, vec![10.0, 20.0])
    }

    #[test]
    fn multiplies_and_adds_the_bias() {
        assert_eq!(layer().forward(&[1.0, 1.0, 1.0]), [16.0, 21.0]);
    }

    #[test]
    fn a_lent_buffer_is_written_without_allocating() {
        let layer = layer();
        let mut output = [0.0; 2];
        let used = measure(|| layer.forward_into(&[1.0, 0.0, -1.0], &mut output));
        assert_eq!(used.count_total, 0);
        assert_eq!(output, [8.0, 20.0]);
    }

    #[test]
    #[should_panic(expected = "dot product of two lengths")]
    fn an_input_of_another_length_is_refused() {
        layer().forward(&[1.0, 1.0]);
    }
}
