//! What `embedding_index` must do: find the same answers as before, and copy an embedding only when it is added.

use super::Index;
use allocation_counter::measure;

/// Three embeddings of width 2.
fn index() -> Index {
    let mut index = Index {
        width: 2,
        rows: Vec::new(),
    };
    index.add(&[1.0, 0.0]);
    index.add(&[0.6, 0.8]);
    index.add(&[0.0, 1.0]);
    index
}

#[test]
fn finds_the_nearest_embedding() {
    let index = index();
    for (query, want) in [
        (vec![0.9, 0.1], 0),
        (vec![0.5, 0.5], 1),
        (vec![-0.5, 0.9], 2),
    ] {
        let got = index.nearest(&query);
        assert_eq!(got, want, "place of the embedding nearest to {query:?}");
    }
}

#[test]
fn shows_an_embedding() {
    let index = index();
    let got = index.row(1).to_vec();
    let want = [0.6, 0.8];
    assert_eq!(got, want, "the embedding at place 1");
}

// The row is shown where it lies, so its address is inside the index.
#[test]
fn a_row_is_a_view() {
    let index = index();
    let row = index.row(1);
    let got = row.as_ptr();
    let want = index.rows[2..].as_ptr();
    assert_eq!(got, want, "address of the embedding at place 1");
}

#[test]
fn a_search_copies_nothing() {
    let (index, query) = (index(), vec![0.5, 0.5]);
    let got = measure(|| {
        index.nearest(&query);
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations in one search of three embeddings");
}

#[test]
fn hands_its_own_buffer_over() {
    let index = index();
    let want = index.rows.as_ptr();
    let rows = index.into_rows();
    let got = rows.as_ptr();
    assert_eq!(got, want, "address of the buffer that was handed over");
}
