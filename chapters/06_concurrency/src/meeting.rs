//! A place where threads wait for one another, for a while. The exercises' checks prove with it that work overlaps.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// A meeting of several threads, held once.
///
/// `std::sync::Barrier` waits for ever if somebody does not come. Here everybody gives up after a while, and learns
/// that they did. Threads that run at the same time meet at once; threads that run one after another never do, and
/// only how long the 'no' takes depends on the clock.
///
/// ```
/// use concurrency::Meeting;
///
/// let meeting = Meeting::of(2);
/// let met = std::thread::scope(|scope| {
///     let other = scope.spawn(|| meeting.wait());
///     meeting.wait() && other.join().unwrap()
/// });
/// assert!(met);
/// ```
pub struct Meeting {
    expected: usize,
    naps: u32,
    here: Mutex<Here>,
    changed: Condvar,
}

/// Patience is counted in naps and not in seconds. Each ends with a thread that is started and waited for: a machine too
/// busy to let the others come is too busy for that one, and the nap takes longer.
const NAP: Duration = Duration::from_millis(50);

struct Here {
    arrived: usize,
    given_up: bool,
}

impl Meeting {
    /// A meeting of `expected` threads, which wait about a second for each other.
    pub const fn of(expected: usize) -> Self {
        Self::with_patience(expected, 20)
    }

    /// A meeting of `expected` threads, which wait about 50 ms for each nap that they have the patience for.
    pub const fn with_patience(expected: usize, naps: u32) -> Self {
        let here = Mutex::new(Here {
            arrived: 0,
            given_up: false,
        });
        let changed = Condvar::new();
        Self {
            expected,
            naps,
            here,
            changed,
        }
    }

    /// Comes, and does not wait.
    pub fn arrive(&self) {
        self.lock().arrived += 1;
        self.changed.notify_all();
    }

    /// Comes, and waits for the others: true when all have come, false when somebody's patience was exhausted.
    pub fn wait(&self) -> bool {
        self.arrive();
        for _ in 0..self.naps {
            if self.nap() {
                break;
            }
            if let Ok(newcomer) = thread::Builder::new().spawn(|| ()) {
                _ = newcomer.join();
            }
        }
        let mut here = self.lock();
        if here.arrived < self.expected {
            // The next to come need not wait as long again.
            here.given_up = true;
            self.changed.notify_all();
        }
        !here.given_up
    }

    /// Sleeps for a while, or until all have come or somebody has given up: then it is true.
    fn nap(&self) -> bool {
        // A condition variable gives the lock back while it waits, and wakes up when somebody says that something
        // changed.
        let waiting = |here: &mut Here| here.arrived < self.expected && !here.given_up;
        let (here, nap) = self
            .changed
            .wait_timeout_while(self.lock(), NAP, waiting)
            .unwrap_or_else(PoisonError::into_inner);
        drop(here);
        !nap.timed_out()
    }

    fn lock(&self) -> MutexGuard<'_, Here> {
        // Two plain assignments are all that happens under this lock, so nothing can be half done.
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn threads_at_the_same_time_meet() {
        let meeting = Meeting::of(3);
        thread::scope(|scope| {
            let others = [
                scope.spawn(|| meeting.wait()),
                scope.spawn(|| meeting.wait()),
            ];
            assert!(meeting.wait());
            assert!(others.into_iter().all(|other| other.join().unwrap()));
        });
    }

    #[test]
    fn one_after_another_they_do_not() {
        let meeting = Meeting::with_patience(2, 1);
        assert!(!meeting.wait());
        assert!(!meeting.wait(), "the first has gone");
    }

    #[test]
    fn who_arrives_need_not_wait() {
        let meeting = Meeting::of(3);
        meeting.arrive();
        meeting.arrive();
        assert!(meeting.wait());
    }
}
