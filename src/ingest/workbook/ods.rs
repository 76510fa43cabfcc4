//! ODS, read from its XML: a cell or a row that stands for many equal ones is as short to write as one, so what they come
//! to is bounded while it is read.
use quick_xml::{
    Reader, XmlVersion,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};

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
pub(in crate::ingest) struct Book {
    content: Vec<u8>,
    budget: Budget,
}

/// One cell, and how many columns it stands for.
#[derive(Default)]
struct Cell {
    repeated: u32,
    value: Value,
    text: String,
}

#[derive(Default)]
enum Value {
    /// What its paragraphs say.
    #[default]
    Text,
    Number(String),
    Time(String),
    Span(String),
    Other(String),
    Error,
}

type Xml<'b> = Reader<&'b [u8]>;

impl Book {
    /// Opens a workbook; of its parts only the content is unpacked.
    pub(super) fn open(archive: &mut Archive, budget: &mut Budget) -> Result<Self, Damage> {
        let index = archive.index_for_name("content.xml").ok_or_else(|| damage("it has no content"))?;
        if let Some(index) = archive.index_for_name("META-INF/manifest.xml") {
            let manifest = archive::unpack(archive, index, budget)?;
            if memchr::memmem::find(&manifest, b"encryption-data").is_some() {
                return Err(Damage::Broken("the workbook is encrypted: save it without a password".to_owned()));
            }
        }
        let content = archive::unpack(archive, index, budget)?;
        Ok(Self { content, budget: budget.clone() })
    }

    fn xml(&self) -> Xml<'_> {
        let mut xml = Reader::from_reader(self.content.as_slice());
        xml.config_mut().expand_empty_elements = true;
        xml
    }

    /// Its sheets, in its order.
    pub(super) fn sheets(&self) -> Result<Vec<About>, Damage> {
        let (mut xml, mut buffer, mut found) = (self.xml(), Vec::new(), Vec::new());
        let (mut style, mut hidden) = (String::new(), Vec::new());
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(damage)? {
                Event::Start(start) => match start.name().0 {
                    "style:style" => style = attribute(&start, "style:name")?,
                    "style:table-properties" if attribute(&start, "table:display")? == "false" => {
                        hidden.push(style.clone());
                    }
                    "table:table" => {
                        let is_hidden = hidden.contains(&attribute(&start, "table:style-name")?);
                        found.push(About { name: attribute(&start, "table:name")?, is_hidden, is_table: true });
                    }
                    _ => (),
                },
                Event::Eof => return Ok(found),
                _ => (),
            }
        }
    }

    /// The cells of a sheet.
    pub(super) fn read(&self, name: &str) -> Result<(Sheet<'static>, Remarks), Damage> {
        let (mut xml, mut buffer) = (self.xml(), Vec::new());
        let (mut grid, mut remarks) = (Grid::new(self.content.len() as u64, &self.budget), Remarks::default());
        let (mut is_within, mut row) = (false, 0_u32);
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(damage)? {
                Event::Start(start) if start.name().0 == "table:table" => {
                    is_within = attribute(&start, "table:name")? == name;
                }
                Event::Start(start) if is_within && start.name().0 == "table:table-row" => {
                    let repeated = count(&start, "table:number-rows-repeated")?;
                    let cells = read_row(&mut xml, &mut remarks)?;
                    // Rows without cells may stand for all the rows down to the end.
                    let n_filled = if cells.is_empty() { 0 } else { repeated };
                    for number in row..row.saturating_add(n_filled) {
                        push(&mut grid, number, &cells)?;
                    }
                    row = row.saturating_add(repeated);
                }
                Event::End(end) if is_within && end.name().0 == "table:table" => break,
                Event::Eof => return Err(damage("it ends too early")),
                _ => (),
            }
        }
        Ok((grid.finish()?, remarks))
    }
}

/// Adds a row of cells, each with its column and how many columns it stands for.
fn push(grid: &mut Grid, row: u32, cells: &[(u32, u32, String)]) -> Result<(), Damage> {
    for (column, repeated, text) in cells {
        for column in *column..column.saturating_add(*repeated) {
            grid.push(row, column, text)?;
        }
    }
    Ok(())
}

/// The cells of a row that are not empty: column, number of columns, text.
fn read_row(xml: &mut Xml, remarks: &mut Remarks) -> Result<Vec<(u32, u32, String)>, Damage> {
    let (mut cells, mut column, mut buffer) = (Vec::new(), 0_u32, Vec::new());
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(damage)? {
            Event::Start(start) if matches!(start.name().0, "table:table-cell" | "table:covered-table-cell") => {
                let mut cell = Cell { repeated: count(&start, "table:number-columns-repeated")?, ..Cell::default() };
                cell.value = value(&start)?;
                read_text(xml, &mut cell.text)?;
                let text = cell.value.text(cell.text, remarks);
                if !text.is_empty() {
                    cells.push((column, cell.repeated, text));
                }
                column = column.saturating_add(cell.repeated);
            }
            Event::End(end) if end.name().0 == "table:table-row" => return Ok(cells),
            Event::Eof => return Err(damage("it ends too early")),
            _ => (),
        }
    }
}

/// What the attributes of a cell say that it holds.
fn value(start: &BytesStart) -> Result<Value, Damage> {
    if attribute(start, "calcext:value-type")? == "error" {
        return Ok(Value::Error);
    }
    Ok(match attribute(start, "office:value-type")?.as_str() {
        "float" | "percentage" | "currency" => Value::Number(attribute(start, "office:value")?),
        "date" => Value::Time(attribute(start, "office:date-value")?),
        "time" => Value::Span(attribute(start, "office:time-value")?),
        "boolean" => Value::Other(attribute(start, "office:boolean-value")?.to_uppercase()),
        _ => match attribute(start, "office:string-value")? {
            text if text.is_empty() => Value::Text,
            text => Value::Other(text),
        },
    })
}

impl Value {
    fn text(self, shown: String, remarks: &mut Remarks) -> String {
        match self {
            Self::Number(text) if !text.is_empty() => remarks.number_text(&text),
            Self::Time(text) if !text.is_empty() => cells::iso_time(&text),
            Self::Span(text) if !text.is_empty() => cells::iso_span(&text),
            Self::Other(text) if !text.is_empty() => text,
            Self::Error => remarks.error(&shown),
            _ => shown,
        }
    }
}

/// The paragraphs of a cell up to its end, as lines. What hangs on a cell, such as a remark, is not its text.
fn read_text(xml: &mut Xml, text: &mut String) -> Result<(), Damage> {
    let (mut buffer, mut depth, mut paragraph, mut n_paragraphs) = (Vec::new(), 0_usize, None, 0);
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(damage)? {
            Event::Start(start) => {
                let name = start.name().0;
                depth += 1;
                if depth == 1 && matches!(name, "text:p" | "text:h") {
                    paragraph = Some(depth);
                    text.push_str(if n_paragraphs > 0 { "\n" } else { "" });
                    n_paragraphs += 1;
                } else if paragraph.is_some() {
                    match name {
                        "text:s" => text.extend(std::iter::repeat_n(' ', count(&start, "text:c")?.min(1_000) as usize)),
                        "text:tab" => text.push('\t'),
                        "text:line-break" => text.push('\n'),
                        _ => (),
                    }
                }
            }
            Event::End(_) if depth == 0 => return Ok(()),
            Event::End(_) => {
                paragraph = paragraph.filter(|at| *at < depth);
                depth -= 1;
            }
            Event::Text(part) if paragraph.is_some() => text.push_str(&part.xml10_content()),
            Event::CData(part) if paragraph.is_some() => text.push_str(&part.xml10_content()),
            Event::GeneralRef(entity) if paragraph.is_some() => {
                let letter = entity.resolve_char_ref().map_err(damage)?.map(String::from);
                let known = resolve_predefined_entity(&entity).map(str::to_owned);
                text.push_str(&letter.or(known).ok_or_else(|| damage("it holds an unknown entity"))?);
            }
            Event::Eof => return Err(damage("it ends too early")),
            _ => (),
        }
    }
}

/// An attribute; empty where it is not there.
fn attribute(start: &BytesStart, name: &str) -> Result<String, Damage> {
    let Some(found) = start.try_get_attribute(name).map_err(damage)? else { return Ok(String::new()) };
    Ok(found.normalized_value(XmlVersion::Implicit1_0).map_err(damage)?.into_owned())
}

/// A number that an attribute tells; 1 where it is not there.
fn count(start: &BytesStart, name: &str) -> Result<u32, Damage> {
    match attribute(start, name)?.as_str() {
        "" => Ok(1),
        digits => digits.parse().map_err(|_| damage(format!("{name} is {digits:?}"))),
    }
}

fn damage(err: impl std::fmt::Display) -> Damage {
    Damage::Broken(format!("the workbook is damaged ({err}): save it again, or export it as CSV"))
}
