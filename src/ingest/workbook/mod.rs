//! Workbooks, XLSX and ODS: each worksheet is a table of its own.
mod cells;
mod grid;
mod ods;
mod xlsx;

use cells::Remarks;

use crate::ingest::{
    isolate::isolated,
    sheet::Sheet,
    unpack::{
        Damage,
        archive::{self, Archive},
        bounds::Budget,
    },
};

/// A sheet of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct About {
    /// Its name.
    pub(super) name: String,
    /// Whether people do not see it.
    pub(super) is_hidden: bool,
    /// Whether it holds cells; charts are sheets too.
    pub(super) is_table: bool,
}

/// An open workbook.
pub(super) enum Book<'b> {
    /// Of Excel.
    Xlsx(Box<xlsx::Book<'b>>),
    /// Of `LibreOffice`.
    Ods(ods::Book),
}

/// Whether some bytes are an office document, or an old or an encrypted one.
pub(super) fn is_document(bytes: &[u8]) -> bool {
    archive::is_zip(bytes) || bytes.starts_with(OLD)
}

/// The container of old office documents, and of encrypted ones.
const OLD: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

impl<'b> Book<'b> {
    /// Opens a workbook.
    ///
    /// # Errors
    /// When it is none, or an old or an encrypted one, or damaged, or unpacks to too much.
    pub(super) fn open(bytes: &'b [u8], budget: &mut Budget) -> Result<Self, Damage> {
        if bytes.starts_with(OLD) {
            let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
            let is_encrypted = memchr::memmem::find(bytes, &encrypted).is_some();
            let what = if is_encrypted { "an encrypted workbook" } else { "an old office document such as .xls" };
            return Err(Damage::Broken(format!("{what}: save it as .xlsx without a password, or export it as CSV")));
        }
        isolated(|| {
            let mut archive = archive::open(bytes, budget)?;
            Ok(match kind(&archive)? {
                Kind::Xlsx => Self::Xlsx(Box::new(xlsx::Book::open(bytes, &mut archive, budget)?)),
                Kind::Ods => Self::Ods(ods::Book::open(&mut archive, budget)?),
            })
        })
        .unwrap_or_else(|| Err(panicked()))
    }

    /// Its sheets, in its order.
    ///
    /// # Errors
    /// When it is damaged.
    pub(super) fn sheets(&self) -> Result<Vec<About>, Damage> {
        match self {
            Self::Xlsx(book) => Ok(book.sheets()),
            Self::Ods(book) => book.sheets(),
        }
    }

    /// The cells of a sheet, and what was done to them.
    ///
    /// # Errors
    /// When it is damaged.
    pub(super) fn read(&mut self, name: &str) -> Result<(Sheet<'static>, Remarks), Damage> {
        isolated(|| match self {
            Self::Xlsx(book) => book.read(name),
            Self::Ods(book) => book.read(name),
        })
        .unwrap_or_else(|| Err(panicked()))
    }
}

enum Kind {
    Xlsx,
    Ods,
}

fn kind(archive: &Archive) -> Result<Kind, Damage> {
    let names: Vec<String> = archive.file_names().filter_map(Result::ok).map(|name| name.to_lowercase()).collect();
    let ends_with = |end: &str| names.iter().any(|name| name.ends_with(end));
    if ends_with("workbook.xml") {
        Ok(Kind::Xlsx)
    } else if ends_with("workbook.bin") {
        Err(Damage::Broken("a binary workbook (.xlsb): save it as .xlsx, or export it as CSV".to_owned()))
    } else if ends_with("mimetype") && !ends_with("[content_types].xml") {
        Ok(Kind::Ods)
    } else {
        Err(Damage::Broken("an office document that is no workbook".to_owned()))
    }
}

fn panicked() -> Damage {
    Damage::Broken("the workbook is damaged: save it again, or export it as CSV".to_owned())
}
