//! XLSX, read cell by cell: calamine's tables hold every cell of the rectangle between the first and the last one, which a
//! hostile sheet makes as large as it likes.
use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Style, Xlsx, XlsxError};

use crate::ingest::{
    sheet::Sheet,
    unpack::{
        Damage,
        archive::{self, Archive},
        bounds::Budget,
    },
    workbook::{
        About,
        cells::{self, Remarks},
        grid::Grid,
    },
};

/// An open workbook.
pub(in crate::ingest) struct Book<'b> {
    inner: Xlsx<Cursor<&'b [u8]>>,
    unpacked: u64,
    budget: Budget,
}

impl<'b> Book<'b> {
    /// Opens a workbook after its parts have proven to be of a plausible size.
    pub(super) fn open(bytes: &'b [u8], archive: &mut Archive, budget: &mut Budget) -> Result<Self, Damage> {
        let unpacked = count(archive, budget)?;
        let inner = Xlsx::new(Cursor::new(bytes)).map_err(damage)?;
        Ok(Self { inner, unpacked, budget: budget.clone() })
    }

    /// Its sheets, in its order.
    pub(super) fn sheets(&self) -> Vec<About> {
        let about = |sheet: &calamine::Sheet| About {
            name: sheet.name.clone(),
            is_hidden: sheet.visible != SheetVisible::Visible,
            is_table: sheet.typ == SheetType::WorkSheet,
        };
        self.inner.sheets_metadata().iter().map(about).collect()
    }

    /// The cells of a sheet.
    pub(super) fn read(&mut self, name: &str) -> Result<(Sheet<'static>, Remarks), Damage> {
        let (mut grid, mut remarks) = (Grid::new(self.unpacked, &self.budget), Remarks::default());
        let is_1904 = self.inner.has_1904_epoch();
        let mut reader = match self.inner.worksheet_cells_reader(name) {
            Ok(reader) => reader,
            Err(XlsxError::NotAWorksheet(_)) => return Ok((grid.finish()?, remarks)),
            Err(err) => return Err(damage(err)),
        };
        while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(damage)? {
            let (row, column) = cell.get_position();
            let text = match cell.get_value() {
                DataRef::Empty => continue,
                DataRef::String(text) => text.clone(),
                DataRef::SharedString(text) => {
                    grid.push(row, column, text)?;
                    continue;
                }
                DataRef::Int(value) => value.to_string(),
                DataRef::Float(value) => remarks.number(*value),
                DataRef::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
                DataRef::DateTime(at) => {
                    let shown = time(*at, is_1904, reader.styles().get(style));
                    shown.unwrap_or_else(|| remarks.number(at.as_f64()))
                }
                DataRef::DateTimeIso(text) => cells::iso_time(text),
                DataRef::DurationIso(text) => cells::iso_span(text),
                DataRef::Error(error) => remarks.error(&error.to_string()),
            };
            grid.push(row, column, &text)?;
        }
        Ok((grid.finish()?, remarks))
    }
}

/// A cell with a format of dates, times or spans of time.
fn time(at: ExcelDateTime, is_1904: bool, style: Option<&Style>) -> Option<String> {
    if at.is_duration() {
        return cells::span(at.as_f64());
    }
    let format = style.and_then(|style| style.number_format.as_ref());
    let shows_time = format.is_some_and(|format| cells::shows_time(&format.format_code));
    cells::time(at.as_f64(), is_1904, shows_time)
}

/// Texts of cells, which stay in memory and take about three times as much there, unless the user allows more.
const MOST_TEXTS: u64 = 128 << 20;

/// What all parts unpack to, each checked with its checksum. A list of texts may not promise more than it can hold: room for
/// the promise is made before it is read.
fn count(archive: &mut Archive, budget: &mut Budget) -> Result<u64, Damage> {
    let mut unpacked = 0;
    for index in 0..archive.len() {
        let name = archive.name_for_index(index).and_then(Result::ok).unwrap_or_default().to_ascii_lowercase();
        if name.ends_with("sharedstrings.xml") {
            let texts = archive::unpack(archive, index, &mut budget.capped(MOST_TEXTS))?;
            let most = texts.len() as u64;
            budget.take(most)?;
            if promises(&texts).any(|promise| promise > most) {
                return Err(damage("it promises more texts than it holds"));
            }
            unpacked += most;
        } else {
            unpacked += archive::count(archive, index, budget)?;
        }
    }
    Ok(unpacked)
}

/// The numbers of texts that a list says it has.
fn promises(texts: &[u8]) -> impl Iterator<Item = u64> {
    const WORD: &[u8] = b"uniqueCount";
    memchr::memmem::find_iter(texts, WORD).map(|at| {
        let value = texts[at + WORD.len()..].iter().skip_while(|byte| !byte.is_ascii_alphanumeric());
        value
            .take_while(|byte| byte.is_ascii_digit())
            .fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
    })
}

fn damage(err: impl std::fmt::Display) -> Damage {
    Damage::Broken(format!("the workbook is damaged ({err}): save it again, or export it as CSV"))
}
