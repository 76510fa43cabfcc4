//! What somebody may have meant by a name that is not known.

/// The known name that is nearest to a word, where one is near enough: a third of its letters may be wrong.
pub fn nearest<'n>(word: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let word: Vec<char> = word.to_lowercase().chars().take(64).collect();
    let distances =
        known.map(|name| (distance(&word, &name.to_lowercase().chars().take(64).collect::<Vec<_>>()), name));
    let (edits, name) = distances.min()?;
    (edits * 3 <= word.len().max(name.chars().count())).then_some(name)
}

/// How many letters must be put in, left out or replaced (Levenshtein's distance).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let known = ["timestamp", "credits", "user"];
        assert_eq!(nearest("timestmap", known.into_iter()), Some("timestamp"));
        assert_eq!(nearest("Credit", known.into_iter()), Some("credits"));
        assert_eq!(nearest("weather", known.into_iter()), None);
    }
}
