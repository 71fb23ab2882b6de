//! What `weights_viewer` must do: show names, shapes and rows of a mapped file, and copy nothing of it.

use super::{Reader, find, list};
use allocation_counter::measure;
use lifetimes::{map_bytes, pack};
use memmap2::Mmap;

/// Where the numbers of `embed` begin: after three u32, and a name of 5 letters that takes 8 bytes.
const EMBED: usize = 20;
/// Where the name of `head` begins: after the six numbers of `embed`, and three u32.
const HEAD: usize = EMBED + 24 + 12;

/// A file of two tensors, `embed` of 2 × 3 and `head` of 1 × 2.
fn file() -> Mmap {
    let embed: &[f32] = &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let bytes = pack(&[("embed", 3, embed), ("head", 2, &[0.5, -0.5])]);
    map_bytes(&bytes).expect("memory for a small file")
}

#[test]
fn lists_names_and_shapes() {
    let got = list(&file());
    let want = ["embed 2x3", "head 1x2"];
    assert_eq!(got, want, "what is in the file");
}

#[test]
fn finds_a_tensor_and_its_rows() {
    let file = file();
    let embed = find(&file, "embed").expect("it is in the file");
    let row = embed.row(1).expect("embed has two rows");
    let got = (embed.shape, row.to_vec());
    let want = ((2, 3), vec![4.0, 5.0, 6.0]);
    assert_eq!(got, want, "shape and row 1 of embed");
    let got = (embed.row(2).is_none(), find(&file, "bias").is_none());
    let want = (true, true);
    assert_eq!(got, want, "whether row 2 and a tensor bias are None");
}

// A download that broke off: whatever is whole is shown, and nothing panics.
#[test]
fn a_file_that_is_cut_off_ends_early() {
    let file = file();
    for end in 0..file.len() {
        let got = list(&file[..end]).len();
        let want = usize::from(end >= EMBED + 24);
        assert_eq!(got, want, "tensors in the first {end} bytes");
    }
}

#[test]
fn a_name_is_a_view() {
    let file = file();
    let head = find(&file, "head").expect("it is in the file");
    let got = head.name.as_ptr();
    let want = &raw const file[HEAD];
    assert_eq!(got, want, "address of the name head");
}

#[test]
fn a_row_is_a_view() {
    let file = file();
    let embed = find(&file, "embed").expect("it is in the file");
    let row = embed.row(1).expect("embed has two rows");
    let got = row.as_ptr().cast();
    let want = &raw const file[EMBED + 12];
    assert_eq!(got, want, "address of row 1 of embed");
}

// Compiles only if a row is a loan from the file: its tensor, its reader and the question are gone when it is used.
#[test]
fn a_row_outlives_all_but_the_file() {
    let file = file();
    let row = {
        let question = String::from("head");
        let head = find(&file, &question).expect("it is in the file");
        head.row(0)
    };
    let got = row.map(|row| row[1]);
    let want = Some(-0.5);
    assert_eq!(got, want, "last number of row 0 of head");
}

// Compiles only if a tensor is no loan from the reader.
#[test]
fn two_tensors_can_be_there_at_once() {
    let file = file();
    let mut reader = Reader::new(&file);
    let (first, second) = (reader.next_tensor(), reader.next_tensor());
    let got = (first.map(|it| it.shape), second.map(|it| it.shape));
    let want = (Some((2, 3)), Some((1, 2)));
    assert_eq!(got, want, "shapes of the first two tensors");
}

#[test]
fn looking_copies_nothing() {
    let file = file();
    let got = measure(|| {
        let head = find(&file, "head").expect("it is in the file");
        head.row(0);
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for a look at one row");
}
