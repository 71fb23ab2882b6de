//! What `bias_row` must do: return the row that lies in the caller's buffer, though the view is gone.

use super::{ModelWeights, bias};

#[test]
fn the_bias_is_the_last_row() {
    let buffer = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let got = bias(&buffer, 3, 2).to_vec();
    let want = [5.0, 6.0];
    assert_eq!(got, want, "the last of three rows");
}

#[test]
fn each_row_is_where_it_was() {
    let buffer = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    for (row, want) in [(0, &raw const buffer[0]), (1, &raw const buffer[3])] {
        let got = ModelWeights::new(&buffer, 2, 3).row(row).as_ptr();
        assert_eq!(got, want, "address of row {row}");
    }
}
