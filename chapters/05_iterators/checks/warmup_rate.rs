//! What `warmup_rate` must do: return a schedule that owns its settings.

use super::schedule;
use allocation_counter::measure;

#[test]
fn rises_to_the_peak() {
    let rate = schedule(2.0, 100.0);
    let got = [rate(1.0), rate(50.0), rate(100.0)];
    let want = [0.02, 1.0, 2.0];
    assert_eq!(got, want, "rates at steps 1, 50 and 100");
}

#[test]
fn falls_after_the_peak() {
    let rate = schedule(2.0, 100.0);
    let got = [rate(400.0), rate(1_600.0)];
    let want = [1.0, 0.5];
    assert_eq!(got, want, "rates at steps 400 and 1,600");
}

// In Python, `[lambda step: peak * step for peak in (1, 2, 4)]` makes three functions that all use the last peak.
#[test]
fn each_schedule_has_its_own_settings() {
    let mut rates = Vec::new();
    for peak in [1.0, 2.0, 4.0] {
        rates.push(schedule(peak, 100.0));
    }
    let got: Vec<f32> = rates.iter().map(|rate| rate(100.0)).collect();
    let want = [1.0, 2.0, 4.0];
    assert_eq!(got, want, "peaks of three schedules");
}

// A closure is a value of a type of its own, as large as what it holds: here two numbers. It needs no box.
#[test]
fn needs_no_memory() {
    let got = measure(|| {
        schedule(2.0, 100.0)(50.0);
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for a schedule and a call");
}
