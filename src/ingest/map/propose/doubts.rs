//! Why the amounts of a column may not add up to what was consumed, whatever its name says.
use std::collections::BTreeSet;

use crate::{
    ingest::{
        map::propose::{
            column::Column,
            lexicon::{self, rank},
            open::Table,
        },
        value::{decimal::CURRENCIES, instant::Instants, quoted},
    },
    model::{amount::Amount, zone::Zone},
};

/// Columns that name a currency a row.
const CURRENCY: &str = "currency curr ccy wahrung waehrung devise monnaie moneda divisa moeda";
/// Prices of one thing, and numbers of things.
const PRICES: &str = "price preis einzelpreis stuckpreis prix precio preco rate";
const QUANTITIES: &str = "qty quantity count units menge anzahl stuck quantite cantidad quantidade";
/// Hundredths.
const CENTS: &str = "cent cents rappen centimes centimos centavos pence";
/// Words in a column beside the amounts for those that were given back, in any of its forms.
const GIVEN_BACK: &str = "credit credits refund refunded reversal reversed gutschrift haben erstattung erstattet storno \
                          storniert remboursement rembourse abono reembolso devolucion estorno credito in";
/// A column with more different words says something else.
const MOST_WORDS: usize = 6;
/// So many rows in order of time must never fall.
const LEAST_ROWS: usize = 6;

/// Why a column does not hold what each row consumed.
pub(super) fn of_rows(amount: &Column, columns: &[Column], table: &Table) -> Option<String> {
    let name = quoted(&amount.name);
    if is_running(amount, columns, table) {
        return Some(format!("the amounts of {name} never fall from row to row: is it a running total?"));
    }
    let quantity = columns.iter().find(|c| c.at != amount.at && rank(&c.name, QUANTITIES) > 1 && c.holds_amounts())?;
    let one = Amount::from_nanos(1_000_000_000);
    let (prices, counts) = (amount.values(table), quantity.values(table));
    let mut pairs = prices.into_iter().zip(counts).filter_map(|(price, count)| Some((price?, count?)));
    let is_each = rank(&amount.name, PRICES) > 1 && pairs.any(|(price, count)| !price.is_zero() && count != one);
    is_each.then(|| {
        format!("is {name} the price of one, and {} how many? then no column is the amount", quoted(&quantity.name))
    })
}

/// Why the amounts of a column have no one unit.
pub(super) fn of_unit(amount: &Column, columns: &[Column], table: &Table) -> Option<String> {
    let cells = table.rows.iter().map(|row| row[amount.at].as_str());
    let signs: BTreeSet<&str> = cells.filter_map(sign_of).collect();
    let told = columns.iter().find(|column| rank(&column.name, CURRENCY) > 1 && column.distinct > 1);
    match told {
        Some(told) => Some(format!(
            "{} names {} currencies, which do not add up: split the file",
            quoted(&told.name),
            told.distinct
        )),
        None if signs.len() > 1 => {
            Some(format!("the cells are in {} currencies, which do not add up: split the file", signs.len()))
        }
        None if rank(&amount.name, CENTS) > 1 && amount.fractions == 0 => {
            Some("by its name it counts hundredths: divide the cells by 100 first, or write credits".to_owned())
        }
        None => None,
    }
}

/// The currency whose sign a cell has; the dollar has several.
fn sign_of(cell: &str) -> Option<&'static str> {
    let sign = CURRENCIES.into_iter().find(|sign| cell.contains(sign))?;
    Some(if sign.starts_with("US") { "$" } else { sign })
}

/// Why the signs of the amounts do not tell what was given back: a column beside them does, in words.
pub(super) fn of_sign(amount: &Column, columns: &[Column], table: &Table) -> Option<String> {
    let tells = |column: &&Column| {
        let words: BTreeSet<&str> = table.rows.iter().map(|row| row[column.at].as_str()).collect();
        let are_few = (2..=MOST_WORDS).contains(&words.len());
        column.at != amount.at && are_few && words.iter().any(|word| rank(word, GIVEN_BACK) == 3)
    };
    let told = columns.iter().find(tells).filter(|_| amount.negative == 0)?;
    Some(format!(
        "no amount is negative, and {} tells in words which were given back: write those as negative amounts",
        quoted(&told.name)
    ))
}

/// Whether the amounts rise with the time and never fall.
fn is_running(amount: &Column, columns: &[Column], table: &Table) -> bool {
    let when =
        columns.iter().filter(|column| column.is_mostly(column.times)).max_by_key(|c| lexicon::time_rank(&c.name));
    let Some(when) = when else { return false };
    let mut instants = Instants { is_by_hand: true, ..Instants::new(Some(Zone::utc())) };
    let values = amount.values(table).into_iter().zip(&table.rows);
    let rows: Vec<_> = values.filter_map(|(value, row)| Some((instants.read(&row[when.at]).ok()?, value?))).collect();
    let distinct: BTreeSet<Amount> = rows.iter().map(|(_, value)| *value).collect();
    let rises = |rows: &mut dyn Iterator<Item = &(crate::model::instant::Instant, Amount)>| {
        let rows: Vec<_> = rows.collect();
        rows.windows(2).all(|pair| pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1)
    };
    distinct.len() >= LEAST_ROWS && (rises(&mut rows.iter()) || rises(&mut rows.iter().rev()))
}
