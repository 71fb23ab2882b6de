//! # Batches within a budget
//!
//! Documents differ in length, and memory is spent by the token, not by the document. So a batch takes as many
//! documents as a budget of tokens allows; `fairseq` calls this `max_tokens`. The standard library has nothing
//! of the kind. `TokenBudget` is a cursor over the documents, as in chapter 2, and its method does all the work.
//!
//! Run it. What does a `for` loop want that a method called `next_batch` does not give it?

/// Cuts documents into batches whose tokens stay within a budget.
struct TokenBudget<'d> {
    rest: &'d [Vec<u32>],
    budget: usize,
}

// TODO: Make it an iterator, so that `for`, `map`, `zip` and all the others work with it. The body can stay.
impl<'d> TokenBudget<'d> {
    /// The next documents, as many as the budget allows, but at least one.
    fn next_batch(&mut self) -> Option<&'d [Vec<u32>]> {
        let mut tokens = 0;
        let fits = |document: &&Vec<u32>| {
            tokens += document.len();
            tokens <= self.budget
        };
        let fitting = self.rest.iter().take_while(fits).count();
        let (batch, rest) = self.rest.split_at_checked(fitting.max(1))?;
        self.rest = rest;
        Some(batch)
    }
}

/// How many tokens of padding bring all documents of each batch to the length of its longest.
fn padding(documents: &[Vec<u32>], budget: usize) -> usize {
    let batches = TokenBudget {
        rest: documents,
        budget,
    };
    let mut padding = 0;
    for batch in batches {
        let lengths = || batch.iter().map(Vec::len);
        let longest = lengths().max().unwrap_or(0);
        padding += lengths().map(|length| longest - length).sum::<usize>();
    }
    padding
}

#[path = "../../chapters/05_iterators/checks/token_budget.rs"]
mod checks;
