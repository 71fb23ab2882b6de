//! # The weights stay in the file
//!
//! A weights file is mapped into memory: it looks like a slice of bytes, and the system reads a page when somebody
//! looks at it. `MappedModel` keeps the map and, beside it, the view that it shows. In Python that is a matter of
//! course: `self.map = np.memmap(…)`, `self.weights = self.map.reshape(…)`.
//!
//! Run it. A value moves when it is returned, and again when it is put into a list. What would the view point at
//! then?

use bytemuck::cast_slice;
use memmap2::Mmap;

/// A matrix over somebody else's numbers, row after row.
struct ModelWeights<'a> {
    data: &'a [f32],
    cols: usize,
}

impl<'a> ModelWeights<'a> {
    /// Row `row`, a view of `cols` numbers.
    fn row(&self, row: usize) -> &'a [f32] {
        &self.data[row * self.cols..(row + 1) * self.cols]
    }
}

// TODO: Owner and view cannot live in one struct. Keep the owner, and make the view when somebody asks for it.
/// A model whose weights stay in their file. Owns the map.
struct MappedModel<'a> {
    map: Mmap,
    weights: ModelWeights<'a>,
}

impl<'a> MappedModel<'a> {
    fn new(map: Mmap, cols: usize) -> Self {
        let data = cast_slice(&map);
        let weights = ModelWeights { data, cols };
        Self { map, weights }
    }

    /// A view of the weights.
    fn weights(&self) -> &ModelWeights<'a> {
        &self.weights
    }
}

#[path = "../../chapters/02_lifetimes/checks/mapped_model.rs"]
mod checks;
