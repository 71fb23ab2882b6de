//! The threads that the searches run on.

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use std::process;
use std::sync::{Arc, Mutex, PoisonError};

static POOL: Mutex<Option<(u32, Arc<ThreadPool>)>> = Mutex::new(None);

/// A pool of one thread a core, or as many as `RAYON_NUM_THREADS` says, started at the first call.
///
/// Not rayon's own global pool: `multiprocessing` copies a process without its threads, and a search in the copy would
/// wait for ever for threads that are not there. A process with another number than the pool's gets a new one.
pub fn pool() -> Result<Arc<ThreadPool>, ThreadPoolBuildError> {
    let mut kept = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    match &*kept {
        Some((owner, pool)) if *owner == process::id() => Ok(Arc::clone(pool)),
        _ => start(&mut kept, 0),
    }
}

/// From now on, `threads` of them; 0 for as many as there were at first.
pub fn set_threads(threads: usize) -> Result<(), ThreadPoolBuildError> {
    let mut kept = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    start(&mut kept, threads).map(drop)
}

fn start(
    kept: &mut Option<(u32, Arc<ThreadPool>)>,
    threads: usize,
) -> Result<Arc<ThreadPool>, ThreadPoolBuildError> {
    let pool = Arc::new(ThreadPoolBuilder::new().num_threads(threads).build()?);
    let before = kept.replace((process::id(), Arc::clone(&pool)));
    if let Some((owner, pool)) = before
        && owner != process::id()
    {
        // Its threads are in the other process; ending them from here would wait for them.
        std::mem::forget(pool);
    }
    Ok(pool)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_as_many_as_asked_for() {
        set_threads(3).expect("three threads");
        assert_eq!(pool().expect("a pool").current_num_threads(), 3);
        set_threads(0).expect("the usual threads");
    }
}
