//! From scores to one token.
//!
//! The steps and their order are those of Hugging Face's `generate`: repetition penalty, temperature, top-k, top-p,
//! min-p, then a draw. Each of the three cuts looks at the probabilities among what the ones before it have left.

use crate::error::{Error, Result};

/// How the next token is chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampling {
    /// Scores are divided by this: below 1 the likely ones gain, above 1 the others. 0 takes the best one, always.
    pub temperature: f32,
    /// Only the `k` best ones may be drawn; 0 is no limit.
    pub top_k: usize,
    /// Only the best ones that together have this probability may be drawn; 1 is no limit.
    pub top_p: f32,
    /// Only those with at least this share of the best one's probability may be drawn; 0 is no limit.
    pub min_p: f32,
    /// What was there already becomes less likely by this factor; 1 is no penalty.
    pub repetition_penalty: f32,
    /// How many of the last tokens count as being there.
    pub repetition_window: usize,
    /// The same seed draws the same tokens.
    pub seed: u64,
}

impl Default for Sampling {
    /// What the makers of SmolLM2 recommend for it, and a seed.
    fn default() -> Self {
        Self {
            temperature: 0.2,
            top_k: 0,
            top_p: 0.9,
            min_p: 0.0,
            repetition_penalty: 1.0,
            repetition_window: 64,
            seed: 0,
        }
    }
}

impl Sampling {
    /// The best token, every time.
    pub fn greedy() -> Self {
        Self {
            temperature: 0.0,
            top_p: 1.0,
            ..Self::default()
        }
    }

    /// Whether all settings are possible.
    ///
    /// # Errors
    ///
    /// For the first one that is not.
    pub fn check(&self) -> Result<()> {
        let no = |what: &str, range: &str, is: f32| {
            Err(Error::Request(format!(
                "{what} is {is}, and must be {range}"
            )))
        };
        // Written so that a NaN is refused, too.
        if !(self.temperature >= 0.0 && self.temperature.is_finite()) {
            return no("temperature", "0 or more", self.temperature);
        }
        if !(self.top_p > 0.0 && self.top_p <= 1.0) {
            return no("top-p", "above 0, and 1 at most", self.top_p);
        }
        if !(self.min_p >= 0.0 && self.min_p <= 1.0) {
            return no("min-p", "between 0 and 1", self.min_p);
        }
        if !(self.repetition_penalty > 0.0 && self.repetition_penalty.is_finite()) {
            return no("repetition penalty", "above 0", self.repetition_penalty);
        }
        Ok(())
    }
}

/// Draws tokens for one sequence.
pub struct Sampler {
    settings: Sampling,
    random: Random,
}

impl Sampler {
    /// A sampler at the beginning of its seed.
    ///
    /// # Errors
    ///
    /// If a setting is impossible.
    pub fn new(settings: Sampling) -> Result<Self> {
        settings.check()?;
        let random = Random::new(settings.seed);
        Ok(Self { settings, random })
    }

    /// The next token, given the scores of all tokens, and the tokens so far.
    ///
    /// # Panics
    ///
    /// If there are no scores.
    pub fn sample(&mut self, logits: &[f32], so_far: &[u32]) -> u32 {
        let s = &self.settings;
        let mut penalised = Vec::new();
        let logits = if s.repetition_penalty == 1.0 {
            logits
        } else {
            penalised.extend_from_slice(logits);
            penalise(
                &mut penalised,
                &so_far[so_far.len().saturating_sub(s.repetition_window)..],
                s.repetition_penalty,
            );
            &penalised
        };
        if s.temperature == 0.0 {
            return best(logits);
        }
        let mut left = candidates(logits, s.temperature, s.top_k);
        if s.top_p < 1.0 {
            left.truncate(reach(&left, s.top_p));
        }
        if s.min_p > 0.0 {
            let least = left[0].1 * s.min_p;
            left.truncate(left.partition_point(|&(_, p)| p >= least));
        }
        draw(&left, self.random.next())
    }
}

/// Lowers the score of each token in `seen`, once: a positive one is divided, a negative one multiplied.
fn penalise(logits: &mut [f32], seen: &[u32], penalty: f32) {
    let mut seen = seen.to_vec();
    seen.sort_unstable();
    seen.dedup();
    for token in seen {
        if let Some(logit) = logits.get_mut(token as usize) {
            *logit = if *logit > 0.0 {
                *logit / penalty
            } else {
                *logit * penalty
            };
        }
    }
}

/// The token with the highest score; of equals, the first.
///
/// # Panics
///
/// If there are none.
pub fn best(logits: &[f32]) -> u32 {
    assert!(!logits.is_empty(), "scores of no token");
    let mut best = 0;
    for (token, &logit) in logits.iter().enumerate() {
        if logit > logits[best] || logits[best].is_nan() {
            best = token;
        }
    }
    best as u32
}

/// Tokens and their probabilities at a temperature, the likeliest first, `top_k` of them if that is not 0.
fn candidates(logits: &[f32], temperature: f32, top_k: usize) -> Vec<(u32, f32)> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    // Less than the smallest `f32` of the best one's probability: never drawn, and most of the vocabulary.
    let least = largest - 87.0 * temperature;
    let mut left: Vec<(u32, f32)> = (0..)
        .zip(logits.iter().copied())
        .filter(|&(_, logit)| logit >= least)
        .collect();
    if left.is_empty() {
        return vec![(best(logits), 1.0)]; // no number among the scores, or infinity
    }
    let order = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if (1..left.len()).contains(&top_k) {
        left.select_nth_unstable_by(top_k - 1, order);
        left.truncate(top_k);
    }
    left.sort_unstable_by(order);
    for (_, logit) in &mut left {
        *logit = ((*logit - largest) / temperature).exp();
    }
    let total: f32 = left.iter().map(|(_, p)| p).sum();
    for (_, p) in &mut left {
        *p /= total;
    }
    left
}

/// How many of the candidates it takes to reach `top_p`; at least one.
fn reach(candidates: &[(u32, f32)], top_p: f32) -> usize {
    let mut total = 0.0;
    for (place, (_, p)) in candidates.iter().enumerate() {
        total += p;
        if total >= top_p {
            return place + 1;
        }
    }
    candidates.len()
}

/// The candidate at `point`, 0 to 1, of all their probability.
fn draw(candidates: &[(u32, f32)], point: f32) -> u32 {
    let total: f32 = candidates.iter().map(|(_, p)| p).sum();
    let mut left = point * total;
    for &(token, p) in candidates {
        left -= p;
        if left < 0.0 {
            return token;
        }
    }
    candidates[candidates.len() - 1].0 // rounding left a crumb
}

/// Random numbers that are the same on every machine: `SplitMix64`, by Guy Steele and others.
pub struct Random(u64);

impl Random {
    /// The sequence that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 up to, and without, 1.
    #[allow(
        clippy::should_implement_trait,
        reason = "it never ends, so an iterator's `Option` would only be in the way"
    )]
    pub fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 40) as f32 / (1_u64 << 24) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(settings: Sampling, logits: &[f32]) -> Vec<f32> {
        let mut sampler = Sampler::new(settings).expect("possible settings");
        let mut counts = vec![0_u32; logits.len()];
        for _ in 0..20_000 {
            counts[sampler.sample(logits, &[]) as usize] += 1;
        }
        counts.iter().map(|&n| n as f32 / 20_000.0).collect()
    }

    fn free() -> Sampling {
        Sampling {
            temperature: 1.0,
            top_p: 1.0,
            ..Sampling::default()
        }
    }

    #[test]
    fn draws_as_often_as_softmax_says() {
        let p = [0.5_f32, 0.25, 0.15, 0.1];
        let logits = p.map(f32::ln);
        for (got, want) in shares(free(), &logits).iter().zip(p) {
            assert!((got - want).abs() < 0.015, "{got} for {want}");
        }
        let colder = shares(
            Sampling {
                temperature: 0.5,
                ..free()
            },
            &logits,
        );
        assert!((colder[0] - 0.25 / 0.345).abs() < 0.015, "{colder:?}");
    }

    #[test]
    fn each_cut_cuts() {
        let logits = [0.5_f32, 0.25, 0.15, 0.1].map(f32::ln);
        let drawn = |settings| {
            shares(settings, &logits)
                .iter()
                .filter(|&&p| p > 0.0)
                .count()
        };
        assert_eq!(drawn(Sampling { top_k: 3, ..free() }), 3);
        assert_eq!(
            drawn(Sampling {
                top_p: 0.7,
                ..free()
            }),
            2
        );
        assert_eq!(
            drawn(Sampling {
                min_p: 0.25,
                ..free()
            }),
            3
        );
        // Of the two that top-k leaves, the first has two thirds.
        assert_eq!(
            drawn(Sampling {
                top_k: 2,
                top_p: 0.6,
                ..free()
            }),
            1
        );
        assert_eq!(
            drawn(Sampling {
                temperature: 1e-6,
                ..free()
            }),
            1
        );
    }

    #[test]
    fn what_was_said_becomes_less_likely() {
        let mut sampler = Sampler::new(Sampling {
            repetition_penalty: 1.5,
            ..Sampling::greedy()
        })
        .expect("possible");
        assert_eq!(sampler.sample(&[3.0, 2.5], &[]), 0);
        assert_eq!(sampler.sample(&[3.0, 2.5], &[0, 0]), 1);
        assert_eq!(sampler.sample(&[-1.0, -1.2], &[0]), 1);
    }

    #[test]
    fn impossible_settings_and_scores() {
        for bad in [
            Sampling {
                temperature: -1.0,
                ..free()
            },
            Sampling {
                temperature: f32::NAN,
                ..free()
            },
            Sampling {
                top_p: 0.0,
                ..free()
            },
            Sampling {
                min_p: 2.0,
                ..free()
            },
            Sampling {
                repetition_penalty: 0.0,
                ..free()
            },
        ] {
            assert!(Sampler::new(bad).is_err());
        }
        let mut sampler = Sampler::new(free()).expect("possible settings");
        assert_eq!(sampler.sample(&[f32::NAN, f32::NEG_INFINITY, 1.0], &[]), 2);
        sampler.sample(&[f32::NAN; 3], &[]);
        assert_eq!(best(&[f32::NAN, 1.0, 1.0]), 1);
    }
}
