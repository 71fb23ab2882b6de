//! What a part can do for the whole.

/// How many times as fast the whole is when a part of it, `share` of its time, becomes `factor` times as fast.
///
/// Amdahl's law (1967): the rest takes as long as before. `share` is between 0 and 1, `factor` above 0.
///
/// ```
/// use case_studies::overall;
///
/// // 100 times as fast, for 30% of the time:
/// assert_eq!(format!("{:.2}", overall(0.3, 100.0)), "1.42");
/// ```
pub fn overall(share: f64, factor: f64) -> f64 {
    1.0 / (1.0 - share + share / factor)
}

/// What the whole could gain if the part took no time at all.
///
/// ```
/// assert_eq!(format!("{:.2}", case_studies::bound(0.3)), "1.43");
/// ```
pub fn bound(share: f64) -> f64 {
    1.0 / (1.0 - share)
}
