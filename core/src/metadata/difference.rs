//! Where two strings that should be equal part.

/// At most so many characters of each side are shown.
const SHOWN: usize = 120;

/// Says where two strings differ, as the end of a sentence. What cannot be seen, or reads like
/// another letter, is written as its number: only ASCII comes out.
pub(crate) fn difference(asked: &str, found: &str) -> String {
    let same: usize = asked
        .chars()
        .zip(found.chars())
        .take_while(|(asked, found)| asked == found)
        .map(|(asked, _)| asked.len_utf8())
        .sum();
    // Bytes up to `same` are equal characters in both: these are boundaries.
    let (before, asked_rest) = asked.split_at(same);
    let found_rest = &found[same..];
    format!(
        "after \"{}\" {} was asked for, and {} came",
        shown(before),
        rest(asked_rest),
        rest(found_rest)
    )
}

fn rest(text: &str) -> String {
    if text.is_empty() { "nothing".to_owned() } else { format!("\"{}\"", shown(text)) }
}

/// The text in ASCII, cut.
pub(crate) fn shown(text: &str) -> String {
    let mut out: String = text.chars().take(SHOWN).flat_map(char::escape_default).collect();
    if text.chars().nth(SHOWN).is_some() {
        out.push_str("...");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn the_difference_is_where_they_part() {
        assert_eq!(
            difference("https://as.example", "https://as.example/"),
            "after \"https://as.example\" nothing was asked for, and \"/\" came"
        );
        assert_eq!(
            difference("https://as.example/a/", "https://as.example/b"),
            "after \"https://as.example/\" \"a/\" was asked for, and \"b\" came"
        );
        // A Cyrillic letter, and a line break: neither may look like what it is not.
        assert_eq!(
            difference("https://a", "https://\u{430}\n"),
            "after \"https://\" \"a\" was asked for, and \"\\u{430}\\n\" came"
        );
        assert_eq!(difference("", ""), "after \"\" nothing was asked for, and nothing came");
        let long = "a".repeat(500);
        assert!(difference(&long, "b").len() < 250);
    }
}
