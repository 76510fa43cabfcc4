//! The tables of accounts: each is listed once, for writing and for reading.
use std::collections::BTreeMap;

use anyhow::Context as _;

use crate::{
    model::amount::Total,
    pipeline::bundle::{
        columns::Take,
        folder::{Contents, Files},
        records::{AppDay, Head, Hour, Named, OfBasis, OfZero, Start},
    },
    rollup::{
        AccountName, AccountRollup, Tally,
        cases::{AppCase, Cases},
        cube::Cube,
        seams::Seams,
    },
};

/// Puts the tables of accounts into files.
///
/// # Errors
/// When a table cannot be written.
pub(super) fn write(accounts: &mut [AccountRollup], files: &mut Files) -> anyhow::Result<()> {
    files.add(ACCOUNTS, accounts.iter().map(|account| (&account.account, head(account))))?;
    tables(accounts, files)?;
    let starts = || accounts.iter().flat_map(|account| &account.cases.apps);
    let days = (0..).zip(starts()).flat_map(|(start, app)| {
        app.days.iter().map(move |(day, amount)| AppDay { start, day: *day, amount: *amount })
    });
    files.add(APP_DAYS, days)
}

/// Takes the tables of accounts from files.
///
/// # Errors
/// When a table is damaged.
pub(super) fn read(mut files: &Contents) -> anyhow::Result<Vec<AccountRollup>> {
    let heads: Vec<(AccountName, Head)> = files.take(ACCOUNTS)?;
    let mut accounts: Vec<AccountRollup> = heads.into_iter().map(|(name, head)| blank(name, head)).collect();
    tables(&mut accounts, &mut files)?;
    let days: Vec<AppDay> = files.take(APP_DAYS)?;
    let mut starts: Vec<&mut AppCase> = accounts.iter_mut().flat_map(|account| &mut account.cases.apps).collect();
    for AppDay { start, day, amount } in days {
        let app =
            starts.get_mut(start as usize).with_context(|| format!("{APP_DAYS} names an app that is not there"))?;
        app.days.push((day, amount));
    }
    for account in &mut accounts {
        for row in &account.by_action {
            account.total.add(row.tally);
        }
        account.ranges = crate::rollup::ranges::of(&account.seams.doubts);
    }
    Ok(accounts)
}

const ACCOUNTS: &str = "accounts";
const APP_DAYS: &str = "case_app_days";

/// Where tables are put, or taken from.
trait Tables {
    /// A table of rows that stand in an account as they are.
    fn rows<T: Take>(
        &mut self,
        table: &str,
        accounts: &mut [AccountRollup],
        rows: fn(&mut AccountRollup) -> &mut Vec<T>,
    ) -> anyhow::Result<()>;

    /// A table of rows that stand there otherwise.
    fn list<T: Take>(
        &mut self,
        table: &str,
        accounts: &mut [AccountRollup],
        get: fn(&AccountRollup) -> Vec<T>,
        set: fn(&mut AccountRollup, Vec<T>),
    ) -> anyhow::Result<()>;
}

fn tables(accounts: &mut [AccountRollup], io: &mut impl Tables) -> anyhow::Result<()> {
    io.rows("by_action", accounts, |account| &mut account.by_action)?;
    io.rows("by_user", accounts, |account| &mut account.by_user)?;
    io.rows("by_feature", accounts, |account| &mut account.by_feature)?;
    io.rows("by_app", accounts, |account| &mut account.by_app)?;
    io.rows("by_session", accounts, |account| &mut account.by_session)?;
    io.rows("by_day", accounts, |account| &mut account.by_day)?;
    io.rows("by_model", accounts, |account| &mut account.by_model)?;
    io.rows("by_user_and_app", accounts, |account| &mut account.by_user_and_app)?;
    io.rows("worst_session", accounts, |account| &mut account.worst_session)?;
    io.rows("chains", accounts, |account| &mut account.chains)?;
    io.rows("participants", accounts, |account| &mut account.seams.met)?;
    io.rows("doubts", accounts, |account| &mut account.seams.doubts)?;
    io.rows("case_sessions", accounts, |account| &mut account.cases.sessions)?;
    io.rows("case_users", accounts, |account| &mut account.cases.users)?;
    io.rows("cube_apps", accounts, |account| &mut account.cube.apps)?;
    io.rows("cube_sessions", accounts, |account| &mut account.cube.sessions)?;
    io.rows("cube_cells", accounts, |account| &mut account.cube.cells)?;
    io.list(
        "case_apps",
        accounts,
        |account| account.cases.apps.iter().map(Start::of).collect(),
        |account, apps| account.cases.apps = apps.into_iter().map(Start::into_case).collect(),
    )?;
    io.list(
        "cube_users",
        accounts,
        |account| account.cube.users.iter().map(|name| Named { app: 0, name: name.clone() }).collect(),
        |account, users| account.cube.users = users.into_iter().map(|user| user.name).collect(),
    )?;
    io.list(
        "cube_features",
        accounts,
        |account| account.cube.features.iter().map(|(app, name)| Named { app: *app, name: name.clone() }).collect(),
        |account, named| account.cube.features = named.into_iter().map(|one| (one.app, one.name)).collect(),
    )?;
    io.list(
        "by_basis",
        accounts,
        |account| account.by_basis.iter().map(|(basis, tally)| OfBasis { basis: *basis, tally: *tally }).collect(),
        |account, rows| account.by_basis = rows.into_iter().map(|row| (row.basis, row.tally)).collect(),
    )?;
    io.list(
        "by_zero_cause",
        accounts,
        |account| account.zero.iter().map(|(cause, events)| OfZero { cause: *cause, events: *events }).collect(),
        |account, rows| account.zero = rows.into_iter().map(|row| (row.cause, row.events)).collect(),
    )?;
    io.list("by_hour", accounts, hours, |account, rows| {
        for Hour { hour, amount } in rows {
            account.by_hour[hour as usize / 24 % 7][hour as usize % 24] += amount;
        }
    })
}

fn hours(account: &AccountRollup) -> Vec<Hour> {
    let amounts = (0..).zip(account.by_hour.iter().flatten());
    amounts.filter(|(_, amount)| !amount.is_zero()).map(|(hour, amount)| Hour { hour, amount: *amount }).collect()
}

impl Start {
    fn of(app: &AppCase) -> Self {
        let AppCase { subject, start, has_spec, has_text, .. } = app;
        Self { subject: subject.clone(), first_days: *start, has_spec: *has_spec, has_text: *has_text }
    }

    fn into_case(self) -> AppCase {
        let Self { subject, first_days: start, has_spec, has_text } = self;
        AppCase { subject, start, has_spec, has_text, days: Vec::new() }
    }
}

fn head(account: &AccountRollup) -> Head {
    Head {
        buckets: account.buckets,
        refunds: account.refunds,
        detail: account.cube.detail,
        worst_workspace: account.seams.worst_workspace.clone(),
    }
}

fn blank(account: AccountName, head: Head) -> AccountRollup {
    AccountRollup {
        account,
        total: Tally::default(),
        price: None,
        by_action: Vec::new(),
        by_user: Vec::new(),
        by_feature: Vec::new(),
        by_app: Vec::new(),
        by_user_and_app: Vec::new(),
        by_session: Vec::new(),
        by_day: Vec::new(),
        by_model: Vec::new(),
        by_basis: Vec::new(),
        buckets: head.buckets,
        refunds: head.refunds,
        zero: Vec::new(),
        by_hour: Box::new([[Total::ZERO; 24]; 7]),
        worst_session: Vec::new(),
        ranges: Default::default(),
        cases: Cases::default(),
        chains: Vec::new(),
        cube: Cube { detail: head.detail, ..Cube::default() },
        seams: Seams { worst_workspace: head.worst_workspace, ..Seams::default() },
    }
}

impl Tables for Files {
    fn rows<T: Take>(
        &mut self,
        table: &str,
        accounts: &mut [AccountRollup],
        rows: fn(&mut AccountRollup) -> &mut Vec<T>,
    ) -> anyhow::Result<()> {
        let all = accounts.iter_mut().flat_map(|account| {
            let name = account.account.clone();
            std::mem::take(rows(account)).into_iter().map(move |row| (name.clone(), row))
        });
        self.add(table, all)
    }

    fn list<T: Take>(
        &mut self,
        table: &str,
        accounts: &mut [AccountRollup],
        get: fn(&AccountRollup) -> Vec<T>,
        _: fn(&mut AccountRollup, Vec<T>),
    ) -> anyhow::Result<()> {
        self.add(table, accounts.iter().flat_map(|account| get(account).into_iter().map(|row| (&account.account, row))))
    }
}

impl Tables for &Contents {
    fn rows<T: Take>(
        &mut self,
        table: &str,
        accounts: &mut [AccountRollup],
        rows: fn(&mut AccountRollup) -> &mut Vec<T>,
    ) -> anyhow::Result<()> {
        let found: Vec<(AccountName, T)> = self.take(table)?;
        let positions = positions(accounts);
        for (name, row) in found {
            rows(&mut accounts[of(&positions, &name, table)?]).push(row);
        }
        Ok(())
    }

    fn list<T: Take>(
        &mut self,
        table: &str,
        accounts: &mut [AccountRollup],
        _: fn(&AccountRollup) -> Vec<T>,
        set: fn(&mut AccountRollup, Vec<T>),
    ) -> anyhow::Result<()> {
        let found: Vec<(AccountName, T)> = self.take(table)?;
        let positions = positions(accounts);
        let mut lists: Vec<Vec<T>> = accounts.iter().map(|_| Vec::new()).collect();
        for (name, row) in found {
            lists[of(&positions, &name, table)?].push(row);
        }
        for (account, list) in accounts.iter_mut().zip(lists) {
            set(account, list);
        }
        Ok(())
    }
}

fn positions(accounts: &[AccountRollup]) -> BTreeMap<AccountName, usize> {
    accounts.iter().zip(0..).map(|(account, position)| (account.account.clone(), position)).collect()
}

fn of(positions: &BTreeMap<AccountName, usize>, name: &AccountName, table: &str) -> anyhow::Result<usize> {
    let found = positions.get(name).copied();
    found.with_context(|| format!("{table} names an account that is not there: {} {}", name.provider, name.unit))
}
