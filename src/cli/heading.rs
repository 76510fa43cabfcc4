//! Under which headings options stand in the help of a command; `-h` leaves out those that few need.

pub(super) const READING: &str = "How files are read";
pub(super) const NAMES: &str = "Names of people and features";
pub(super) const CLASSES: &str = "Classes";
pub(super) const CHOICE: &str = "Which events count";
pub(super) const PLAN: &str = "Plan and cycle";
pub(super) const REPORT: &str = "The report";
pub(super) const RUNNING: &str = "Running";
