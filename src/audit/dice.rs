//! Numbers that are drawn, the same everywhere: `SplitMix64` (Steele, Lea and Flood 2014).

/// A sequence of numbers.
#[derive(Debug, Clone, Default)]
pub(super) struct Dice(u64);

impl Dice {
    /// A number below another one, which is not 0; of 0, 0.
    pub(super) fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ mixed >> 31) >> 33).unwrap_or(0) % sides.max(1)
    }

    /// About a standard normal number: twelve equal ones less their mean.
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    pub(super) fn normal(&mut self) -> f64 {
        const STEPS: usize = 1 << 24;
        (0..12).map(|_| self.below(STEPS) as f64 / STEPS as f64).sum::<f64>() - 6.0
    }
}
