//! What `poisoned_cache` must do: go on after a panic, and never hand out one prompt's state for another's.

use super::StateCache;
use std::panic::resume_unwind;
use std::thread;

/// Dies as with `panic!`, without the message on the screen.
fn compute_and_die() -> Vec<f32> {
    resume_unwind(Box::new("out of memory"))
}

/// A cache with one entry, in which a thread died while it stored a second.
fn after_a_panic() -> StateCache {
    let cache = StateCache::default();
    cache.store("Bonjour", || vec![1.0]);
    thread::scope(|scope| {
        let thread = scope.spawn(|| cache.store("Guten Tag", compute_and_die));
        assert!(thread.join().is_err());
    });
    cache
}

#[test]
fn finds_what_was_stored() {
    let cache = StateCache::default();
    cache.store("Bonjour", || vec![1.0]);
    cache.store("Ciao", || vec![2.0]);
    let got = ["Bonjour", "Ciao", "Hi"].map(|prompt| cache.find(prompt));
    let want = [Some(vec![1.0]), Some(vec![2.0]), None];
    assert_eq!(got, want, "states of two stored prompts and one more");
}

#[test]
fn the_next_request_is_answered() {
    let got = after_a_panic().find("Guten Tag");
    let want = None;
    assert_eq!(got, want, "state that was never computed");
}

// The lists are of different lengths after the panic. Whoever goes on with them pairs each prompt with its
// neighbour's state.
#[test]
fn a_prompt_gets_its_own_state() {
    let cache = after_a_panic();
    cache.store("Ciao", || vec![3.0]);
    let got = ["Guten Tag", "Ciao"].map(|prompt| cache.find(prompt));
    let want = [None, Some(vec![3.0])];
    assert_eq!(got, want, "states of the lost prompt and the next one");
}

#[test]
fn what_is_stored_later_stays() {
    let cache = after_a_panic();
    cache.store("Ciao", || vec![3.0]);
    cache.store("Hola", || vec![4.0]);
    let got = ["Ciao", "Hola"].map(|prompt| cache.find(prompt));
    let want = [Some(vec![3.0]), Some(vec![4.0])];
    assert_eq!(got, want, "states of two prompts after the panic");
}
