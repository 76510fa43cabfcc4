//! The chains of repair of an account as a table.
use crate::{
    model::amount::Total,
    report::{
        Report, chains, clean, cut,
        html::table::{Cell, Head, Line, Table},
        plain::UNFILTERED,
        words,
        words::amount::Decimals,
    },
    rollup::{
        AccountRollup, Tally,
        lineage::chains::{Chain, Summed},
    },
};

/// So many are shown; what follows is summed in one row.
const MOST: usize = 200;

/// The table; `None` where nothing needed repair.
pub(super) fn table(account: &AccountRollup, report: &Report, id: String) -> Option<Table> {
    if account.chains.is_empty() {
        return None;
    }
    let (shown, rest) = account.chains.split_at(account.chains.len().min(MOST));
    let decimals = Decimals::of(account.account.unit, shown.iter().map(|chain| chain.whole().amount));
    let heads = [
        ["Repaired", "User", "Ended"].map(Head::text).into(),
        ["Repair", "Repairs", "Build", "Iterate", "All"].map(Head::number).into(),
        ["First repair", "Last repair"].map(Head::text).into(),
        ["Calm after", "Sessions"].map(Head::number).into(),
    ];
    let heads: Vec<Head> = heads.into_iter().flat_map(|part: Vec<Head>| part).collect();
    let amount = |amount: Total| Cell::Number(words::amount::cell(amount, decimals), amount.to_string());
    let whole = |count: u64| Cell::Number(words::count(count), count.to_string());
    let costs = |parts: [Tally; 3]| {
        let [build, iterate, repair] = parts.map(|tally| tally.amount);
        [amount(repair), whole(parts[2].events), amount(build), amount(iterate), amount(build + iterate + repair)]
    };
    let row = |chain: &Chain| {
        let moment = |at| Cell::Moment(words::time::moment(at, report.zone));
        let calm = chain.last_repair.since(chain.began());
        let user = match (&chain.subject.user, chain.users) {
            (Some(user), _) => user.clone(),
            (None, 0) => words::nameless(cut::Key::User).to_owned(),
            (None, users) => words::counted(users, "user", "users"),
        };
        let mut cells = vec![
            Cell::Text(chains::about(chain)),
            Cell::Text(user),
            Cell::Moment(chain.state(report.now).word().to_owned()),
        ];
        cells.extend(costs([chain.build, chain.iterate, chain.repair]));
        cells.extend([moment(chain.first_repair), moment(chain.last_repair)]);
        cells.push(Cell::Number(words::time::duration(calm), calm.num_seconds().to_string()));
        cells.push(whole(chain.sessions));
        Line { cells, others: false }
    };
    let summed = |name: String, sum: &Summed| {
        let mut cells = vec![Cell::Text(name), Cell::Blank, Cell::Blank];
        cells.extend(costs([sum.build, sum.iterate, sum.repair]));
        cells.extend([Cell::Blank, Cell::Blank, Cell::Blank, Cell::Blank]);
        cells
    };
    let mut rows: Vec<Line> = shown.iter().map(row).collect();
    let others = Summed::of(rest, report.now);
    rows.extend(
        (others.chains > 0)
            .then(|| Line { cells: summed(words::counted(others.chains, "other", "others"), &others), others: true }),
    );
    let total = summed("Total".to_owned(), &Summed::of(&account.chains, report.now));
    let caption = format!(
        "Pieces of work that needed repair ({}), dearest repair first",
        words::count(account.chains.len() as u64)
    );
    Some(Table { id: Some(id), caption, heads, rows, total: Some(total) })
}

/// The heading, what the chains come to, and the table; empty where nothing needed repair.
pub(super) fn section(account: &AccountRollup, report: &Report, slug: &str) -> String {
    let Some(table) = table(account, report, format!("{slug}-chains")) else { return String::new() };
    let said =
        chains::sentence(account, report.now).map(|said| format!("<p>{}.\n", clean::html(&said))).unwrap_or_default();
    format!("<h3>Repairs</h3>\n{UNFILTERED}{said}{}<p class=muted>{}\n", table.html(), chains::METHOD)
}
