//! What `request_queue` must do: answer every prompt once, and hold the lock only to take one.

use super::work;
use concurrency::Meeting;
use std::sync::Mutex;
use std::thread;

/// A queue of prompts.
fn queue(prompts: &[&str]) -> Mutex<Vec<String>> {
    Mutex::new(prompts.iter().map(ToString::to_string).collect())
}

#[test]
fn answers_every_prompt() {
    let queue = queue(&["Bonjour", "Guten Tag", "Ciao"]);
    let answered = Mutex::new(Vec::new());
    work(&queue, |prompt| answered.lock().unwrap().push(prompt.len()));
    let got = answered.into_inner().unwrap();
    let want = [4, 9, 7];
    assert_eq!(got, want, "lengths of the answered prompts");
}

// `try_lock` does not wait: it says whether the lock is free at this moment.
#[test]
fn the_queue_is_free_while_an_answer_is_made() {
    let queue = queue(&["Bonjour", "Guten Tag"]);
    let free = Mutex::new(Vec::new());
    work(&queue, |_| {
        free.lock().unwrap().push(queue.try_lock().is_ok());
    });
    let got = free.into_inner().unwrap();
    let want = [true; 2];
    assert_eq!(got, want, "whether the queue could be locked");
}

// Each answer waits for the other one to begin.
#[test]
fn two_workers_answer_at_the_same_time() {
    let (queue, meeting) = (queue(&["Bonjour", "Guten Tag"]), Meeting::of(2));
    let met = Mutex::new(Vec::new());
    let answer = |_: &str| {
        let came = meeting.wait();
        met.lock().unwrap().push(came);
    };
    thread::scope(|scope| {
        scope.spawn(|| work(&queue, answer));
        scope.spawn(|| work(&queue, answer));
    });
    let got = met.into_inner().unwrap();
    let want = [true; 2];
    assert_eq!(got, want, "answers that met the other");
}
