//! The names that have stood in an object so far: whether one stands there twice (two readers would choose
//! differently).

use std::borrow::Cow;

/// The names that have stood in an object so far.
pub(super) struct Seen<'a> {
    names: Vec<Cow<'a, str>>,
    /// A bit for each mark that one of them has: a name with another mark is not among them.
    marks: [u64; 4],
}

impl<'a> Seen<'a> {
    pub(super) fn new() -> Self {
        Self { names: Vec::with_capacity(16), marks: [0; 4] }
    }

    pub(super) fn count(&self) -> usize {
        self.names.len()
    }

    /// Takes the name; whether it was not among them.
    pub(super) fn is_first(&mut self, name: Cow<'a, str>) -> bool {
        let mark = mark(name.as_bytes());
        let (word, bit) = (usize::from(mark >> 6), 1 << (mark & 63));
        let first = self.marks[word] & bit == 0 || !self.names.contains(&name);
        self.marks[word] |= bit;
        self.names.push(name);
        first
    }
}

/// The same for the same name, and for others mostly another one.
fn mark(name: &[u8]) -> u8 {
    let at = |at: usize| name.get(at).copied().unwrap_or_default();
    let (middle, end) = (name.len() / 2, name.len().wrapping_sub(1));
    let sum = |sum: u8, byte: u8| sum.wrapping_mul(37).wrapping_add(byte);
    [at(middle), at(end), name.len().to_le_bytes()[0]].into_iter().fold(at(0), sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_first_once_also_where_others_have_its_mark() {
        let names: Vec<String> = (0..1000).map(|n| format!("a{n:03}b")).collect();
        let same = |name: &&String| mark(name.as_bytes()) == mark(names[0].as_bytes());
        assert!(names.iter().filter(same).count() > 1);
        let mut seen = Seen::new();
        assert!(names.iter().all(|name| seen.is_first(Cow::Borrowed(name))));
        assert!(!names.iter().any(|name| seen.is_first(Cow::Owned(name.clone()))));
        assert!(seen.is_first(Cow::Borrowed("")) && !seen.is_first(Cow::Borrowed("")));
    }
}
