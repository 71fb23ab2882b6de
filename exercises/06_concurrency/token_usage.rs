//! # Tokens used, counted by all threads
//!
//! Each request runs on a thread of its own and adds its tokens to its tenant's account; the bill is written from it.
//! Somebody took the cache of the exercise before as a model: `&self`, and a `RefCell` inside. The compiler says no.
//!
//! Run it. Which trait is missing, and for which type? Then ask what `RefCell` would have to do for it: it keeps a
//! count of its loans in an ordinary number. What does a `Mutex` do instead when somebody else is writing?

use std::collections::HashMap;
use std::thread;

/// Tokens used, by tenant.
#[derive(Default)]
struct Usage {
    // TODO: A `RefCell` is for one thread. What lends to one thread at a time, and lets the others wait?
    tokens: std::cell::RefCell<HashMap<String, usize>>,
}

impl Usage {
    /// Adds to a tenant's account.
    fn add(&self, tenant: &str, tokens: usize) {
        // TODO: The second line is Python's `accounts[tenant] = accounts.get(tenant, 0) + tokens`. How do you get at
        // the map?
        let mut accounts = self.tokens.borrow_mut();
        *accounts.entry(tenant.to_string()).or_insert(0) += tokens;
    }

    /// What a tenant has used so far.
    fn of(&self, tenant: &str) -> usize {
        // TODO: Reading needs the lock, too.
        let accounts = self.tokens.borrow();
        accounts.get(tenant).copied().unwrap_or(0)
    }
}

/// Serves all requests at once. Each is a tenant and a prompt; each word of a prompt counts as a token.
fn serve(usage: &Usage, requests: &[(&str, &str)]) {
    thread::scope(|scope| {
        for (tenant, prompt) in requests {
            scope.spawn(move || usage.add(tenant, prompt.split_whitespace().count()));
        }
    });
}

#[path = "../../chapters/06_concurrency/checks/token_usage.rs"]
mod checks;
