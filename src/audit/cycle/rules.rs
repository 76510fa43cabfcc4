//! The rules by which a plan's credits come and go.
use crate::model::amount::Total;

/// How one meter of a plan works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// What comes with the plan.
    pub grant: Grant,
    /// How long that keeps.
    pub rollover: Rollover,
    /// What is used first.
    pub order: Order,
    /// How many people have credits of their own; absent where all share one pool.
    pub seats: Option<u32>,
    /// How many days a top-up keeps; absent where it never lapses.
    pub topup_days: Option<u32>,
}

/// What comes with a plan, for each seat or for the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grant {
    /// So many at each reset.
    Monthly(Total),
    /// So many each day, gone at its end, until the cycle has used the most.
    Daily {
        /// A day's credits.
        each: Total,
        /// A cycle's most.
        most: Total,
    },
}

/// How long granted credits keep beyond their cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rollover {
    /// They lapse at the reset.
    None,
    /// They lapse so many cycles later.
    Cycles(u32),
    /// They lapse so many days after they came.
    Days(u32),
}

/// Which credits are used first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Those of the plan and gifts, soonest to lapse first; top-ups after them, oldest first.
    PlanFirst,
    /// Whatever lapses soonest.
    SoonestExpiry,
}

impl Rules {
    /// The most that a cycle can use of the plan, over all seats.
    pub fn most(&self) -> Total {
        let each = self.grant.most();
        self.seats.map_or(each, |seats| Total::from_nanos(each.nanos() * i128::from(seats)))
    }
}

impl Grant {
    /// The most that a cycle can use of it.
    pub const fn most(self) -> Total {
        match self {
            Self::Monthly(credits) => credits,
            Self::Daily { most, .. } => most,
        }
    }
}
