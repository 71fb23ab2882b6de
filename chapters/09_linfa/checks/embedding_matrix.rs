//! What `embedding_matrix` must do: one row a text, in order, and no row of another width.

use super::to_matrix;
use linfa_chapter::listed;

#[test]
fn each_text_has_its_row() {
    let embeddings = [vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 6.0]];
    let got = listed(&to_matrix(&embeddings).unwrap());
    let want = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
    assert_eq!(got, want, "the matrix of two texts of width 3");
}

// As many numbers as three rows of two, and no such rows.
#[test]
fn rows_of_other_widths_are_an_error() {
    let embeddings = [vec![1.0, 2.0], vec![3.0], vec![4.0, 5.0, 6.0]];
    let got = to_matrix(&embeddings).ok().map(|rows| listed(&rows));
    let want = None;
    assert_eq!(got, want, "rows of 2, 1 and 3 numbers");
}

#[test]
fn no_texts_are_no_rows() {
    let got = to_matrix(&[]).unwrap().dim();
    let want = (0, 0);
    assert_eq!(got, want, "the shape for no texts");
}
