//! Letters beyond ASCII as those that are left of them without accents and case.

/// Writes a text into a buffer as far as it has room: letters in ASCII where they have an ASCII base, else in lower
/// case, an apostrophe for what stands within words and says nothing, a space for what stands between. Gives how many
/// bytes it took.
pub(super) fn fold(text: &str, to: &mut [u8]) -> usize {
    let mut len = 0;
    for letter in text.chars() {
        // The longest character.
        let Some(room) = to[len..].first_chunk_mut::<4>() else { break };
        len += match folded(letter) {
            Folded::Byte(byte) => {
                room[0] = byte;
                1
            }
            Folded::Two(letters) => {
                room[..2].copy_from_slice(&letters);
                2
            }
            Folded::Other(letter) => letter.encode_utf8(room).len(),
        };
    }
    len
}

/// What a character becomes.
enum Folded {
    Byte(u8),
    Two([u8; 2]),
    Other(char),
}

fn folded(letter: char) -> Folded {
    let byte = match letter {
        '\0'..='\x7f' => letter as u8,
        '’' | '‘' | '\u{300}'..='\u{36f}' => b'\'',
        '¿' | '¡' => b' ',
        // The cross of build logs: one of the bytes by which signs are told.
        '⨯' => b'`',
        'à'..='å' | 'ª' => b'a',
        'À'..='Å' => b'A',
        'ç' => b'c',
        'Ç' => b'C',
        'è'..='ë' => b'e',
        'È'..='Ë' => b'E',
        'ì'..='ï' => b'i',
        'Ì'..='Ï' => b'I',
        'ñ' => b'n',
        'Ñ' => b'N',
        'ò'..='ö' | 'ø' | 'º' => b'o',
        'Ò'..='Ö' | 'Ø' => b'O',
        'ù'..='ü' => b'u',
        'Ù'..='Ü' => b'U',
        'ý' | 'ÿ' => b'y',
        'Ý' => b'Y',
        'ß' => return Folded::Two(*b"ss"),
        'œ' | 'Œ' => return Folded::Two(*b"oe"),
        'æ' | 'Æ' => return Folded::Two(*b"ae"),
        _ if letter.is_alphanumeric() => return Folded::Other(letter.to_lowercase().next().unwrap_or(letter)),
        _ => b' ',
    };
    Folded::Byte(byte)
}
