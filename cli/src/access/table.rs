//! Rows of a name and a value, aligned.

use crate::output::{SOFT, paint};
use std::fmt::Write as _;

/// Rows of which each has a name.
#[derive(Default)]
pub struct Table(Vec<(String, String)>);

impl Table {
    /// One more row.
    pub fn row(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.0.push((name.to_owned(), clean(&value.into())));
        self
    }

    /// A row, where there is a value.
    pub fn row_if(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        if let Some(value) = value {
            self.row(name, value);
        }
        self
    }

    /// The rows as lines, each with so many spaces before it.
    pub fn lines(&self, indent: usize) -> String {
        let width = self.0.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        let mut text = String::new();
        for (name, value) in &self.0 {
            let name = paint(SOFT, &format!("{name:<width$}"));
            // Writing into a String cannot fail.
            let _ = writeln!(text, "{:indent$}{name}  {value}", "");
        }
        text
    }
}

/// What came from outside is not obeyed by a terminal.
pub fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_in_one_column_and_obey_nothing() {
        let mut table = Table::default();
        table.row("a", "x\u{1b}[2J").row_if("longer", Some("y")).row_if("none", None);
        let lines = anstream::adapter::strip_str(&table.lines(2)).to_string();
        assert_eq!(lines, "  a       x [2J\n  longer  y\n");
    }
}
