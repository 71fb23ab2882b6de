//! What sharing costs, on one thread and on two at once.
//!
//! ```text
//! cargo bench -p concurrency
//! ```
//!
//! Prints one JSON line for each figure, in nanoseconds: the median of the rounds. A figure of `_two_threads` is the
//! time of one operation as one of the two threads sees it, while the other does the same to the same value. It means
//! something only where two cores are free.

use concurrency::Embeddings;
use std::cell::RefCell;
use std::hint::black_box;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex, RwLock};
use std::thread;
use std::time::Instant;

const ROUNDS: usize = 15;
const CALLS: u32 = 1_000_000;

fn print(name: &str, mut rounds: Vec<f64>) {
    rounds.sort_by(f64::total_cmp);
    let median = rounds[rounds.len() / 2];
    println!(r#"{{"name": "{name}", "ns": {median:.1}}}"#);
}

/// The time of one call, from `calls` of them, so that a clock can see it.
fn time<T>(calls: u32, work: &impl Fn() -> T) -> f64 {
    let start = Instant::now();
    for _ in 0..calls {
        black_box(work());
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
}

/// Measures calls on this thread.
fn alone<T>(name: &str, calls: u32, work: impl Fn() -> T) {
    print(name, (0..ROUNDS).map(|_| time(calls, &work)).collect());
}

/// Measures calls on two threads at once; the slower thread's time counts.
fn two_threads<T>(name: &str, work: impl Fn() -> T + Sync) {
    let round = |_| {
        let start = Barrier::new(2);
        let timed = || {
            start.wait();
            time(CALLS, &work)
        };
        thread::scope(|scope| {
            let other = scope.spawn(timed);
            timed().max(other.join().expect("nothing panics here"))
        })
    };
    print(name, (0..ROUNDS).map(round).collect());
}

fn counting() {
    let rc = Rc::new(vec![0.5_f32; 4]);
    alone("rc_clone_and_drop", CALLS, || Rc::clone(black_box(&rc)));
    let arc = Arc::new(vec![0.5_f32; 4]);
    alone("arc_clone_and_drop", CALLS, || Arc::clone(black_box(&arc)));
    two_threads("arc_clone_and_drop_two_threads", || {
        Arc::clone(black_box(&arc))
    });
}

fn locking() {
    let cell = RefCell::new(0_usize);
    alone("refcell_add", CALLS, || *black_box(&cell).borrow_mut() += 1);
    let mutex = Mutex::new(0_usize);
    let add = || *black_box(&mutex).lock().expect("nothing panics here") += 1;
    alone("mutex_add", CALLS, add);
    two_threads("mutex_add_two_threads", add);
    let lock = RwLock::new(0_usize);
    let read = || *black_box(&lock).read().expect("nothing panics here");
    alone("rwlock_read", CALLS, read);
    two_threads("rwlock_read_two_threads", read);
    let atomic = AtomicUsize::new(0);
    let add = || black_box(&atomic).fetch_add(1, Ordering::Relaxed);
    alone("atomic_add", CALLS, add);
    two_threads("atomic_add_two_threads", add);
    let read = || black_box(&atomic).load(Ordering::Relaxed);
    two_threads("atomic_load_two_threads", read);
}

fn scoring() {
    alone("start_and_join_a_thread", 100, || {
        thread::spawn(|| ()).join()
    });
    let query = vec![0.5; 384];
    // One query against 16 and against 40,000 embeddings of 384 numbers: 25 kB and 61 MB.
    for (size, rows, calls) in [("16_rows", 16, 1_000), ("40000_rows", 40_000, 1)] {
        let embeddings = Embeddings::new(vec![0.25; rows * 384], 384);
        alone(&format!("score_{size}"), calls, || {
            embeddings.scores(black_box(&query))
        });
        alone(&format!("score_{size}_with_rayon"), calls, || {
            embeddings.par_scores(black_box(&query))
        });
    }
}

fn main() {
    counting();
    locking();
    scoring();
}
