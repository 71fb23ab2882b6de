//! Burn's learner on few digits: it trains, and it leaves its logs where it was told to.

#[path = "../examples/learner.rs"]
#[expect(dead_code, reason = "its `main` is for the command line")]
mod learner;

use burn::prelude::*;
use burn_chapter::{accuracy, features, items, labels};

#[test]
fn two_epochs_learn_something() {
    let folder = std::env::temp_dir().join(format!("burn-learner-{}", std::process::id()));
    let held_out = digits::held_out();
    let mut unseen = items(&held_out);
    let seen = unseen.split_off(200);
    let model = learner::learn(seen, unseen, 2, &folder);

    let device = Device::flex();
    let right = accuracy(
        &model,
        features(&held_out, &device),
        labels(&held_out, &device),
    );
    assert!(right > 0.5, "accuracy {right}, where chance is 0.1");
    assert!(folder.join("checkpoint").is_dir());
    std::fs::remove_dir_all(folder).unwrap();
}
