//! Operators for a vector of our own. Each `impl` says what the two sides are and who keeps the buffer.

use std::ops::{Add, Index, IndexMut, Mul};

/// Numbers with `+`, `*` and `[]`: weights, a gradient, a velocity.
///
/// The left side of `+` and `*` is taken, and its buffer used for the result; the right side of `+` is lent. So a whole
/// formula may run in one buffer, where numpy makes a new array for each operator.
///
/// ```
/// use traits::Vector;
///
/// let velocity = Vector::from(vec![1.0, 2.0]);
/// let gradient = Vector::from(vec![0.5, -0.5]);
/// let velocity = velocity * 0.5 + &gradient;
/// assert_eq!(velocity, Vector::from(vec![1.0, 0.5]));
/// assert_eq!(gradient[0], 0.5); // still ours
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vector {
    data: Vec<f32>,
}

impl Vector {
    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.data.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// All of them, to read.
    pub fn as_slice(&self) -> &[f32] {
        &self.data
    }
}

/// Takes the buffer over; nothing is copied.
impl From<Vec<f32>> for Vector {
    fn from(data: Vec<f32>) -> Self {
        Self { data }
    }
}

impl Add<&Vector> for Vector {
    type Output = Vector;

    /// # Panics
    ///
    /// If the lengths differ: a silent `zip` to the shorter one would hide a wrong shape.
    fn add(mut self, other: &Vector) -> Vector {
        assert_eq!(self.len(), other.len(), "sum of two lengths");
        for (a, b) in self.data.iter_mut().zip(&other.data) {
            *a += b;
        }
        self
    }
}

impl Mul<f32> for Vector {
    type Output = Vector;

    fn mul(mut self, by: f32) -> Vector {
        for a in &mut self.data {
            *a *= by;
        }
        self
    }
}

/// `0.5 * vector`: another trait, since the sides are other types.
impl Mul<Vector> for f32 {
    type Output = Vector;

    fn mul(self, vector: Vector) -> Vector {
        vector * self
    }
}

impl Index<usize> for Vector {
    type Output = f32;

    fn index(&self, place: usize) -> &f32 {
        &self.data[place]
    }
}

impl IndexMut<usize> for Vector {
    fn index_mut(&mut self, place: usize) -> &mut f32 {
        &mut self.data[place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use allocation_counter::measure;
    use proptest::prelude::*;

    #[test]
    fn a_formula_runs_in_the_buffer_of_its_left_side() {
        let velocity = Vector::from(vec![1.0; 1_000]);
        let gradient = Vector::from(vec![0.5; 1_000]);
        let address = velocity.as_slice().as_ptr();
        let mut updated = Vector::default();
        let used = measure(|| updated = velocity * 0.5 + &gradient);
        assert_eq!(used.count_total, 0);
        assert_eq!(updated.as_slice().as_ptr(), address);
        assert_eq!(updated[999], 1.0);
    }

    #[test]
    fn an_index_reads_and_writes_in_place() {
        let mut vector = Vector::from(vec![1.0, 2.0]);
        vector[1] += 0.5;
        assert_eq!(vector[1], 2.5);
        let address = vector.as_slice()[1..].as_ptr();
        assert_eq!(std::ptr::from_ref(&vector[1]), address);
    }

    #[test]
    #[should_panic(expected = "sum of two lengths")]
    fn a_wrong_length_is_not_hidden() {
        let _ = Vector::from(vec![1.0, 2.0]) + &Vector::from(vec![1.0]);
    }

    proptest! {
        #[test]
        fn the_operators_are_those_of_each_number(data in prop::collection::vec(-1e3_f32..1e3, 0..50), by in -9.0_f32..9.0) {
            let vector = Vector::from(data.clone());
            let scaled = by * vector.clone();
            prop_assert_eq!(&scaled, &(vector.clone() * by));
            let sum = scaled + &vector;
            prop_assert_eq!(sum.len(), data.len());
            for (place, x) in data.iter().enumerate() {
                prop_assert_eq!(sum[place], x * by + x);
            }
        }
    }
}
