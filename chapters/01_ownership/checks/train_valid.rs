//! What `train_valid` must do: cut at the right place, and return views of the samples, not copies of them.

use super::split;

#[test]
fn cuts_where_it_is_told() {
    let samples = [1.0, 2.0, 3.0, 4.0, 5.0];
    let (train, valid) = split(&samples, 3);
    let got = (train.len(), valid.len());
    let want = (3, 2);
    assert_eq!(got, want, "lengths of the two parts, cut at 3 of 5");
}

// For every cut, none and all included: train and valid together are the samples, none lost and none twice.
#[test]
fn every_sample_is_in_one_part() {
    let samples = [1.0, 2.0, 3.0, 4.0, 5.0];
    for cut in 0..=samples.len() {
        let (train, valid) = split(&samples, cut);
        let got = [train, valid].concat();
        let want = samples;
        assert_eq!(got, want, "both parts together, cut at {cut} of 5");
    }
}

// A view starts at the very address of the samples. A copy has an address of its own.
#[test]
fn both_parts_are_views() {
    let samples = [1.0, 2.0, 3.0, 4.0, 5.0];
    let (train, valid) = split(&samples, 3);
    let got = (train.as_ptr(), valid.as_ptr());
    let want = (samples.as_ptr(), samples[3..].as_ptr());
    assert_eq!(got, want, "addresses where the two parts start");
}
