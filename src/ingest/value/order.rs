//! Which part of a date such as `03/04/2026` comes first: declared, or proven by the dates of its column.
use serde::{Deserialize, Serialize};

/// How the dates of a file are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dates {
    /// Which part of `03/04/2026` comes first.
    pub order: DateOrder,
    /// Whether numbers such as `46298.383` are days since 1900, as in spreadsheets.
    pub is_serial: bool,
}

impl Dates {
    /// What to say of how the dates of a file were read, where that was told by its cells.
    pub const fn note(self, told: ToldDates) -> Option<&'static str> {
        match self.order {
            _ if self.is_serial => Some("times are numbers of days since 1900, as spreadsheets count them"),
            DateOrder::DayFirst if told.day_first > 0 => {
                Some("dates have the day first: 03/04/2026 is the 3rd of April")
            }
            DateOrder::MonthFirst if told.month_first > 0 => {
                Some("dates have the month first: 03/04/2026 is the 4th of March")
            }
            DateOrder::SlashedMonthFirst => Some(
                "dates with slashes have the month first, those with points the day: 03/04/2026 is the 4th of March, \
                 03.04.2026 the 3rd of April",
            ),
            _ => None,
        }
    }
}

/// Which part of a date such as `03/04/2026` comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateOrder {
    /// Nobody said so: such dates are refused.
    #[default]
    Undeclared,
    /// `03/04/2026` is the 4th of March.
    MonthFirst,
    /// `03/04/2026` is the 3rd of April.
    DayFirst,
    /// `03/04/2026` is the 4th of March, and `03.04.2026`, with points, the 3rd of April.
    SlashedMonthFirst,
    /// Declared to be the month, but some cells can only have the day first: what can be both is refused.
    MixedMonthFirst,
    /// Declared to be the day, but some cells can only have the month first: what can be both is refused.
    MixedDayFirst,
    /// Some cells can only have the day first, others only the month: all are refused.
    Contested,
}

/// Counts of time cells that tell how dates are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldDates {
    /// Dates that can only have the day first.
    pub day_first: u64,
    /// Dates that can only have the month first.
    pub month_first: u64,
    /// Dates that people wrote with points and that can have the day first, as such dates do.
    pub with_points: u64,
    /// Of these, those that can have nothing else first.
    pub points_day_first: u64,
    /// Dates that people wrote with points and that can only have the month first.
    pub points_month_first: u64,
    /// Numbers that can be the days of a spreadsheet.
    pub serials: u64,
    /// Other cells that are not empty.
    pub others: u64,
}

impl ToldDates {
    /// The counts of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            day_first: self.day_first + other.day_first,
            month_first: self.month_first + other.month_first,
            with_points: self.with_points + other.with_points,
            points_day_first: self.points_day_first + other.points_day_first,
            points_month_first: self.points_month_first + other.points_month_first,
            serials: self.serials + other.serials,
            others: self.others + other.others,
        }
    }

    /// How dates are written by what was declared and what the cells prove.
    pub const fn settled(self, declared: Dates) -> Dates {
        use DateOrder::{
            Contested, DayFirst, MixedDayFirst, MixedMonthFirst, MonthFirst, SlashedMonthFirst, Undeclared,
        };
        let day_first = self.day_first + self.points_day_first > 0;
        let month_first = self.month_first + self.points_month_first > 0;
        let order = match (declared.order, day_first, month_first) {
            // Those with points have the day first by themselves and prove nothing of others.
            (Undeclared, ..) if self.points_month_first == 0 => {
                match (self.day_first > 0, self.month_first > 0, self.with_points > 0) {
                    (true, true, _) => Contested,
                    (true, false, _) => DayFirst,
                    (false, true, true) => SlashedMonthFirst,
                    (false, true, false) => MonthFirst,
                    (false, false, _) => Undeclared,
                }
            }
            (Undeclared, true, true) => Contested,
            (Undeclared, true, false) => DayFirst,
            (Undeclared, false, true) => MonthFirst,
            (DayFirst, _, true) => MixedDayFirst,
            (MonthFirst, true, _) => MixedMonthFirst,
            (order, ..) => order,
        };
        Dates { order, is_serial: declared.is_serial || self.serials > 0 && self.others == 0 }
    }
}

#[cfg(test)]
mod tests {
    use DateOrder::{Contested, DayFirst, MixedDayFirst, MixedMonthFirst, MonthFirst, SlashedMonthFirst, Undeclared};

    use super::*;
    use crate::{ingest::value::instant::Instants, model::zone::Zone};

    /// What the cells of a column that people wrote tell, and how they are read in the end.
    #[track_caller]
    fn check(declared: DateOrder, cells: &[&str], expected: DateOrder, read: &[&str]) {
        let instants = |order| Instants { is_by_hand: true, ..Instants::new(Some(Zone::utc())) }.ordered(order);
        let mut first = instants(declared);
        for cell in cells {
            let _ = first.read(cell);
        }
        let settled = first.told.settled(Dates { order: declared, is_serial: false });
        assert_eq!(settled.order, expected, "{cells:?}");
        let mut second = instants(settled.order);
        let days =
            cells.iter().map(|cell| second.read(cell).map_or("-".to_owned(), |at| at.to_string()[5..10].to_owned()));
        assert_eq!(days.collect::<Vec<_>>(), read, "{cells:?}");
    }

    #[test]
    fn one_order_is_found_for_dates_of_one_form() {
        check(Undeclared, &["03/04/2026", "14/04/2026"], DayFirst, &["04-03", "04-14"]);
        check(Undeclared, &["03/04/2026", "04/14/2026"], MonthFirst, &["03-04", "04-14"]);
        check(Undeclared, &["13/04/2026", "04/14/2026"], Contested, &["-", "-"]);
        check(Undeclared, &["03/04/2026", "14.04.2026"], Undeclared, &["-", "04-14"]);
        check(Undeclared, &["03/04/2026"], Undeclared, &["-"]);
    }

    #[test]
    fn dates_with_points_keep_their_order_beside_others() {
        check(Undeclared, &["03.10.2026", "10/14/2026", "02/03/2026"], SlashedMonthFirst, &["10-03", "10-14", "02-03"]);
        check(Undeclared, &["14.10.2026", "10/14/2026"], SlashedMonthFirst, &["10-14", "10-14"]);
        check(Undeclared, &["10.14.2026", "10/14/2026"], MonthFirst, &["10-14", "10-14"]);
        check(Undeclared, &["10.14.2026", "14.10.2026"], Contested, &["-", "-"]);
        check(Undeclared, &["14.10.2026", "10/14/2026", "15/10/2026"], Contested, &["-", "-", "-"]);
    }

    #[test]
    fn what_was_declared_holds_where_no_cell_contradicts_it() {
        check(DayFirst, &["03/04/2026", "04/14/2026"], MixedDayFirst, &["-", "-"]);
        check(MonthFirst, &["03/04/2026", "14.04.2026"], MixedMonthFirst, &["-", "-"]);
        check(MonthFirst, &["03/04/2026"], MonthFirst, &["03-04"]);
    }
}
