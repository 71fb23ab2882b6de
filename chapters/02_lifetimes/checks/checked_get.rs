//! What `checked_get` must do: answer with the number that is there, and with `None` where none is.

use super::ModelWeights;

/// Two layers of 2 × 3 in one buffer: the numbers count from 0.
const BUFFER: [f32; 12] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0];

#[test]
fn finds_every_number_of_the_matrix() {
    let first = ModelWeights {
        data: &BUFFER,
        shape: (2, 3),
    };
    for row in 0..2 {
        for col in 0..3 {
            let got = first.try_get(row, col);
            let want = Some((row * 3 + col) as f32);
            assert_eq!(got, want, "number at ({row}, {col})");
        }
    }
}

#[test]
fn past_the_end_of_the_buffer_is_nothing() {
    let second = ModelWeights {
        data: &BUFFER[6..],
        shape: (2, 3),
    };
    let got = second.try_get(2, 0);
    let want = None;
    assert_eq!(got, want, "number at (2, 0) of the last layer");
}

// In the buffer, the place of (0, 3) is that of (1, 0).
#[test]
fn past_the_end_of_a_row_is_nothing() {
    let first = ModelWeights {
        data: &BUFFER,
        shape: (2, 3),
    };
    let got = first.try_get(0, 3);
    let want = None;
    assert_eq!(got, want, "number at (0, 3) of 2 × 3");
}

// The buffer goes on behind the first layer, with the second.
#[test]
fn the_next_layer_is_not_a_row() {
    let first = ModelWeights {
        data: &BUFFER,
        shape: (2, 3),
    };
    let got = first.try_get(2, 0);
    let want = None;
    assert_eq!(got, want, "number at (2, 0) of 2 × 3");
}

// An index from a request may be anything. Multiplied by 3, this one does not fit a usize.
#[test]
fn the_largest_index_is_nothing() {
    let first = ModelWeights {
        data: &BUFFER,
        shape: (2, 3),
    };
    let got = first.try_get(usize::MAX, 0);
    let want = None;
    assert_eq!(got, want, "number at the largest row there could be");
}
