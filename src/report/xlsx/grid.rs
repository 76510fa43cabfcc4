//! A sheet that is filled row by row: a header that stays in sight, typed cells, columns as wide as their texts.
use anyhow::Context as _;
use chrono::{Datelike as _, NaiveDate, NaiveDateTime, Timelike as _};
use rust_xlsxwriter::{
    Color, ConditionalFormat2ColorScale, ConditionalFormatDataBar, ConditionalFormatType, ExcelDateTime, Format,
    FormatAlign, Worksheet,
};

use crate::{
    model::{account::Unit, amount::Total},
    report::clean,
};

/// The longest text of a cell; the format's limit is a little above.
const LONGEST: usize = 32_000;
/// Columns are at least and at most this wide, in letters.
const WIDTHS: (usize, usize) = (7, 48);

/// A cell.
pub(super) enum Cell {
    Blank,
    /// A text, as it is in the data.
    Text(String),
    /// What the report says, where the data has no text.
    Remark(String),
    Count(u64),
    Amount(Total, Unit),
    Money(Total),
    Share(f64),
    /// A figure of no unit, or of one that its row tells.
    Number(f64),
    Moment(NaiveDateTime),
    Day(NaiveDate),
}

/// What is drawn behind the numbers of a column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Plain,
    /// A bar as long as the share.
    Bar,
    /// The darker, the more.
    Heat,
}

/// A sheet under way.
pub(super) struct Grid<'a> {
    sheet: &'a mut Worksheet,
    looks: Vec<Look>,
    widths: Vec<usize>,
    /// Where the header stands.
    head: u32,
    /// The next row.
    next: u32,
}

impl<'a> Grid<'a> {
    /// Begins a table at a row of a sheet.
    pub(super) fn new(sheet: &'a mut Worksheet, head: u32, heads: &[(&str, Look)]) -> anyhow::Result<Self> {
        let bold =
            Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top).set_background_color(0x00EE_F1F4);
        for (column, (name, _)) in (0..).zip(heads) {
            sheet.write_string_with_format(head, column, *name, &bold)?;
        }
        let widths = heads.iter().map(|(name, _)| clean::columns(name).min(14) + 3).collect();
        Ok(Self { sheet, looks: heads.iter().map(|(_, look)| *look).collect(), widths, head, next: head + 1 })
    }

    /// Adds a row; returns where it stands.
    pub(super) fn row(&mut self, cells: Vec<Cell>) -> anyhow::Result<u32> {
        let row = self.next;
        for (index, cell) in cells.into_iter().enumerate() {
            let width = write(self.sheet, row, u16::try_from(index).context("counting columns")?, cell)?;
            if let Some(widest) = self.widths.get_mut(index) {
                *widest = width.max(*widest);
            }
        }
        self.next += 1;
        Ok(row)
    }

    /// Filters, looks and widths, once all rows are there.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let Self { sheet, looks, widths, head, next } = self;
        let last_column = u16::try_from(looks.len().saturating_sub(1)).context("counting columns")?;
        if next > head + 1 {
            sheet.autofilter(head, 0, next - 1, last_column)?;
            for (column, look) in (0..).zip(&looks) {
                decorate(sheet, *look, (head + 1, next - 1), column)?;
            }
        }
        for (column, width) in (0..).zip(widths) {
            sheet.set_column_width(column, u32::try_from(width.clamp(WIDTHS.0, WIDTHS.1)).unwrap_or(10))?;
        }
        sheet.set_freeze_panes(head + 1, 1)?;
        sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(head, head)?;
        Ok(())
    }
}

fn decorate(sheet: &mut Worksheet, look: Look, (first, last): (u32, u32), column: u16) -> anyhow::Result<()> {
    match look {
        Look::Plain => {}
        Look::Bar => {
            let bar = ConditionalFormatDataBar::new()
                .set_fill_color(Color::RGB(0x009E_BEDE))
                .set_solid_fill(true)
                .set_minimum(ConditionalFormatType::Number, 0)
                .set_maximum(ConditionalFormatType::Number, 1);
            sheet.add_conditional_format(first, column, last, column, &bar)?;
        }
        Look::Heat => {
            let scale = ConditionalFormat2ColorScale::new()
                .set_minimum(ConditionalFormatType::Number, 0)
                .set_maximum(ConditionalFormatType::Number, 1)
                .set_minimum_color(Color::RGB(0x00FF_FFFF))
                .set_maximum_color(Color::RGB(0x00DD_1C77));
            sheet.add_conditional_format(first, column, last, column, &scale)?;
        }
    }
    Ok(())
}

/// Writes a cell; returns how wide it is shown.
pub(super) fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: Cell) -> anyhow::Result<usize> {
    let number = |sheet: &mut Worksheet, value: f64, format: &str| -> anyhow::Result<usize> {
        sheet.write_number_with_format(row, column, value, &Format::new().set_num_format(format))?;
        Ok(12)
    };
    match cell {
        Cell::Blank => Ok(0),
        Cell::Text(value) => text(sheet, (row, column), &value, Format::new()),
        Cell::Remark(value) => text(sheet, (row, column), &value, Format::new().set_italic()),
        Cell::Count(count) => number(sheet, float(&count.to_string())?, "#,##0"),
        Cell::Amount(amount, unit) => number(sheet, float(&amount.to_string())?, format_of(unit)),
        Cell::Money(amount) => number(sheet, float(&amount.to_string())?, "[$$-409]#,##0.00"),
        Cell::Share(share) => number(sheet, share, "0.0%"),
        Cell::Number(value) => number(sheet, value, if value.fract() == 0.0 { "#,##0" } else { "#,##0.00" }),
        Cell::Day(day) => moment(sheet, (row, column), day.and_hms_opt(0, 0, 0).unwrap_or_default(), "yyyy-mm-dd"),
        Cell::Moment(at) => moment(sheet, (row, column), at, "yyyy-mm-dd hh:mm:ss"),
    }
}

/// A text that is no formula, whatever it begins with, also after a click into its cell.
fn text(sheet: &mut Worksheet, at: (u32, u16), value: &str, format: Format) -> anyhow::Result<usize> {
    let clean: String = value.chars().take(LONGEST).map(|c| if is_writable(c) { c } else { '\u{fffd}' }).collect();
    let format = if clean::defused(&clean) == clean { format } else { format.set_quote_prefix() };
    sheet.write_string_with_format(at.0, at.1, &clean, &format)?;
    Ok(clean::columns(&clean) + 2)
}

/// XML has no place for two characters, escaped or not.
const fn is_writable(c: char) -> bool {
    !matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// A day or time; as text where the format's calendar, which begins in 1900, has none.
fn moment(sheet: &mut Worksheet, at: (u32, u16), value: NaiveDateTime, shown: &str) -> anyhow::Result<usize> {
    let part = |number: u32| u8::try_from(number).unwrap_or(0);
    let day = u16::try_from(value.year()).ok().and_then(|year| {
        ExcelDateTime::from_ymd(year, part(value.month()), part(value.day())).ok().filter(|_| year >= 1900)
    });
    match day {
        Some(day) => {
            let hour = u16::try_from(value.hour()).unwrap_or(0);
            let moment = day.and_hms(hour, part(value.minute()), value.second())?;
            sheet.write_datetime_with_format(at.0, at.1, &moment, &Format::new().set_num_format(shown))?;
            Ok(shown.len() + 2)
        }
        None => text(sheet, at, &value.to_string(), Format::new()),
    }
}

/// The nearest number that a spreadsheet can hold.
fn float(decimal: &str) -> anyhow::Result<f64> {
    decimal.parse().with_context(|| format!("writing {decimal}"))
}

const fn format_of(unit: Unit) -> &'static str {
    match unit {
        Unit::Usd => "[$$-409]#,##0.00",
        Unit::Tokens => "#,##0",
        Unit::Credits | Unit::Requests => "#,##0.00",
    }
}
