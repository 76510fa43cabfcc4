//! Words of a prompt: folded (lower case, no accents, no apostrophes), hashed, and kept in a short buffer.

/// How many folded bytes are read; what is asked stands at the beginning.
const BYTES: usize = 1024;
/// How many words are read.
const WORDS: usize = 192;

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
    is_specific: bool,
}

impl Default for Words {
    fn default() -> Self {
        Self { bytes: [b' '; BYTES], len: 0, spans: [Span { start: 0, end: 0, is_specific: false }; WORDS], count: 0 }
    }
}

impl Words {
    /// Folds a text. Words are runs of letters and digits; `?` and `!` are words of their own.
    pub fn of(text: &str) -> Self {
        let mut words = Self::default();
        words.fold(text);
        words
    }

    /// Folds a text in the place of the one before.
    pub fn fold(&mut self, text: &str) {
        (self.len, self.count) = (0, 0);
        let bytes = text.as_bytes();
        let mut word = Open { start: 0, signs: 0, opens: OPENS };
        let mut at = 0;
        // Every step writes at most five bytes.
        while at < bytes.len() && self.len + 6 < BYTES && self.count < WORDS {
            let byte = bytes[at];
            if byte < 0x80 {
                let (folded, sign) = ASCII[usize::from(byte)];
                if sign & STOP == 0 {
                    at += self.letters(&bytes[at..], &mut word);
                    continue;
                }
                at += 1;
                match folded {
                    GAP => self.close(&mut word, sign & OPENS),
                    NOTHING => {}
                    mark => {
                        self.close(&mut word, 0);
                        self.push(&[mark]);
                        self.close(&mut word, OPENS);
                    }
                }
                continue;
            }
            let Some(letter) = text[at..].chars().next() else { break };
            at += letter.len_utf8();
            match fold(letter) {
                Folded::Letters(letters) => self.push(letters.as_bytes()),
                Folded::Letter(byte) => self.push(&[byte]),
                Folded::Other(letter) => self.push(letter.encode_utf8(&mut [0; 4]).as_bytes()),
                Folded::Nothing => {}
                Folded::Gap => self.close(&mut word, 0),
            }
        }
        self.close(&mut word, 0);
    }

    /// Folds the ASCII letters and digits that a text begins with; gives how many it took.
    fn letters(&mut self, bytes: &[u8], word: &mut Open) -> usize {
        if let [first, second, ..] = bytes
            && self.len == word.start
            && first.is_ascii_uppercase()
            && second.is_ascii_lowercase()
        {
            word.signs |= CAPITAL;
        }
        let mut taken = 0;
        for (to, &byte) in self.bytes[self.len..BYTES - 5].iter_mut().zip(bytes) {
            let (folded, sign) = ASCII[usize::from(byte)];
            if sign & STOP != 0 {
                break;
            }
            word.signs |= sign;
            *to = folded;
            taken += 1;
        }
        self.len += taken;
        taken
    }

    /// How many words there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// A word's folded bytes.
    pub fn word(&self, index: usize) -> &[u8] {
        let Span { start, end, .. } = self.spans[index];
        &self.bytes[start.into()..end.into()]
    }

    /// Whether a word makes a request specific: it holds a digit, or is capitalised within a sentence.
    pub fn is_specific(&self, index: usize) -> bool {
        self.spans[index].is_specific
    }

    /// All folded bytes, words apart by one space.
    pub fn folded(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    fn push(&mut self, bytes: &[u8]) {
        self.bytes[self.len..self.len + bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }

    /// Ends the word that is being written, if it has letters; a gap may open a sentence.
    fn close(&mut self, word: &mut Open, gap: u8) {
        if self.len > word.start && self.count < WORDS {
            let is_name = word.signs & CAPITAL != 0 && word.opens == 0;
            let is_specific = is_name || word.signs & DIGIT != 0;
            let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
            self.spans[self.count] = Span { start: place(word.start), end: place(self.len), is_specific };
            self.count += 1;
            self.bytes[self.len] = b' ';
            self.len += 1;
            *word = Open { start: self.len, signs: 0, opens: 0 };
        }
        word.start = self.len;
        word.opens |= gap;
    }
}

/// The word that is being written.
struct Open {
    start: usize,
    signs: u8,
    opens: u8,
}

/// A 64-bit hash of bytes, the same on every machine.
pub fn hash(bytes: &[u8]) -> u64 {
    let (eights, rest) = bytes.as_chunks::<8>();
    let mut state = bytes.len() as u64;
    for eight in eights {
        state = mix(state, u64::from_le_bytes(*eight));
    }
    let last = rest.iter().rev().fold(0, |last, &byte| last << 8 | u64::from(byte));
    mix(state, last)
}

/// Joins two hashes; the order matters.
pub fn mix(left: u64, right: u64) -> u64 {
    let product = u128::from(left.rotate_left(23) ^ 0x9e37_79b9_7f4a_7c15) * u128::from(right ^ 0xd1b5_4a32_d192_ed03);
    #[expect(clippy::cast_possible_truncation, reason = "both halves of the product are meant")]
    let mixed = (product as u64) ^ ((product >> 64) as u64);
    mixed
}

const GAP: u8 = 0;
const NOTHING: u8 = 1;

/// Signs of letters and gaps.
const DIGIT: u8 = 1;
/// A capital letter followed by a small one, at the beginning of a word.
const CAPITAL: u8 = 2;
/// No letter and no digit.
const STOP: u8 = 128;
/// A gap after which a sentence begins.
const OPENS: u8 = 1;

/// What each byte of an ASCII text becomes (a letter, a mark, a gap between words, or nothing) and its sign.
const ASCII: [(u8, u8); 256] = {
    let mut table = [(GAP, STOP); 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'a'..=b'z' => (byte, 0),
            b'?' | b'!' => (byte, STOP),
            b'0'..=b'9' => (byte, DIGIT),
            b'A'..=b'Z' => (byte.to_ascii_lowercase(), 0),
            b'\'' => (NOTHING, STOP),
            b'.' | b':' | b'\n' | b'-' | b'*' => (GAP, STOP | OPENS),
            _ => (GAP, STOP),
        };
        byte += 1;
    }
    table
};

/// What a character beyond ASCII becomes.
enum Folded {
    Letter(u8),
    Letters(&'static str),
    Other(char),
    Gap,
    Nothing,
}

fn fold(letter: char) -> Folded {
    match letter {
        '’' | '‘' | '\u{300}'..='\u{36f}' => Folded::Nothing,
        '¿' | '¡' => Folded::Gap,
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' | 'ª' => {
            Folded::Letter(b'a')
        }
        'ç' | 'Ç' => Folded::Letter(b'c'),
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => Folded::Letter(b'e'),
        'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => Folded::Letter(b'i'),
        'ñ' | 'Ñ' => Folded::Letter(b'n'),
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' | 'º' => {
            Folded::Letter(b'o')
        }
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
        let words = Words::of(text);
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
    fn a_text_leaves_nothing_to_the_next() {
        let mut words = Words::of("xxxxxxxxxxxxxxxx yyy zzzzzzzzz");
        words.fold("add a page");
        assert_eq!(words.folded(), b"add a page ");
    }

    #[test]
    fn long_words_end_at_the_buffer() {
        assert_eq!(Words::of(&"é".repeat(4000)).count(), 1);
        assert_eq!(Words::of(&"а".repeat(4000)).count(), 1);
        assert!(Words::of(&"ab ".repeat(4000)).count() <= WORDS);
        assert!(Words::of(&"! ".repeat(4000)).count() <= WORDS);
    }

    #[test]
    fn hashes_keep_order_apart() {
        assert_ne!(mix(hash(b"a"), hash(b"b")), mix(hash(b"b"), hash(b"a")));
        assert_ne!(hash(b"a"), hash(b"a\0"));
    }
}
