//! Words of a prompt: folded (lower case, no accents, no apostrophes), hashed, and kept in a short buffer.

/// How many folded bytes are read; what is asked stands at the beginning.
const BYTES: usize = 1024;
/// How many words are read.
pub const WORDS: usize = 192;

/// The beginning of a text, folded and cut into words.
pub struct Words {
    bytes: [u8; BYTES],
    len: usize,
    spans: [Span; WORDS],
    count: usize,
}

#[derive(Clone, Copy)]
struct Span {
    start: u16,
    end: u16,
}

impl Words {
    /// Folds a text. Words are runs of letters and digits; `?` and `!` are words of their own.
    pub fn fold(text: &str) -> Self {
        let mut words =
            Self { bytes: [b' '; BYTES], len: 0, spans: [Span { start: 0, end: 0 }; WORDS], count: 0 };
        let mut start = 0;
        for letter in text.chars() {
            let folded = fold(letter);
            match folded {
                Folded::Letters(letters) => {
                    if words.len + letters.len() > BYTES - 2 {
                        break;
                    }
                    words.push(letters.as_bytes());
                }
                Folded::Letter(byte) => {
                    if words.len > BYTES - 4 {
                        break;
                    }
                    words.push(&[byte]);
                }
                Folded::Other(letter) => {
                    if words.len + 6 > BYTES {
                        break;
                    }
                    let mut buffer = [0; 4];
                    words.push(letter.encode_utf8(&mut buffer).as_bytes());
                }
                Folded::Nothing => {}
                Folded::Gap => words.close(&mut start),
                Folded::Mark(byte) => {
                    words.close(&mut start);
                    if words.len + 3 > BYTES {
                        break;
                    }
                    words.push(&[byte]);
                    words.close(&mut start);
                }
            }
            if words.count == WORDS {
                break;
            }
        }
        words.close(&mut start);
        words
    }

    /// How many words there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// A word's folded bytes.
    pub fn word(&self, index: usize) -> &[u8] {
        let Span { start, end } = self.spans[index];
        &self.bytes[start.into()..end.into()]
    }

    /// All folded bytes, words apart by one space.
    pub fn folded(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    fn push(&mut self, bytes: &[u8]) {
        self.bytes[self.len..self.len + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }

    /// Ends the word that is being written, if it has letters.
    fn close(&mut self, start: &mut usize) {
        if self.len > *start && self.count < WORDS {
            let end = u16::try_from(self.len).unwrap_or(u16::MAX);
            self.spans[self.count] = Span { start: u16::try_from(*start).unwrap_or(u16::MAX), end };
            self.count += 1;
            if self.len < BYTES {
                self.len += 1;
            }
        }
        *start = self.len;
    }
}

/// A 64-bit hash of bytes, the same on every machine.
pub fn hash(bytes: &[u8]) -> u64 {
    let mut state = bytes.len() as u64;
    for chunk in bytes.chunks(8) {
        let mut eight = [0; 8];
        eight[..chunk.len()].copy_from_slice(chunk);
        state = mix(state, u64::from_le_bytes(eight));
    }
    state
}

/// Joins two hashes; the order matters.
pub fn mix(left: u64, right: u64) -> u64 {
    let product = u128::from(left.rotate_left(23) ^ 0x9e37_79b9_7f4a_7c15) * u128::from(right ^ 0xd1b5_4a32_d192_ed03);
    #[expect(clippy::cast_possible_truncation, reason = "both halves of the product are meant")]
    let mixed = (product as u64) ^ ((product >> 64) as u64);
    mixed
}

/// What a character becomes.
enum Folded {
    Letter(u8),
    Letters(&'static str),
    Other(char),
    Mark(u8),
    Gap,
    Nothing,
}

fn fold(letter: char) -> Folded {
    match letter {
        'a'..='z' | '0'..='9' => Folded::Letter(letter as u8),
        'A'..='Z' => Folded::Letter(letter.to_ascii_lowercase() as u8),
        '?' | '!' => Folded::Mark(letter as u8),
        '\'' | '’' | '‘' | '\u{300}'..='\u{36f}' => Folded::Nothing,
        '\0'..='\x7f' | '¿' | '¡' => Folded::Gap,
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' | 'ª' => Folded::Letter(b'a'),
        'ç' | 'Ç' => Folded::Letter(b'c'),
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => Folded::Letter(b'e'),
        'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => Folded::Letter(b'i'),
        'ñ' | 'Ñ' => Folded::Letter(b'n'),
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' | 'º' => Folded::Letter(b'o'),
        'ù' | 'ú' | 'û' | 'ü' | 'Ù' | 'Ú' | 'Û' | 'Ü' => Folded::Letter(b'u'),
        'ý' | 'ÿ' | 'Ý' => Folded::Letter(b'y'),
        'ß' => Folded::Letters("ss"),
        'œ' | 'Œ' => Folded::Letters("oe"),
        'æ' | 'Æ' => Folded::Letters("ae"),
        _ if letter.is_alphanumeric() => Folded::Other(letter.to_lowercase().next().unwrap_or(letter)),
        _ => Folded::Gap,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let words = Words::fold(text);
        let got: Vec<&str> = (0..words.count()).map(|at| std::str::from_utf8(words.word(at)).unwrap()).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn words_are_folded() {
        check("It doesn’t WORK!", &["it", "doesnt", "work", "!"]);
        check("Añade la sección: ¿por qué?", &["anade", "la", "seccion", "por", "que", "?"]);
        check("Größe größer", &["grosse", "grosser"]);
        check("кнопка 🙂 x2", &["кнопка", "x2"]);
        check("", &[]);
    }

    #[test]
    fn long_words_end_at_the_buffer() {
        assert_eq!(Words::fold(&"é".repeat(4000)).count(), 1);
        assert_eq!(Words::fold(&"а".repeat(4000)).count(), 1);
        assert!(Words::fold(&"ab ".repeat(4000)).count() <= WORDS);
        assert!(Words::fold(&"! ".repeat(4000)).count() <= WORDS);
    }

    #[test]
    fn hashes_keep_order_apart() {
        assert_ne!(mix(hash(b"a"), hash(b"b")), mix(hash(b"b"), hash(b"a")));
        assert_ne!(hash(b"a"), hash(b"a\0"));
    }
}
