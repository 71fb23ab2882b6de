//! What `par_scores` must do: use all threads of the pool, and keep the order whichever row is slow.

use super::score_all;
use concurrency::Meeting;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Two threads, on a machine with any number of cores.
fn two_threads() -> ThreadPool {
    ThreadPoolBuilder::new().num_threads(2).build().unwrap()
}

// In whatever order: who is quicker is luck here, and the next check leaves nothing to it.
#[test]
fn scores_every_row() {
    let rows = [vec![1.0, 2.0], vec![4.0], vec![5.0]];
    let mut got = score_all(&rows, |row| row.iter().sum::<f32>());
    got.sort_by(f32::total_cmp);
    let want = [3.0, 4.0, 5.0];
    assert_eq!(got, want, "sums of three rows, sorted");
}

// The first row is finished when all the others are.
#[test]
fn keeps_the_order_when_the_first_row_is_the_last() {
    let rows: Vec<_> = [0.0, 1.0, 2.0, 3.0].map(|x| vec![x]).into();
    let others = Meeting::of(2);
    let score = |row: &[f32]| {
        match row[0] {
            0.0 => _ = others.wait(),
            3.0 => others.arrive(),
            _ => {}
        }
        row[0]
    };
    let got = two_threads().install(|| score_all(&rows, score));
    let want = [0.0, 1.0, 2.0, 3.0];
    assert_eq!(got, want, "scores when row 0 is finished last");
}

#[test]
fn two_rows_are_scored_at_the_same_time() {
    let meeting = Meeting::of(2);
    let rows = [vec![1.0], vec![2.0]];
    let got = two_threads().install(|| score_all(&rows, |_| meeting.wait()));
    let want = [true; 2];
    assert_eq!(got, want, "rows that met the other");
}
