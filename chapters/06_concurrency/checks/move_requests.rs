//! What `move_requests` must do: move what was chosen, once, and come to an end while others move the other way.

use super::move_requests;
use concurrency::Meeting;
use std::sync::{Barrier, Mutex};
use std::thread;

/// What is in both queues at the end.
fn contents(a: Mutex<Vec<u32>>, b: Mutex<Vec<u32>>) -> [Vec<u32>; 2] {
    [a.into_inner().unwrap(), b.into_inner().unwrap()]
}

#[test]
fn moves_the_first_requests() {
    let (a, b) = (Mutex::new(vec![1, 2, 3]), Mutex::new(vec![9]));
    move_requests(&a, &b, |waiting| waiting.len() - 1);
    let got = contents(a, b);
    let want = [vec![3], vec![9, 1, 2]];
    assert_eq!(got, want, "queues [1, 2, 3] and [9] after two moved");
}

// A worker that finds its queue unlocked takes the first request to answer it, here in the worst moment.
#[test]
fn no_request_is_answered_twice() {
    let (a, b) = (Mutex::new(vec![1, 2, 3]), Mutex::new(vec![]));
    let mut answered = vec![];
    move_requests(&a, &b, |_| {
        if let Ok(mut waiting) = a.try_lock() {
            answered.push(waiting.remove(0));
        }
        1
    });
    let mut got = [contents(a, b).concat(), answered].concat();
    got.sort_unstable();
    let want = [1, 2, 3];
    assert_eq!(got, want, "requests that wait or were answered");
}

// Both threads are there before either of them begins. Each waits, for a moment, until the other one has its first
// lock, too; whoever takes both in one order everywhere has the other wait outside.
#[test]
fn both_ways_at_the_same_time() {
    let (a, b) = (Mutex::new(vec![1, 2]), Mutex::new(vec![8, 9]));
    let (start, meeting) = (Barrier::new(2), Meeting::with_patience(2, 10));
    let choose = |_: &[u32]| {
        meeting.wait();
        1
    };
    thread::scope(|scope| {
        for (from, to) in [(&a, &b), (&b, &a)] {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                move_requests(from, to, choose);
            });
        }
    });
    let mut got = contents(a, b).concat();
    got.sort_unstable();
    let want = [1, 2, 8, 9];
    assert_eq!(got, want, "requests after a move each way");
}
