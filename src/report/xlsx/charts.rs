//! Charts that the spreadsheet draws itself from the cells of the other sheets, so that they can be edited.
use rust_xlsxwriter::{Chart, ChartAxisCrossing, ChartType, Color, Format, Workbook};

use crate::{
    model::action::Action,
    report::{
        Sheet,
        charts::amounts,
        clean,
        cut::Cut,
        theme, words,
        xlsx::cuts::{self, Placed},
    },
};

/// So many accounts have charts.
const MOST_ACCOUNTS: usize = 4;
/// So many rows of a ranking have a bar.
const MOST_BARS: u32 = 20;
/// Rows of cells that a chart covers.
const HEIGHT: u32 = 22;

/// Adds the sheet of charts, where there is anything to draw.
pub(super) fn write(book: &mut Workbook, sheets: &[Sheet], placed: &[Placed]) -> anyhow::Result<()> {
    let drawn = [Cut::Day, Cut::User, Cut::Feature];
    let is_wanted = |at: &&Placed| {
        // a single day or name compares nothing
        let compares = at.rows.0 < at.rows.1;
        let is_drawn = compares && at.account < MOST_ACCOUNTS && drawn.contains(&at.cut);
        is_drawn && used(&sheets[at.account], at.cut).next().is_some()
    };
    let wanted: Vec<&Placed> = placed.iter().filter(is_wanted).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let page = book.add_worksheet();
    page.set_name("Charts")?;
    page.set_screen_gridlines(false).set_landscape().set_print_fit_to_pages(1, 0);
    let mut top = 0;
    for (position, sheet) in sheets.iter().enumerate().take(MOST_ACCOUNTS) {
        let name = words::account(&sheet.account.account);
        page.write_string_with_format(top, 0, clean::line(&name), &Format::new().set_bold().set_font_size(14))?;
        top += 2;
        for cut in drawn {
            if let Some(at) = wanted.iter().find(|at| at.account == position && at.cut == cut) {
                page.insert_chart(top, 0, &chart(sheet, at))?;
                top += HEIGHT;
            }
        }
    }
    Ok(())
}

/// The classes that cost something in a cut.
fn used<'s>(sheet: &'s Sheet, cut: Cut) -> impl Iterator<Item = &'static Action> + use<'s> {
    let account = sheet.account;
    let has_cost = move |action: &&Action| {
        let amounts = cut.rows(account).iter().map(|row| amounts(&row.actions)[action.index()]);
        amounts.into_iter().any(|amount| !amount.is_zero())
    };
    Action::ALL.iter().filter(has_cost)
}

fn chart(sheet: &Sheet, at: &Placed) -> Chart {
    let is_ranking = at.cut != Cut::Day;
    let mut chart = Chart::new(if is_ranking { ChartType::BarStacked } else { ChartType::ColumnStacked });
    let (first, last) = at.rows;
    let last = if is_ranking { last.min(first + MOST_BARS - 1) } else { last };
    let source = cuts::name(at.cut);
    for action in used(sheet, at.cut) {
        let column = at.actions + u16::try_from(action.index()).unwrap_or(0);
        let colour = theme::colour(*action);
        let colour = Color::RGB(u32::from(colour.0) << 16 | u32::from(colour.1) << 8 | u32::from(colour.2));
        chart
            .add_series()
            .set_name(action.word())
            .set_categories((source, first, at.name, last, at.name))
            .set_values((source, first, column, last, column))
            .set_format(
                rust_xlsxwriter::ChartFormat::new()
                    .set_solid_fill(rust_xlsxwriter::ChartSolidFill::new().set_color(colour)),
            )
            .set_gap(40);
    }
    let head = words::unit_head(sheet.account.account.unit);
    let (drawing, what) = match at.cut {
        Cut::Day => ("days", format!("{head} a day by action")),
        Cut::User => ("users", format!("{head} by user and action")),
        _ => ("features", format!("{head} by feature and action")),
    };
    // the message that the page's drawing of the same cells has
    let title = sheet.charts.iter().find(|chart| chart.name == drawing).map_or(&what, |chart| &chart.title);
    chart.set_alt_text(format!("{title}; the numbers are on the sheet {source}"));
    chart.title().set_name(title.as_str());
    if is_ranking {
        // the first name on top, and the scale below all the same
        chart.y_axis().set_reverse().set_crossing(ChartAxisCrossing::Max);
        chart.x_axis().set_name(what.as_str());
    } else {
        chart.y_axis().set_name(what.as_str());
        chart.x_axis().set_date_axis(true).set_num_format("d mmm");
    }
    chart.legend().set_position(rust_xlsxwriter::ChartLegendPosition::Bottom);
    chart.set_width(960).set_height(420);
    chart
}
