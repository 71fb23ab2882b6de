//! Weights that stay in their file. This module owns; what it lends are the views of the others.

use crate::ModelWeights;
use memmap2::{Mmap, MmapMut};
use std::fs::File;
use std::io;
use std::path::Path;

// `f32`s are read as they stand in the file, and the file is little-endian.
#[cfg(target_endian = "big")]
compile_error!("this chapter's files are little-endian, and so must be the machine");

/// Maps a file: its bytes become a slice, and a page of it is read when somebody looks at it.
///
/// # Errors
///
/// If the file cannot be opened or mapped.
///
/// # Safety
///
/// The compiler believes that nobody writes to what is borrowed for reading. It cannot see other programs, so the
/// caller promises for them: **as long as the map lives, nobody changes the file and nobody cuts it off.** A number
/// that changes under a loan is undefined behaviour; a page that is gone ends the program with SIGBUS. A file that is
/// replaced by renaming another over it is safe: the map keeps the old one.
#[allow(
    unsafe_code,
    reason = "mapping is unsafe by nature; the caller gives the promise that it needs"
)]
pub unsafe fn map_file(path: &Path) -> io::Result<Mmap> {
    let file = File::open(path)?;
    // SAFETY: what `Mmap::map` asks for is what our own caller has promised.
    unsafe { Mmap::map(&file) }
}

/// A map with no file behind it, filled with a copy of `bytes`: for bytes that came over the network, or for a test.
///
/// Safe, because nobody else can reach the memory. Like every map it begins at a page, so its bytes may be seen as
/// `f32`.
///
/// # Errors
///
/// If the system has no memory for it.
pub fn map_bytes(bytes: &[u8]) -> io::Result<Mmap> {
    let mut map = MmapMut::map_anon(bytes.len())?;
    map.copy_from_slice(bytes);
    map.make_read_only()
}

/// A matrix of weights in a mapped file. Owns the map; lends a [`ModelWeights`] to whoever asks.
#[derive(Debug)]
pub struct MappedModel {
    map: Mmap,
    shape: (usize, usize),
}

impl MappedModel {
    /// Takes a map over that holds `rows` × `cols` little-endian `f32`, row after row, and nothing else.
    ///
    /// # Panics
    ///
    /// If `cols` is zero or the map is not as long as that. (Chapter 4 returns an error instead.)
    pub fn new(map: Mmap, rows: usize, cols: usize) -> Self {
        let model = Self {
            map,
            shape: (rows, cols),
        };
        model.weights(); // panics now rather than later
        model
    }

    /// A view of the weights. It lives as long as this model is lent.
    pub fn weights(&self) -> ModelWeights<'_> {
        let (rows, cols) = self.shape;
        ModelWeights::new(bytemuck::cast_slice(&self.map), rows, cols)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use allocation_counter::measure;
    use std::{env, fs, process};

    fn six_numbers() -> Vec<u8> {
        (1_u8..=6)
            .flat_map(|n| f32::from(n).to_le_bytes())
            .collect()
    }

    #[test]
    fn shows_what_is_in_the_file() -> io::Result<()> {
        let path = env::temp_dir().join(format!("lifetimes-mapped-{}.bin", process::id()));
        fs::write(&path, six_numbers())?;
        #[allow(
            unsafe_code,
            reason = "this test wrote the file, and nobody else knows its name"
        )]
        // SAFETY: nobody writes to the file while the map lives.
        let map = unsafe { map_file(&path)? };
        let model = MappedModel::new(map, 2, 3);
        assert_eq!(model.weights().row(1), [4.0, 5.0, 6.0]);
        drop(model);
        fs::remove_file(path)
    }

    #[test]
    fn a_view_is_made_without_memory_and_lies_in_the_map() -> io::Result<()> {
        let model = MappedModel::new(map_bytes(&six_numbers())?, 3, 2);
        let used = measure(|| assert_eq!(model.weights().get(2, 1), 6.0));
        assert_eq!(used.count_total, 0);
        assert_eq!(model.weights().row(0).as_ptr().cast(), model.map.as_ptr());
        Ok(())
    }

    #[test]
    fn a_missing_file_is_an_error() {
        #[allow(unsafe_code, reason = "there is no file that could change")]
        // SAFETY: nothing is mapped.
        let map = unsafe { map_file(Path::new("no such file")) };
        assert_eq!(map.unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    #[should_panic(expected = "rows * cols")]
    fn a_map_of_another_size_is_refused() {
        let map = map_bytes(&six_numbers()).expect("memory for 24 bytes");
        MappedModel::new(map, 2, 2);
    }
}
