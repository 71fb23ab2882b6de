//! # What not to rewrite
//!
//! A service answers in 200 ms and should answer in 100. A profile says where the time goes. 'The largest stages first,
//! in Rust they are twenty times as fast', says the plan. But one of them waits for a database, and one is a matrix product
//! in NumPy, which is compiled already. And one is called 50,000 times a request, and each crossing of the border between
//! Python and Rust costs.
//!
//! Run it. What does a stage take after it was moved, and which stages get faster at all?

/// Where a stage spends its time.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Spent {
    /// In Python's own loops.
    Python,
    /// In compiled code that Python calls: NumPy, PyTorch, a regular expression.
    Compiled,
    /// Waiting for a disk, a network, another service.
    Waiting,
}

/// One stage of a request, as a profile shows it.
#[derive(Clone, Debug)]
struct Stage {
    name: &'static str,
    /// Milliseconds a request.
    ms: f64,
    spent: Spent,
    /// How often it is called for a request: so often would the border be crossed.
    calls: u32,
}

/// Python's loops become so many times as fast.
const FACTOR: f64 = 20.0;
/// What a call from Python to Rust and back costs, in milliseconds.
const BORDER_MS: f64 = 0.001;

/// The fewest stages to move so that a request takes at most `target` milliseconds: those that gain most, first. `None` if
/// all of them together would not be enough.
fn plan(stages: &[Stage], target: f64) -> Option<Vec<&'static str>> {
    let mut total: f64 = stages.iter().map(|stage| stage.ms).sum();
    let mut moved = Vec::new();
    // TODO: Sort by what a move would gain, which may be less than nothing, and stop when it is enough.
    // [starter]
    // let mut largest: Vec<&Stage> = stages.iter().collect();
    // largest.sort_by(|a, b| b.ms.total_cmp(&a.ms));
    // for stage in largest {
    //     if total > target {
    //         total -= stage.ms - stage.ms / FACTOR;
    //         moved.push(stage.name);
    //     }
    // }
    // [solution]
    let mut gains: Vec<(f64, &Stage)> = stages
        .iter()
        .filter(|stage| stage.spent == Spent::Python)
        .map(|stage| {
            (
                stage.ms - stage.ms / FACTOR - f64::from(stage.calls) * BORDER_MS,
                stage,
            )
        })
        .filter(|(gain, _)| *gain > 0.0)
        .collect();
    gains.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (gain, stage) in gains {
        if total > target {
            total -= gain;
            moved.push(stage.name);
        }
    }
    // [end]
    (total <= target).then_some(moved)
}

#[path = "../../chapters/17_case_studies/checks/keep_in_python.rs"]
mod checks;
