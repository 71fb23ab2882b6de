//! What `stream_scores` must do: report each score when it is there, wait for the slow ones, and end with the last.

use super::stream_scores;
use concurrency::Meeting;
use std::panic::resume_unwind;

// Row 0 is computed until row 1 has been reported, and then for a while longer: until `stream_scores` is over, if it
// does not wait. A loop that ends when nothing happens to be there misses it.
static REPORTED: Meeting = Meeting::of(2);
static OVER: Meeting = Meeting::with_patience(2, 2);

#[test]
fn reports_scores_as_they_come_and_ends() {
    let score = |row: &[f32]| {
        if row[0] == 0.0 {
            let met = REPORTED.wait();
            OVER.wait();
            return f32::from(met);
        }
        row.iter().sum()
    };
    let mut got = Vec::new();
    let rows = vec![vec![0.0], vec![3.0, 4.0]];
    stream_scores(rows, score, |place, score| {
        got.push((place, score));
        REPORTED.arrive();
    });
    OVER.arrive();
    let want = [(1, 7.0), (0, 1.0)];
    assert_eq!(got, want, "row 1, then row 0, which waited for it");
}

// Its thread dies, as with `panic!` but without a message on the screen, and its sender dies with it.
#[test]
fn ends_although_a_row_is_missing() {
    let score = |row: &[f32]| match row[0] {
        0.0 => resume_unwind(Box::new("an empty row")),
        other => other,
    };
    let mut got = Vec::new();
    let rows = vec![vec![2.0], vec![0.0], vec![3.0]];
    stream_scores(rows, score, |place, score| got.push((place, score)));
    got.sort_by_key(|(place, _)| *place);
    let want = [(0, 2.0), (2, 3.0)];
    assert_eq!(got, want, "reports of three rows, one of them broken");
}
