//! Random numbers that are nobody else's.
//!
//! Burn has one generator a backend, shared by all threads: two tests that draw at the same time change each other's
//! numbers. Where a result must be the same in every run, it comes from here.

/// `SplitMix64` (Steele, Lea and Flood, 2014): small, fast, and good enough for weights and for shuffling. Not for secrets.
#[derive(Clone, Debug)]
pub struct Seeds(u64);

impl Seeds {
    /// The sequence of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number, any of 2^64.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number between `-bound` and `bound`.
    pub fn uniform(&mut self, bound: f32) -> f32 {
        // 24 bits are all that an f32 between 0 and 1 can hold evenly.
        let unit = (self.draw() >> 40) as f32 / (1 << 24) as f32;
        bound * (2.0 * unit - 1.0)
    }

    /// The numbers from 0 to `count - 1`, in another order each time, as a tensor of places takes them.
    ///
    /// # Panics
    ///
    /// If there are more than an `i32` can count.
    pub fn shuffled(&mut self, count: usize) -> Vec<i32> {
        let end = i32::try_from(count).expect("a data set with at most 2^31 - 1 rows");
        let mut order: Vec<i32> = (0..end).collect();
        for last in (1..count).rev() {
            order.swap(last, (self.draw() % (last as u64 + 1)) as usize);
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_what_the_authors_program_draws() {
        let mut seeds = Seeds::new(1_234_567);
        let drawn = [seeds.draw(), seeds.draw(), seeds.draw()];
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ];
        assert_eq!(drawn, published);
    }

    #[test]
    fn shuffles_without_losing_any() {
        let mut order = Seeds::new(3).shuffled(100);
        assert_ne!(order, (0..100).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn stays_within_its_bound() {
        let mut seeds = Seeds::new(5);
        let drawn: Vec<f32> = (0..1000).map(|_| seeds.uniform(0.5)).collect();
        assert!(drawn.iter().all(|x| x.abs() <= 0.5));
        assert!(drawn.iter().any(|x| *x < -0.4) && drawn.iter().any(|x| *x > 0.4));
    }
}
