//! What `repeated_blocks` must do: compare each block with the one before, both of them in the tokens.

use super::{Blocks, repeats};
use allocation_counter::measure;

#[test]
fn counts_repeated_blocks() {
    let got = repeats(&[1, 2, 1, 2, 1, 2, 3, 4], 2);
    let want = 2;
    assert_eq!(got, want, "repeats in 12 12 12 34");
}

#[test]
fn a_text_without_repeats_has_none() {
    let got = (repeats(&[1, 2, 2, 1, 1], 2), repeats(&[], 4));
    let want = (0, 0);
    assert_eq!(got, want, "repeats in 12 21 1, and in nothing");
}

// For each size: the blocks together are the tokens, and each lies where its tokens lie.
#[test]
fn blocks_are_views_of_the_tokens() {
    let tokens = [1, 2, 3, 4, 5, 6, 7];
    for size in 1..=8 {
        let mut blocks = Blocks {
            rest: &tokens,
            size,
        };
        for want in tokens.chunks(size) {
            let block = blocks.next_block().expect("a block for each chunk");
            let got = (block.as_ptr(), block.len());
            let want = (want.as_ptr(), want.len());
            assert_eq!(got, want, "address and length of a block of {size}");
        }
        let got = blocks.next_block();
        assert_eq!(got, None, "block after the last one");
    }
}

#[test]
fn compares_without_copying() {
    let tokens = [7; 100];
    let got = measure(|| {
        repeats(&tokens, 10);
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations while ten blocks are compared");
}
