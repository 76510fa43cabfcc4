//! JSON with one row a line: whoever compares two reports sees the rows that differ.
use std::io;

use serde_json::ser::Formatter;

/// Objects down to this depth have a line for each key.
const OBJECTS: usize = 2;
/// Lists down to this depth have a line for each element.
const LISTS: usize = 3;

/// Lines for the outer levels, none within a row.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// For each open object or list, whether its parts have lines, and whether it has any part.
    open: Vec<(bool, bool)>,
}

impl Lines {
    fn begin(&mut self, deepest: usize) {
        let lines = self.open.len() < deepest && self.open.last().is_none_or(|(lines, _)| *lines);
        self.open.push((lines, false));
    }

    fn part<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        let depth = self.open.len();
        let Some((lines, any)) = self.open.last_mut() else { return Ok(()) };
        *any = true;
        match (*lines, first) {
            (true, true) => line(writer, "", depth),
            (true, false) => line(writer, ",", depth),
            (false, true) => Ok(()),
            (false, false) => writer.write_all(b", "),
        }
    }

    fn end<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        match self.open.pop() {
            Some((true, true)) => line(writer, "", self.open.len()),
            _ => Ok(()),
        }
    }
}

fn line<W: io::Write + ?Sized>(writer: &mut W, before: &str, depth: usize) -> io::Result<()> {
    write!(writer, "{before}\n{:width$}", "", width = depth * 2)
}

impl Formatter for Lines {
    fn begin_array<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(LISTS);
        writer.write_all(b"[")
    }

    fn end_array<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer)?;
        writer.write_all(b"]")
    }

    fn begin_array_value<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.part(writer, first)
    }

    fn begin_object<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(OBJECTS);
        writer.write_all(b"{")
    }

    fn end_object<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer)?;
        writer.write_all(b"}")
    }

    fn begin_object_key<W: io::Write + ?Sized>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.part(writer, first)
    }

    fn begin_object_value<W: io::Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}
