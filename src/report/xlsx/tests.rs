//! Workbooks read back by another library.
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};

use super::*;
use crate::{
    model::amount::Total,
    report::{
        self,
        fixture::{self, Team},
    },
};

fn book(team: &Team) -> Vec<u8> {
    let report = team.report();
    render(&report, &report::sheets(&report)).unwrap()
}

fn cells(bytes: Vec<u8>, sheet: &str) -> Vec<Vec<Data>> {
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    book.worksheet_range(sheet).unwrap().rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn the_same_report_has_the_same_bytes() {
    assert_eq!(book(&fixture::typical()), book(&fixture::typical()));
}

#[test]
fn each_cut_sums_to_the_exact_total_and_others_is_one_row() {
    for team in [fixture::typical(), fixture::long(), fixture::refunded()] {
        let total = team.rollups.accounts[0].total.amount;
        for cut in Cut::ALL.into_iter().filter(|cut| cut.named(&team.rollups.accounts[0]) > 0) {
            let rows = cells(book(&team), cuts::name(cut));
            let exact = rows[0].len() - 1;
            let sum: Total = rows[1..].iter().map(|row| fixture::total(&row[exact].to_string())).sum();
            assert_eq!(sum, total, "{cut:?}");
            assert!(rows.len() <= MOST_ROWS + 3);
        }
    }
}

#[test]
fn names_are_texts_and_numbers_are_numbers() {
    let team = fixture::hostile();
    let rows = cells(book(&team), "Users");
    let steered = rows.iter().find(|row| row[3] == Data::String("\u{1b}[31mred\u{7}".to_owned())).unwrap();
    assert!(matches!(steered[4], Data::Float(_)) && matches!(steered[5], Data::Float(_)));
    let mut book = Xlsx::new(Cursor::new(book(&team))).unwrap();
    for name in book.sheet_names() {
        assert!(book.worksheet_formula(&name).unwrap().is_empty(), "{name} holds a formula");
    }
}

#[test]
fn a_report_of_nothing_is_a_workbook_too() {
    assert!(!cells(book(&fixture::nothing()), "Summary").is_empty());
}
