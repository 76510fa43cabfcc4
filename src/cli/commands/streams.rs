//! Rows of workers as Arrow IPC streams: columns by name in, rows out, a few megabytes at a time.
use std::{
    io::{self, Read, StdoutLock, Write as _},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, BooleanArray, LargeBinaryArray, LargeStringArray, RecordBatch,
    StringArray, StringViewArray,
    builder::{BinaryBuilder, StringBuilder},
};
use arrow_ipc::{reader::StreamReader, writer::StreamWriter};
use arrow_schema::{DataType, Field, Schema, SchemaRef};

use crate::{cli::exit::Exit, pipeline::worker::Row};

/// So many bytes are written at a time.
const PIECE: usize = 4 << 20;

/// A few rows that came in.
pub(super) struct Columns(RecordBatch);

impl Columns {
    /// Gives the rows of a stream, a few at a time.
    pub(super) fn each(stream: impl Read, mut take: impl FnMut(&Self) -> anyhow::Result<()>) -> anyhow::Result<()> {
        const STREAM: &str = "reading standard input, which is to be an Arrow IPC stream";
        for batch in StreamReader::try_new_buffered(stream, None).context(STREAM)? {
            take(&Self(batch.context(STREAM)?))?;
        }
        Ok(())
    }

    /// Whether there is such a column.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.column_by_name(name).is_some()
    }

    fn column(&self, name: &str) -> anyhow::Result<&ArrayRef> {
        self.0.column_by_name(name).with_context(|| format!("standard input has no column {name:?}"))
    }

    /// A column of texts.
    pub(super) fn text(&self, name: &str) -> anyhow::Result<Vec<Option<&str>>> {
        let column = self.column(name)?.as_any();
        if let Some(texts) = column.downcast_ref::<StringArray>() {
            return Ok(texts.iter().collect());
        }
        if let Some(texts) = column.downcast_ref::<LargeStringArray>() {
            return Ok(texts.iter().collect());
        }
        match column.downcast_ref::<StringViewArray>() {
            Some(texts) => Ok(texts.iter().collect()),
            None => bail!("the column {name:?} holds no texts"),
        }
    }

    /// A column of bytes.
    pub(super) fn bytes(&self, name: &str) -> anyhow::Result<Vec<Option<&[u8]>>> {
        let column = self.column(name)?.as_any();
        if let Some(bytes) = column.downcast_ref::<BinaryArray>() {
            return Ok(bytes.iter().collect());
        }
        if let Some(bytes) = column.downcast_ref::<LargeBinaryArray>() {
            return Ok(bytes.iter().collect());
        }
        match column.downcast_ref::<BinaryViewArray>() {
            Some(bytes) => Ok(bytes.iter().collect()),
            None => bail!("the column {name:?} holds no bytes"),
        }
    }

    /// A column of flags; none where there is no such column.
    pub(super) fn flags(&self, name: &str) -> anyhow::Result<Vec<bool>> {
        let Some(column) = self.0.column_by_name(name) else { return Ok(Vec::new()) };
        let flags = column.as_any().downcast_ref::<BooleanArray>();
        let flags = flags.with_context(|| format!("the column {name:?} holds no flags"))?;
        Ok(flags.iter().map(|flag| flag == Some(true)).collect())
    }
}

/// Rows on their way out.
pub(super) struct Rows {
    schema: SchemaRef,
    writer: StreamWriter<io::BufWriter<StdoutLock<'static>>>,
    texts: [StringBuilder; 3],
    payloads: BinaryBuilder,
    size: usize,
}

impl Rows {
    /// None yet.
    pub(super) fn new() -> anyhow::Result<Self> {
        let texts = ["kind", "path", "workspace"].map(|name| Field::new(name, DataType::Utf8, false));
        let fields: Vec<Field> = texts.into_iter().chain([Field::new("payload", DataType::Binary, false)]).collect();
        let out = io::BufWriter::new(io::stdout().lock());
        let schema = Arc::new(Schema::new(fields));
        let writer = StreamWriter::try_new(out, &schema).context("writing to standard output")?;
        Ok(Self { schema, writer, texts: Default::default(), payloads: BinaryBuilder::new(), size: 0 })
    }

    /// Gives a row.
    pub(super) fn give(&mut self, row: &Row) -> anyhow::Result<()> {
        for (text, value) in self.texts.iter_mut().zip([row.kind.word(), &row.path, &row.workspace]) {
            text.append_value(value);
        }
        self.payloads.append_value(&row.payload);
        self.size += row.payload.len();
        if self.size >= PIECE { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        self.size = 0;
        let texts = self.texts.iter_mut().map(|texts| Arc::new(texts.finish()) as ArrayRef);
        let columns: Vec<ArrayRef> = texts.chain([Arc::new(self.payloads.finish()) as ArrayRef]).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        self.writer.write(&batch).context("writing to standard output")
    }

    /// Gives what is left, and ends.
    pub(super) fn finish(mut self) -> anyhow::Result<Exit> {
        self.flush()?;
        self.writer.finish().context("writing to standard output")?;
        self.writer.get_mut().flush().context("writing to standard output")?;
        Ok(Exit::Done)
    }
}
