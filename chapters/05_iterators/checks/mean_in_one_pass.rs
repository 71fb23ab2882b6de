//! What `mean_in_one_pass` must do: the mean of any stream, from one walk, without a list.

use super::mean;
use allocation_counter::measure;

#[test]
fn the_mean_of_a_list() {
    let got = mean([1.0, 2.0, 6.0].into_iter());
    let want = 3.0;
    assert_eq!(got, want, "mean of 1.0, 2.0 and 6.0");
}

// Nobody knows how many losses pass a filter before they have passed it.
#[test]
fn the_mean_of_what_passes_a_filter() {
    let losses = [0.5, f32::NAN, 1.5, f32::NAN];
    let got = mean(losses.into_iter().filter(|loss| !loss.is_nan()));
    let want = 1.0;
    assert_eq!(got, want, "mean of 0.5 and 1.5");
}

#[test]
fn asks_for_each_loss_once() {
    let mut got = 0;
    mean([4.0; 100].into_iter().inspect(|_| got += 1));
    let want = 100;
    assert_eq!(got, want, "losses asked for, of 100");
}

#[test]
fn keeps_no_list() {
    let got = measure(|| {
        mean((0_u8..200).map(f32::from));
    })
    .count_total;
    let want = 0;
    assert_eq!(got, want, "allocations for 200 losses");
}
