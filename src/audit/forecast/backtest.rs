//! The forecast tried on the past: on each day of it, knowing only the days before, what would the cycle's total have been
//! said to be? Beside it four rules of thumb.
use crate::audit::forecast::{
    level::count,
    method::{History, LEAST_DAYS, Learned, whole},
};

/// How the method did on the user's own past.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// On how many days it was tried.
    pub days: usize,
    /// How many complete cycles these were.
    pub cycles: usize,
    /// The sum of the errors against the sum of what came.
    pub error: f64,
    /// How often the total lay between the 25th and the 75th percentile.
    pub coverage_50: f64,
    /// How often the total lay between the 10th and the 90th percentile.
    pub coverage_80: f64,
    /// The errors of the rules of thumb, counted likewise: by name.
    pub baselines: [(Baseline, f64); Baseline::ALL.len()],
}

/// A rule of thumb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baseline {
    /// This cycle will be as the last one was.
    LastCycle,
    /// The mean of all days so far goes on.
    DailyRate,
    /// The week before repeats itself.
    LastWeek,
    /// The cycle goes on as it began.
    CyclePace,
}

impl Baseline {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::LastCycle, Self::DailyRate, Self::LastWeek, Self::CyclePace];

    /// The word of files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::LastCycle => "last_cycle",
            Self::DailyRate => "daily_rate",
            Self::LastWeek => "last_week",
            Self::CyclePace => "cycle_pace",
        }
    }

    /// The total of a cycle as the rule says it, knowing the days before `known`; `None` where it
    /// knows too little: of a cycle before, or of this one.
    pub(super) fn total(self, days: &[f64], cycle: Bounds, before: Option<Bounds>, known: usize) -> Option<f64> {
        let used: f64 = days[cycle.start..known].iter().sum();
        let left = known..cycle.end;
        match self {
            Self::LastCycle => before.map(|before| days[before.start..before.end].iter().sum()),
            Self::DailyRate => Some(used + days[..known].iter().sum::<f64>() / count(known) * count(left.len())),
            Self::CyclePace => {
                (known > cycle.start).then(|| used / count(known - cycle.start) * count(cycle.end - cycle.start))
            }
            Self::LastWeek => Some(used + left.map(|day| days[known - 7 + (day - known) % 7]).sum::<f64>()),
        }
    }
}

/// A cycle by the positions of its first day and of the first day of the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Sums over the days on which a forecast was tried.
#[derive(Default)]
struct Sums {
    came: f64,
    error: f64,
    inner: usize,
    outer: usize,
    days: usize,
}

/// Tries the forecast on the complete cycles; why not where there are too few.
pub(super) fn run(history: &History, learned: &Learned, cycles: &[Bounds]) -> Result<Backtest, String> {
    let mut sums = Sums::default();
    let mut thumbs = [(0.0, 0.0); Baseline::ALL.len()];
    let mut tried = Vec::new();
    for (at, cycle) in cycles.iter().enumerate() {
        let total: f64 = history.days[cycle.start..cycle.end].iter().sum();
        let before = at.checked_sub(1).map(|at| cycles[at]);
        for known in cycle.start.max(LEAST_DAYS)..cycle.end {
            let used: f64 = history.days[cycle.start..known].iter().sum();
            let days = whole(known..cycle.end);
            let memory = learned.simplest(days.len(), known);
            let said = history.ahead(known, &days, learned, memory).percentiles().map(|rest| used + rest);
            sums.add(said, total);
            for (baseline, (error, came)) in Baseline::ALL.into_iter().zip(&mut thumbs) {
                if let Some(said) = baseline.total(&history.days, *cycle, before, known) {
                    *error += (said - total).abs();
                    *came += total;
                }
            }
            tried.push(at);
        }
    }
    tried.dedup();
    if sums.days < LEAST_DAYS {
        return Err(format!(
            "tried on {} days of complete cycles, which is too few: {LEAST_DAYS} are needed, after as many to learn from",
            sums.days
        ));
    }
    let share = |part: usize| count(part) / count(sums.days);
    let of = |at: usize| (Baseline::ALL[at], ratio(thumbs[at].0, thumbs[at].1));
    Ok(Backtest {
        days: sums.days,
        cycles: tried.len(),
        error: ratio(sums.error, sums.came),
        coverage_50: share(sums.inner),
        coverage_80: share(sums.outer),
        baselines: Baseline::ALL.map(|baseline| of(baseline as usize)),
    })
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { f64::NAN }
}

impl Sums {
    fn add(&mut self, said: [f64; 5], came: f64) {
        // sums of floats of one history differ in their last digits by the order they are made in
        let slack = came.abs() * 1e-9 + 1e-9;
        let holds = |low: usize, high: usize| said[low] <= came + slack && came <= said[high] + slack;
        self.days += 1;
        self.came += came;
        self.error += (said[2] - came).abs();
        self.inner += usize::from(holds(1, 3));
        self.outer += usize::from(holds(0, 4));
    }
}
