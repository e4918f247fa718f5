//! Lines of text under 80 columns: wrapped first, coloured after, so that colours do not count.

use crate::output::{SOFT, STRONG, paint};
use anstyle::Style;

/// No line has more characters.
pub const WIDTH: usize = 78;

/// Where a scene's text begins: behind its number and its actor.
pub const INDENT: usize = 14;

/// How wide the name of a fact is, with the gap behind it.
const LABEL: usize = 12;

/// The same in a table of the database, whose columns have longer names.
const COLUMN: usize = 16;

/// Text that grows line by line.
#[derive(Default)]
pub struct Page(String);

impl Page {
    /// The text.
    pub fn finish(self) -> String {
        self.0
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.0.push('\n');
    }

    /// ` 3  browser   what happens`, with an empty line before it.
    pub fn heading(&mut self, number: usize, actor: &str, style: Style, words: &str) {
        self.gap();
        let number = paint(SOFT, &format!("{number:>2}"));
        let actor = paint(style, &format!("{actor:<8}"));
        self.hang(&format!("{number}  {actor}  "), INDENT, words, STRONG);
    }

    /// A sentence under the heading.
    pub fn note(&mut self, words: &str) {
        self.hang(&" ".repeat(INDENT), INDENT, words, SOFT);
    }

    /// A name and its value.
    pub fn fact(&mut self, name: &str, value: &str) {
        self.named(LABEL, name, value, Style::new());
    }

    /// A name and its value in a style.
    pub fn styled_fact(&mut self, name: &str, value: &str, style: Style) {
        self.named(LABEL, name, value, style);
    }

    /// A column of the database and its value.
    pub fn column(&mut self, name: &str, value: &str) {
        self.named(COLUMN, name, value, Style::new());
    }

    /// A parameter of a request, as it stands there.
    pub fn parameter(&mut self, name: &str, value: &str, style: Style) {
        let start = format!("{}{}", " ".repeat(INDENT + 2), paint(SOFT, &format!("{name}=")));
        self.hang(&start, INDENT + 2 + name.chars().count() + 1, value, style);
    }

    /// A line of a request that is no parameter.
    pub fn parameter_line(&mut self, text: &str) {
        self.hang(&" ".repeat(INDENT + 2), INDENT + 2, text, Style::new());
    }

    fn named(&mut self, width: usize, name: &str, value: &str, style: Style) {
        let style_of_name = if name.is_empty() { Style::new() } else { SOFT };
        let label = paint(style_of_name, &format!("{name:<width$}", width = width - 2));
        self.hang(&format!("{}{label}  ", " ".repeat(INDENT)), INDENT + width, value, style);
    }

    /// JSON, with as many members on a line as it holds.
    pub fn members(&mut self, json: &str) {
        let width = WIDTH - INDENT - LABEL;
        let mut line = "";
        let mut start = 0;
        // Each member ends behind its comma; the last one at the end.
        let ends = json.match_indices(",\"").map(|(comma, _)| comma + 1).chain([json.len()]);
        let mut line_end = 0;
        for end in ends {
            let longer = &json[start..end];
            if longer.chars().count() > width && line_end > start {
                self.fact("", line);
                start = line_end;
            }
            line = &json[start..end];
            line_end = end;
        }
        self.fact("", line);
    }

    /// A line as it is, already laid out and coloured.
    pub fn line(&mut self, text: &str) {
        self.0.push_str(text.trim_end());
        self.0.push('\n');
    }

    /// Text behind `start`, whose further lines begin at the column `indent`.
    pub fn hang(&mut self, start: &str, indent: usize, text: &str, style: Style) {
        let lines = wrap(text, WIDTH.saturating_sub(indent));
        for (n, line) in lines.iter().enumerate() {
            let before = if n == 0 { start.to_owned() } else { " ".repeat(indent) };
            self.line(&format!("{before}{}", paint(style, line)));
        }
    }
}

/// Lines of at most `width` characters. They break behind a space, a comma or an ampersand, and where
/// there is none in the middle of a word. Nothing is added and only spaces at a break are left out.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut rest: Vec<char> = text.chars().collect();
    while rest.len() > width {
        // A space may stand right behind the last column: it is left out.
        let behind = |n: &usize| matches!(rest[n - 1], ' ' | ',' | '&' | '?');
        let fits = (1..=width).rev().find(behind);
        let at = if rest[width] == ' ' { width } else { fits.unwrap_or(width) };
        let tail = rest.split_off(at);
        lines.push(rest.iter().collect::<String>().trim_end().to_owned());
        rest = tail.into_iter().skip_while(|c| *c == ' ').collect();
    }
    lines.push(rest.into_iter().collect());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_they_may_and_lose_nothing_but_spaces() {
        assert_eq!(wrap("a bc def", 4), ["a bc", "def"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("{\"a\":1,\"b\":2}", 8), ["{\"a\":1,", "\"b\":2}"]);
        assert_eq!(wrap("", 8), [""]);
        let text = "state=abcdef&code=ghijkl, and then some more words äöü";
        for width in 1..60 {
            let lines = wrap(text, width);
            assert!(lines.iter().all(|line| line.chars().count() <= width));
            let kept: String = lines.concat().chars().filter(|c| *c != ' ').collect();
            assert_eq!(kept, text.replace(' ', ""), "{width}");
        }
    }
}
