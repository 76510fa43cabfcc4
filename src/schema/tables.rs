//! The tables.

/// Classified events in compact columns.
pub mod fact {
    use crate::schema::{Col, Kind, Table};

    /// Position of the account: provider, meter and unit.
    pub const ACCOUNT: Col = Col::new("account", Kind::Id);
    /// The class, as its position in `Action::ALL`.
    pub const ACTION: Col = Col::new("action", Kind::Id);
    /// The user's word.
    pub const USER: Col = Col::new("user", Kind::Id);
    /// Position of workspace and app.
    pub const APP: Col = Col::new("app", Kind::Id);
    /// Position of workspace, app and feature.
    pub const FEATURE: Col = Col::new("feature", Kind::Id);
    /// The session, counted from 1.
    pub const SESSION: Col = Col::new("session", Kind::Id);
    /// The language model's word.
    pub const MODEL: Col = Col::new("model", Kind::Id);
    /// The local day, as days since 1970 in two's complement.
    pub const DAY: Col = Col::new("day", Kind::Id);
    /// The local hour of the week, Monday 0 h being 0.
    pub const HOUR: Col = Col::new("hour", Kind::Id);
    /// When.
    pub const AT: Col = Col::new("at", Kind::Instant);
    /// How much.
    pub const AMOUNT: Col = Col::new("amount", Kind::Amount);

    /// The whole table.
    pub const TABLE: Table = Table {
        name: "classified events",
        cols: &[ACCOUNT, ACTION, USER, APP, FEATURE, SESSION, MODEL, DAY, HOUR, AT, AMOUNT],
    };
}

/// Events of one account, subject and class, added up.
pub mod group {
    use crate::schema::{Col, Kind};

    /// How many events.
    pub const EVENTS: Col = Col::new("events", Kind::Count);
    /// What they cost together.
    pub const TOTAL: Col = Col::new("total", Kind::Total);
}
