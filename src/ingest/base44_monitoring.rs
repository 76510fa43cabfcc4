//! Answers of Base44's Monitoring API: what each user and each app of a workspace consumed in the current period. They
//! are aggregates and no events. The API's own total adds message and integration credits; it is not read.
use crate::{
    ingest::{
        batch::RowError,
        source::{Shape, Source},
        table::{
            Row,
            header::{Column, Header},
        },
        totals::{Subject, ToldTotal},
        value::decimal::{Decimals, Mark},
    },
    model::account::Meter,
};

/// The source.
pub(super) const SOURCE: Source = Source {
    name: "base44-monitoring",
    about: "Base44: Monitoring API answers on users, apps and the workspace: totals to reconcile with, no events",
    same_event: "it holds totals, which are compared with events and never counted",
    shape: Shape::Totals { columns: COLUMNS, score, read },
};

/// The columns; the constants below are positions in it.
const COLUMNS: &[Column] = &[
    Column::new("total_message_credits", &[]),
    Column::new("total_integration_credits", &[]),
    Column::new("message_credits_consumed", &[]),
    Column::new("integration_credits_consumed", &[]),
    Column::new("email", &[]),
    Column::new("user_id", &[]),
    Column::new("app_name", &[]),
    Column::new("app_id", &[]),
    Column::new("workspace_id", &[]),
    Column::new("role", &[]),
    Column::new("seat_type", &[]),
    Column::new("created_at", &[]),
    Column::new("is_active", &[]),
    Column::new("total_apps", &[]),
    Column::new("active_last_30d", &[]),
    Column::new("created_by_email", &[]),
    Column::new("owner_user_id", &[]),
];
/// The amount columns: of whom, on which meter.
const AMOUNTS: [(usize, Subject, Meter); 4] = [
    (0, Subject::User, Meter::Message),
    (1, Subject::User, Meter::Integration),
    (2, Subject::App, Meter::Message),
    (3, Subject::App, Meter::Integration),
];
const EMAIL: usize = 4;
const USER_ID: usize = 5;
const APP_NAME: usize = 6;
const APP_ID: usize = 7;

/// How sure it is that a header is of the API: its amounts have names of their own, and so has the workspace's pool.
fn score(header: &Header) -> f64 {
    let has_amount = AMOUNTS.iter().any(|(column, ..)| header.position(*column).is_some());
    let has_pool = header.unmatched().iter().any(|name| name.starts_with("credit_pool."));
    header.score_of(has_amount || has_pool)
}

fn read(row: &Row) -> Result<Vec<ToldTotal>, RowError> {
    let mut told = Vec::new();
    let mut decimals = Decimals::with_mark(Mark::Point);
    for (column, subject, meter) in AMOUNTS {
        let cell = row.cell(column);
        if cell.is_empty() {
            continue;
        }
        let amount = decimals.read(cell).map_err(|cause| row.error(column, cause))?;
        let names = if subject == Subject::User { [EMAIL, USER_ID] } else { [APP_ID, APP_NAME] };
        let mut names = names.map(|column| row.cell(column)).into_iter().filter(|name| !name.is_empty());
        let (name, label) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
        told.push(ToldTotal {
            provider: "base44".into(),
            subject,
            name: name.to_lowercase(),
            label: label.to_lowercase(),
            meter,
            column: row.name(column).to_owned(),
            amount,
            line: row.line,
        });
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use crate::ingest::check::{inspected, settings};

    const USERS: &str = r#"{"users": [
        {"user_id": "u1", "email": "Ada@example.com", "role": "admin", "total_message_credits": 12.5,
         "total_integration_credits": 3, "total_credits": 15.5, "member_allocation": null},
        {"user_id": "u2", "email": "ben@example.com", "role": "editor", "total_message_credits": "x"}],
        "pagination": {"has_more": false}}"#;

    #[test]
    fn users_are_totals_and_no_events() {
        let (source, batch) = inspected(USERS, &settings());
        assert_eq!((source.name, batch.events.len()), ("base44-monitoring", 0));
        assert_eq!((batch.rows.physical, batch.rows.folded, batch.rows.rejected), (2, 1, 1));
        let told: Vec<String> = batch.told.iter().map(|t| format!("{} {} {}", t.name, t.meter, t.amount)).collect();
        assert_eq!(told, ["ada@example.com message 12.5", "ada@example.com integration 3"]);
        assert_eq!(batch.columns.unmatched, ["total_credits", "member_allocation"]);
    }

    #[test]
    fn apps_and_the_pool_are_known_too() {
        let apps = r#"{"apps": [{"app_id": "a1", "app_name": "Shop", "message_credits_consumed": 7,
            "integration_credits_consumed": 0, "total_credits_consumed": 7}]}"#;
        let (source, batch) = inspected(apps, &settings());
        assert_eq!((source.name, batch.told.len(), batch.told[0].name.as_str()), ("base44-monitoring", 2, "a1"));
        let pool = r#"{"workspace_id": "w", "credit_pool": {"message": {"used": 4}}}"#;
        let (source, batch) = inspected(pool, &settings());
        assert_eq!((source.name, batch.rows.folded, batch.told.len()), ("base44-monitoring", 1, 0));
    }
}
