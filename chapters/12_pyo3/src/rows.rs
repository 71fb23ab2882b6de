//! A table of embeddings as NumPy laid it out, handed to the kernels tile by tile.

use crate::number::Number;
use numpy::ndarray::{ArrayView2, s};
use std::ops::Range;

/// Bytes in a tile: few enough to stay in a core's own cache, enough to be worth a thread's while.
const TILE: usize = 128 << 10;

/// Rows of one width, in a table that somebody else keeps. They are read where they are, whatever the strides.
#[derive(Clone, Copy)]
pub struct Rows<'a, T>(pub ArrayView2<'a, T>);

impl<'a, T: Number> Rows<'a, T> {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.0.nrows()
    }

    /// How many numbers a row has.
    pub fn width(&self) -> usize {
        self.0.ncols()
    }

    /// How many rows make a tile; at least one.
    pub fn tile_len(&self) -> usize {
        (TILE / (size_of::<T>() * self.width().max(1))).max(1)
    }

    /// The rows in `range`, one after another without a gap.
    ///
    /// Where the table has them so, this is a view of it. Where it has not (a column-major array, every second row), the
    /// tile alone is copied, into `scratch`.
    pub fn tile<'s>(&self, range: Range<usize>, scratch: &'s mut Vec<T>) -> &'s [T]
    where
        'a: 's,
    {
        let tile = self.0.slice_move(s![range, ..]);
        if let Some(numbers) = tile.to_slice() {
            return numbers;
        }
        scratch.clear();
        scratch.extend(tile.iter().copied());
        scratch
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use numpy::ndarray::{Array2, Axis};

    #[test]
    fn only_what_is_not_in_order_is_copied() {
        let table = Array2::from_shape_fn((6, 4), |(row, column)| (row * 4 + column) as f32);
        let mut scratch = Vec::new();
        let rows = Rows(table.view());
        let tile = rows.tile(2..4, &mut scratch);
        assert_eq!(tile.as_ptr(), table.row(2).as_ptr());
        assert!(scratch.is_empty());

        let turned = Rows(table.t());
        assert_eq!(
            turned.tile(1..2, &mut scratch),
            [1.0, 5.0, 9.0, 13.0, 17.0, 21.0]
        );
        let mut backwards = table.view();
        backwards.invert_axis(Axis(0));
        assert_eq!(
            Rows(backwards).tile(0..1, &mut scratch),
            [20.0, 21.0, 22.0, 23.0]
        );
    }
}
