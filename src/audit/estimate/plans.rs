//! How many cycles of each plan a need takes, which plan is the cheapest for it, and which is enough within so many months.
use crate::{
    audit::outlook::Planning,
    model::{account::Meter, amount::Total},
};

/// A build that takes more months than these in a plan is no way to build it.
const MOST_CYCLES: i128 = 6;

/// What a need means for the plans.
#[derive(Debug, Clone, PartialEq)]
pub struct Plans {
    /// Each plan whose credits are known, in the order of the catalogue.
    pub each: Vec<PlanCycles>,
    /// The position of the one that costs least in nine of ten cases, of those that take no more than half a year.
    pub cheapest: Option<usize>,
    /// The position of the cheapest of those that take the fewest cycles in nine of ten cases.
    pub fastest: Option<usize>,
    /// Within how many months it is to be built, and the position of the cheapest plan that is enough in nine of ten cases.
    pub within: Option<(u32, Option<usize>)>,
}

/// How long a plan takes.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanCycles {
    /// The plan's id.
    pub id: String,
    /// The plan's name.
    pub name: String,
    /// Its message credits in a cycle.
    pub credits: Total,
    /// Cycles for the median.
    pub cycles: i128,
    /// Cycles in nine of ten cases.
    pub cycles_p90: i128,
    /// What the cycles for the median cost, where the price is known.
    pub cost: Option<Total>,
    /// What the cycles in nine of ten cases cost.
    pub cost_p90: Option<Total>,
}

impl Plans {
    /// For a need: the 10th, 50th and 90th percentile, in all or for each month.
    pub(super) fn of([_, middle, high]: [Total; 3], monthly: bool, months: Option<u32>, planning: &Planning) -> Self {
        let each: Vec<PlanCycles> = planning
            .catalogue
            .plans
            .iter()
            .filter_map(|plan| {
                let has = plan.credits(Meter::Message, planning.seats).filter(|has| *has > Total::ZERO)?;
                let cycles_of = |need: Total| (need.nanos().max(1) + has.nanos() - 1) / has.nanos();
                let (cycles, cycles_p90) = (cycles_of(middle), cycles_of(high));
                let cost = |cycles: i128| planning.price(plan).map(|price| Total::from_nanos(price.nanos() * cycles));
                Some(PlanCycles {
                    id: plan.id.clone(),
                    name: plan.name.clone(),
                    credits: has,
                    cycles,
                    cycles_p90,
                    cost: cost(cycles),
                    cost_p90: cost(cycles_p90),
                })
            })
            .collect();
        let least = |enough: &dyn Fn(&PlanCycles) -> bool, key: &dyn Fn(&PlanCycles, Total) -> [i128; 2]| {
            let known = each.iter().enumerate().filter_map(|(at, plan)| Some((at, plan, plan.cost_p90?)));
            let enough = known.filter(|(_, plan, _)| enough(plan));
            enough.min_by_key(|(_, plan, cost)| key(plan, *cost)).map(|(at, ..)| at)
        };
        let cheapest =
            least(&|plan| !monthly && plan.cycles_p90 <= MOST_CYCLES, &|plan, cost| [cost.nanos(), plan.cycles_p90]);
        let fastest = least(&|_| !monthly, &|plan, cost| [plan.cycles_p90, cost.nanos()]);
        // the need of each month must fit into one
        let months = if monthly { Some(months.unwrap_or(1)) } else { months };
        let within = months.map(|months| {
            let most = if monthly { 1 } else { i128::from(months) };
            (months, least(&|plan| plan.cycles_p90 <= most, &|plan, cost| [cost.nanos() / plan.cycles_p90, 0]))
        });
        Self { each, cheapest, fastest, within }
    }
}
