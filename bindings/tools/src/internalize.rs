//! Makes the generated Kotlin private to its module. UniFFI has no option for that, and writes every declaration
//! `public`.

use std::fs;
use std::io;
use std::path::Path;

/// Words that may stand before the kind of a declaration.
const MODIFIERS: [&str; 10] = [
    "open",
    "data",
    "sealed",
    "abstract",
    "enum",
    "inline",
    "value",
    "const",
    "annotation",
    "suspend",
];
const KINDS: [&str; 7] = ["class", "interface", "object", "fun", "val", "var", "typealias"];

/// Rewrites every Kotlin file below the folder. An error if one could not be made private.
pub(crate) fn below(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            below(&path)?;
        } else if path.extension().is_some_and(|end| end == "kt") {
            let named = |what| io::Error::other(format!("{}: {what}", path.display()));
            let text = fs::read_to_string(&path)?;
            let text = without_uncalled(&text).and_then(|text| internal(&text)).map_err(named)?;
            fs::write(&path, text)?;
        }
    }
    Ok(())
}

/// The source without the functions for exports that wait, of which there is none, and for check sums, which are not
/// compared. JNA would look for each of them, and a library for phones is linked without them.
fn without_uncalled(source: &str) -> Result<String, String> {
    let mut out = String::with_capacity(source.len());
    let mut lines = source.split_inclusive('\n');
    while let Some(line) = lines.next() {
        if line.trim_start().starts_with("external fun ") && is_uncalled(line) {
            // The parameters' last line has the result's type too.
            let _rest = lines.by_ref().any(|line| line.trim_start().starts_with(')'));
        } else {
            out.push_str(line);
        }
    }
    match out.lines().find(|line| is_uncalled(line)) {
        Some(line) => Err(format!("something still names what was taken out: {}", line.trim())),
        None => Ok(out),
    }
}

fn is_uncalled(line: &str) -> bool {
    line.contains("_rust_future_") || line.contains("_uniffi_checksum_")
}

/// The source with `internal` before every declaration at the top.
///
/// What is at the top is known by counting braces and parentheses outside texts and comments, not by indentation:
/// UniFFI indents some of its free functions.
fn internal(source: &str) -> Result<String, String> {
    let mut out = String::with_capacity(source.len() + 8192);
    let mut reader = Reader::default();
    let mut count = 0usize;
    // The last line ended in `=`: on this one stands an expression.
    let mut expression = false;
    for (number, line) in source.split_inclusive('\n').enumerate() {
        let (before, rest) = line.split_at(reader.top_of(line).unwrap_or(line.len()));
        out.push_str(before);
        let what = if expression { Some(Begins::Nothing) } else { begins(rest) };
        if !line.trim().is_empty() {
            expression = rest.trim_end().ends_with('=');
        }
        let unknown = || format!("line {}: what is this? {}", number + 1, line.trim());
        match what.ok_or_else(unknown)? {
            Begins::Nothing => out.push_str(rest),
            Begins::Declaration { public } => {
                count += 1;
                out.push_str(if public { "internal " } else { "" });
                out.push_str(rest.strip_prefix("public ").unwrap_or(rest));
            }
        }
        reader.read(line);
    }
    if reader != Reader::default() {
        return Err(
            "a brace, a text or a comment is not closed; nothing can be made internal".to_owned()
        );
    }
    if count == 0 {
        return Err("no declaration was found".to_owned());
    }
    Ok(out)
}

/// Words that go on with the body of a function that is one expression.
const EXPRESSION: [&str; 3] = ["catch", "finally", "else"];

/// What begins at the top of the file.
enum Begins {
    Nothing,
    Declaration { public: bool },
}

/// What begins here, or nothing if that is not known: then it may be a declaration that stays public.
fn begins(text: &str) -> Option<Begins> {
    let mut words = text.split_whitespace();
    let Some(mut word) = words.next() else { return Some(Begins::Nothing) };
    // The end of a declaration's head, on a line of its own.
    let goes_on = word.starts_with([':', '{', '}', '=', ')', ',']) || EXPRESSION.contains(&word);
    if goes_on || word.starts_with("//") || word == "package" || word == "import" {
        return Some(Begins::Nothing);
    }
    let public = word != "internal" && word != "private";
    if word == "public" || !public {
        word = words.next()?;
    }
    while MODIFIERS.contains(&word) {
        word = words.next()?;
    }
    // `fun<T>` has no space.
    let kind = word.split('<').next()?;
    KINDS.contains(&kind).then_some(Begins::Declaration { public })
}

/// What a line leaves open.
#[derive(Default, PartialEq)]
struct Reader {
    depth: usize,
    in_comment: bool,
    in_raw_text: bool,
}

impl Reader {
    /// Where in the line the first thing at the top of the file may begin, or nothing: after the end of what the
    /// line before left open, after comments and annotations, all of which UniFFI may write on one line.
    fn top_of(&self, line: &str) -> Option<usize> {
        let mut ahead = Self { ..*self };
        let mut at = 0;
        while at < line.len() {
            let rest = &line[at..];
            let blank = rest.len() - rest.trim_start().len();
            at += if !ahead.is_top() || rest.starts_with("/*") {
                ahead.step(rest)
            } else if blank > 0 {
                blank
            } else if rest.starts_with('@') {
                annotation(rest)
            } else {
                return Some(at);
            };
        }
        None
    }

    const fn is_top(&self) -> bool {
        self.depth == 0 && !self.in_comment && !self.in_raw_text
    }

    fn read(&mut self, line: &str) {
        let mut at = 0;
        while at < line.len() {
            at += self.step(&line[at..]);
        }
    }

    /// Reads one mark or character; how many bytes that were.
    fn step(&mut self, rest: &str) -> usize {
        if self.in_comment {
            return self.leave(rest, "*/", |it| it.in_comment = false);
        }
        if self.in_raw_text {
            return self.leave(rest, "\"\"\"", |it| it.in_raw_text = false);
        }
        if rest.starts_with("//") {
            return rest.len();
        }
        if rest.starts_with("/*") {
            self.in_comment = true;
            return 2;
        }
        if rest.starts_with("\"\"\"") {
            self.in_raw_text = true;
            return 3;
        }
        let mut chars = rest.chars();
        match chars.next() {
            // A text ends in its line; a character may be a quote or a brace.
            Some(quote @ ('"' | '\'')) => return 1 + closed_by(quote, &rest[1..]),
            Some('{' | '(') => self.depth += 1,
            Some('}' | ')') => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        rest.len() - chars.as_str().len()
    }

    fn leave(&mut self, rest: &str, mark: &str, leave: impl FnOnce(&mut Self)) -> usize {
        match rest.find(mark) {
            Some(at) => {
                leave(self);
                at + mark.len()
            }
            None => rest.len(),
        }
    }
}

/// How many bytes the annotation has that begins here, with its arguments.
fn annotation(rest: &str) -> usize {
    let of_name = |c: char| c.is_alphanumeric() || "._:".contains(c);
    let mut at = rest[1..].find(|c| !of_name(c)).map_or(rest.len(), |end| end + 1);
    if rest[at..].starts_with('(') {
        let mut reader = Reader::default();
        loop {
            at += reader.step(&rest[at..]);
            if reader.is_top() || at == rest.len() {
                break;
            }
        }
    }
    at
}

/// How many bytes there are up to and with the quote.
fn closed_by(quote: char, rest: &str) -> usize {
    let mut escaped = false;
    for (at, char) in rest.char_indices() {
        if char == quote && !escaped {
            return at + 1;
        }
        escaped = char == '\\' && !escaped;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_declaration_at_the_top_becomes_internal_and_nothing_else() {
        let before = "package x\n\
            import y.Z\n\
            @Ann(\"}\")\n\
            open class A(val b: C) : B() {\n    class Inner\n    fun one() = '{'\n}\n\
            public object O\n\
            private fun<E: F> f() {}\n\
            internal const val N = 1\n\
            /**\n * class C\n */ @Throws(E::class) fun `g`(a: T)\n     : U {\n    val v = \"class D {\"\n    }\n    \n\
            \x20   inline fun <T> T.use(\n    block: (T) -> U\n) =\n    try { // fun {\n    } finally {\n}\n\
            data class R (\n    val a: S\n) {\n}\n";
        let after = "package x\n\
            import y.Z\n\
            @Ann(\"}\")\n\
            internal open class A(val b: C) : B() {\n    class Inner\n    fun one() = '{'\n}\n\
            internal object O\n\
            private fun<E: F> f() {}\n\
            internal const val N = 1\n\
            /**\n * class C\n */ @Throws(E::class) internal fun `g`(a: T)\n     : U {\n    val v = \"class D {\"\n    }\n    \n\
            \x20   internal inline fun <T> T.use(\n    block: (T) -> U\n) =\n    try { // fun {\n    } finally {\n}\n\
            internal data class R (\n    val a: S\n) {\n}\n";
        assert_eq!(internal(before).unwrap(), after);
        assert_eq!(internal(after).unwrap(), after, "twice is as once");
    }

    #[test]
    fn nothing_is_left_of_what_is_never_called() {
        let fun = |name: &str| {
            format!("    external fun ffi_x_{name}(`handle`: Long,`data`: Long,\n    ): Unit\n")
        };
        let (free, poll) = (fun("rustbuffer_free"), fun("rust_future_poll_u8"));
        let sum = "    external fun uniffi_x_uniffi_checksum_func_version(\n    ): Short\n";
        let all = format!("object L {{\n{poll}{sum}{free}{poll}{sum}}}\n");
        assert_eq!(without_uncalled(&all).unwrap(), format!("object L {{\n{free}}}\n"));
        assert!(without_uncalled("val f = UniffiLib::ffi_x_rust_future_free_u8\n").is_err());
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        assert!(internal("class A {\n").is_err());
        assert!(internal("class A\n/* class B\n").is_err());
        assert!(internal("package x\n").is_err());
        assert!(internal("class A\nfancy class B\n").is_err(), "it would stay public");
    }
}
