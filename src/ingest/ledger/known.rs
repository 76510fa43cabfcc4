//! What many rows share is read once and then known by the cells that tell it.
use std::{hash::BuildHasher as _, ops::Range};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// Stands between cells; a combination with such a character inside of a cell is not kept.
const BETWEEN: char = '\u{1f}';

/// Values by the cells of some columns, the same columns at each call.
#[derive(Debug)]
pub(super) struct Known<T> {
    /// The cells of long combinations, each cell with [`BETWEEN`] behind it.
    text: String,
    table: HashTable<Entry<T>>,
    /// How many combinations are kept at most.
    most: usize,
    /// The cells that are looked for, written likewise.
    wanted: String,
}

#[derive(Debug)]
struct Entry<T> {
    hash: u64,
    cells: Cells,
    value: T,
}

/// Where the cells of a combination stand: most beside their value, where a look-up has to go anyway, long ones in the text.
#[derive(Debug)]
enum Cells {
    Here(u8, [u8; HERE]),
    InText(Range<usize>),
}

/// So long are cells that stand beside their value: an entry of the table fills a line of the cache.
const HERE: usize = 46;

impl Cells {
    fn of(wanted: &str, text: &mut String) -> Self {
        let mut here = [0; HERE];
        if let (Some(part), Ok(length)) = (here.get_mut(..wanted.len()), u8::try_from(wanted.len())) {
            part.copy_from_slice(wanted.as_bytes());
            return Self::Here(length, here);
        }
        let start = text.len();
        text.push_str(wanted);
        Self::InText(start..text.len())
    }

    #[inline]
    fn are(&self, wanted: &str, text: &str) -> bool {
        match self {
            Self::Here(length, here) => here[..usize::from(*length)] == *wanted.as_bytes(),
            Self::InText(place) => text.as_bytes()[place.clone()] == *wanted.as_bytes(),
        }
    }
}

impl<T: Copy> Known<T> {
    /// Keeps so many combinations.
    pub(super) fn at_most(most: usize) -> Self {
        Self { text: String::new(), table: HashTable::new(), most, wanted: String::new() }
    }

    /// The value of some cells; it is made where they stand together for the first time.
    ///
    /// # Errors
    /// That of making it.
    #[inline]
    pub(super) fn get_or_make<'c, E>(
        &mut self,
        cells: impl Iterator<Item = &'c str>,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let Self { text, table, most, wanted } = self;
        wanted.clear();
        let mut count = 0;
        for cell in cells {
            wanted.push_str(cell);
            wanted.push(BETWEEN);
            count += 1;
        }
        let hash = FxBuildHasher.hash_one(wanted.as_bytes());
        if let Some(entry) = table.find(hash, |entry| entry.hash == hash && entry.cells.are(wanted, text)) {
            return Ok(entry.value);
        }
        let value = make()?;
        // What is kept has this character behind each cell and nowhere else, so nothing else can be taken for it.
        if table.len() < *most && wanted.matches(BETWEEN).count() == count {
            let entry = Entry { hash, cells: Cells::of(wanted, text), value };
            table.insert_unique(hash, entry, |entry| entry.hash);
        }
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_made_once_for_the_same_cells() {
        let mut known = Known::at_most(3);
        let mut get = |cells: &[&'static str], value: u32| {
            known.get_or_make(cells.iter().copied(), || Ok::<u32, ()>(value)).unwrap_or_default()
        };
        assert_eq!(get(&["a", "b"], 1), 1);
        assert_eq!(get(&["a", "b"], 2), 1);
        assert_eq!(get(&["ab", ""], 3), 3);
        assert_eq!(get(&["", "ab"], 4), 4);
        assert_eq!((get(&["c", ""], 5), get(&["c", ""], 6)), (5, 6), "no room is left");
        assert_eq!((get(&["a", "b"], 7), get(&["ab", ""], 8)), (1, 3));
    }

    #[test]
    fn combinations_of_any_length_are_known() {
        let long: Vec<String> = (0..2 * HERE).map(|length| "x".repeat(length)).collect();
        let mut known = Known::at_most(usize::MAX);
        for round in [0, 1000] {
            for (length, cell) in long.iter().enumerate() {
                let made = known.get_or_make([cell.as_str()].into_iter(), || Ok::<usize, ()>(length + round));
                assert_eq!(made, Ok(length));
            }
        }
    }

    #[test]
    fn cells_with_the_character_between_cells_are_not_mixed_up() {
        let mut known = Known::at_most(9);
        let mut get = |cells: &[&'static str], value: u32| {
            known.get_or_make(cells.iter().copied(), || Ok::<u32, ()>(value)).unwrap_or_default()
        };
        assert_eq!((get(&["a", "b"], 1), get(&["a\u{1f}b", ""], 2), get(&["", "a\u{1f}b"], 3)), (1, 2, 3));
        assert_eq!((get(&["a\u{1f}b", ""], 4), get(&["", "a\u{1f}b"], 5), get(&["a", "b"], 6)), (4, 5, 1));
    }
}
