//! A few threads that work for many jobs.

use crate::panic_message;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

type Job = Box<dyn FnOnce() + Send>;

/// Threads that take jobs from one channel, each as soon as it is free.
///
/// Starting a thread costs tens of microseconds and a stack; here it is paid once a worker and not once a job. Jobs
/// start in the order in which they were given. A job that panics is reported, and its worker goes on.
///
/// ```
/// use concurrency::WorkerPool;
/// use std::sync::mpsc;
///
/// let pool = WorkerPool::new(2);
/// let (sender, receiver) = mpsc::channel();
/// for prompt in ["Guten Tag", "Bonjour", "Ciao"] {
///     let sender = sender.clone();
///     pool.run(move || sender.send(prompt.len()).unwrap());
/// }
/// drop(sender);
/// assert_eq!(receiver.into_iter().sum::<usize>(), 20);
/// assert!(pool.finish().is_empty());
/// ```
pub struct WorkerPool {
    /// `None` once no more jobs are accepted.
    jobs: Option<Sender<Job>>,
    workers: Vec<JoinHandle<Vec<String>>>,
}

impl WorkerPool {
    /// Starts the workers; they wait until there is something to do.
    ///
    /// # Panics
    ///
    /// If `workers` is 0, or if a thread cannot be started.
    pub fn new(workers: usize) -> Self {
        assert!(workers > 0, "a pool without workers never finishes");
        let (jobs, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let start = |_| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || work(&queue))
        };
        Self {
            jobs: Some(jobs),
            workers: (0..workers).map(start).collect(),
        }
    }

    /// Gives the pool a job, and returns at once.
    ///
    /// # Panics
    ///
    /// Never: there are workers as long as there is a pool.
    pub fn run(&self, job: impl FnOnce() + Send + 'static) {
        let jobs = self.jobs.as_ref().expect("open until the pool's end");
        jobs.send(Box::new(job)).expect("the workers are listening");
    }

    /// Waits until all jobs are done; returns the messages of those that panicked.
    pub fn finish(mut self) -> Vec<String> {
        self.end()
    }

    fn end(&mut self) -> Vec<String> {
        // With the last sender gone, the workers' `recv` returns an error when the queue is empty, and they leave.
        drop(self.jobs.take());
        let workers = std::mem::take(&mut self.workers);
        let failures = workers.into_iter().filter_map(|worker| worker.join().ok());
        failures.flatten().collect()
    }
}

impl Drop for WorkerPool {
    /// Waits, as `finish` does: a job may hold what its owner believes to be free after this.
    fn drop(&mut self) {
        self.end();
    }
}

/// One worker's life. Returns the messages of the jobs that panicked.
fn work(queue: &Mutex<Receiver<Job>>) -> Vec<String> {
    let mut failures = Vec::new();
    loop {
        // Two statements: the guard dies at the first one's semicolon. In a `while let` it would live through the
        // job, and the other workers would wait for it.
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return failures };
        // A job is consumed by its call, so nobody can see what a panic left half done inside it.
        if let Err(died) = catch_unwind(AssertUnwindSafe(job)) {
            failures.push(panic_message(died));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Meeting;
    use std::panic::resume_unwind;

    #[test]
    fn does_all_jobs_before_it_ends() {
        let done = Arc::new(Mutex::new(Vec::new()));
        let pool = WorkerPool::new(3);
        for job in 0..100 {
            let done = Arc::clone(&done);
            pool.run(move || done.lock().unwrap().push(job));
        }
        drop(pool);
        let mut done = done.lock().unwrap().clone();
        done.sort_unstable();
        assert_eq!(done, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn its_workers_work_at_the_same_time() {
        let meeting = Arc::new(Meeting::of(3));
        let (sender, receiver) = mpsc::channel();
        let pool = WorkerPool::new(3);
        for _ in 0..3 {
            let (meeting, sender) = (Arc::clone(&meeting), sender.clone());
            pool.run(move || sender.send(meeting.wait()).unwrap());
        }
        drop(sender);
        assert_eq!(receiver.into_iter().collect::<Vec<_>>(), [true; 3]);
        pool.finish();
    }

    #[test]
    fn a_panic_is_reported_and_costs_no_worker() {
        let (sender, receiver) = mpsc::channel();
        let pool = WorkerPool::new(1);
        // As `panic!`, without the message on standard error.
        pool.run(|| resume_unwind(Box::new("no such token")));
        pool.run(move || sender.send("still here").unwrap());
        assert_eq!(receiver.recv(), Ok("still here"));
        assert_eq!(pool.finish(), ["no such token"]);
    }
}
