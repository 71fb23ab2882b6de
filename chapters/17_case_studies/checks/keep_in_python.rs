//! What `keep_in_python` must do: move what gets faster, no more of it than the target asks for, and say when it cannot.

use super::{BORDER_MS, FACTOR, Spent, Stage, plan};
use proptest::prelude::*;

fn stage(name: &'static str, ms: f64, spent: Spent, calls: u32) -> Stage {
    Stage {
        name,
        ms,
        spent,
        calls,
    }
}

fn service() -> Vec<Stage> {
    vec![
        stage("embed", 60.0, Spent::Compiled, 1),
        stage("database", 50.0, Spent::Waiting, 1),
        stage("score", 40.0, Spent::Python, 50_000),
        stage("tokenize", 35.0, Spent::Python, 1),
        stage("render", 15.0, Spent::Python, 20),
    ]
}

#[test]
fn the_dearest_of_pythons_own_is_moved() {
    let got = plan(&service(), 170.0);
    assert_eq!(got, Some(vec!["tokenize"]), "200 ms should be 170");
}

#[test]
fn what_waits_and_what_is_compiled_stays() {
    let got = plan(&service(), 155.0);
    assert_eq!(
        got,
        Some(vec!["tokenize", "render"]),
        "200 ms should be 155"
    );
}

#[test]
fn what_cannot_be_reached_is_said() {
    let got = plan(&service(), 100.0);
    assert_eq!(got, None, "200 ms should be 100");
}

#[test]
fn a_call_for_each_row_costs_more_than_it_gains() {
    let often = [stage("score", 40.0, Spent::Python, 50_000)];
    let once = [stage("score", 40.0, Spent::Python, 1)];
    let got = [plan(&often, 30.0), plan(&once, 30.0)];
    let want = [None, Some(vec!["score"])];
    assert_eq!(got, want, "50,000 calls a request, and one");
}

#[test]
fn nothing_is_moved_when_it_is_fast_enough() {
    let got = plan(&service(), 200.0);
    assert_eq!(got, Some(vec![]), "200 ms may be 200");
}

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

#[test]
fn no_smaller_set_would_do() {
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(
        // Whole milliseconds, and calls in thousands: sums of them do not round.
        made in prop::collection::vec((1_u8..200, 0_u8..3, 0_u32..60), 0..6),
        target in 1_u16..600,
    )| {
        let spent = [Spent::Python, Spent::Compiled, Spent::Waiting];
        let stages: Vec<Stage> = made
            .iter()
            .zip(NAMES)
            .map(|((ms, kind, calls), name)| {
                stage(name, f64::from(*ms) * 20.0, spent[usize::from(*kind)], calls * 1000)
            })
            .collect();
        let target = f64::from(target) * 10.0 + 0.5;
        let after = |moved: usize| -> f64 {
            let gain = |stage: &Stage| stage.ms - stage.ms / FACTOR - f64::from(stage.calls) * BORDER_MS;
            let all = stages.iter().enumerate();
            all.map(|(place, stage)| match moved >> place & 1 {
                1 if stage.spent == Spent::Python => stage.ms - gain(stage),
                1 => f64::INFINITY,
                _ => stage.ms,
            })
            .sum()
        };
        let fewest = (0..1_usize << stages.len())
            .filter(|moved| after(*moved) <= target)
            .map(usize::count_ones)
            .min();
        let got = plan(&stages, target).map(|names| names.len());
        prop_assert_eq!(got, fewest.map(|count| count as usize), "how many of {:?} for {} ms", stages, target);
    });
}
