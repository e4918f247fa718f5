"""Shows that tests/check-requirements fails where it must: a test breaks one thing in a tree."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import rust_tests

CHECKER = Path(__file__).resolve().parent.parent / "check-requirements"
NUMBERS = (
    [f"P{n}" for n in (*range(1, 17), *range(20, 30))]
    + [f"M{n}" for n in range(1, 10)]
    + [f"V{n}" for n in range(1, 7)]
)
HEAD = "| number | demand | source | tests |\n|---|---|---|---|\n"

SOURCE = """//! A crate. It proves P1.
/* #[test] fn in_a_block_comment() {} /* nested */ */
fn plain() {}
// #[test]
// fn in_a_comment() {}
const TEXT: &str = "#[test] fn in_a_string() { \\" }";
#[cfg(test)]
mod tests {
    #[test]
    fn real() { assert_eq!('"', '"'); }
    #[test]
    #[ignore = "slow"]
    fn ignored() {}
    #[tokio::test(flavor = "multi_thread")]
    async fn asynchronous() {}
    proptest! {
        #[test]
        fn property(x in 0..9) { let _ = x; }
    }
}
"""

MADE_BY_MACRO = """
macro_rules! suite {
    ($store:ident, $($name:ident,)*) => {
        mod $store {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() { run($name); })*
        }
    };
}
suite!(memory, one_wins, one_loses,);
"""

LOG = """
     Running unittests src/lib.rs (target/debug/deps/proofkey-0123456789abcdef)
test session::tests::real ... ok
test session::tests::asynchronous ... FAILED
     Running tests/stores.rs (target/debug/deps/stores-0123456789abcdef)
test memory::one_wins ... ok
test sqlite::one_wins ... ok
test memory::one_loses ... ok
test sqlite::one_loses ... ignored
   Doc-tests proofkey
test core/src/lib.rs - session::tests::property (line 3) ... ok
"""

ERRORS = """
pub enum Error {
    /// One.
    #[error("one {reason}")]
    One {
        reason: &'static str,
    },
    #[error("two{}", words(.description))]
    Two { description: Option<String> },
}
impl Error {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::One { .. } => "one",
            Self::Two { .. } => "two",
        }
    }
    pub const fn family(&self) -> Family {
        match self {
            Self::One { .. } | Self::Two { .. } => {
                Family::SignInAgain
            }
        }
    }
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::One { .. } => "Do one.",
            Self::Two { .. } => {
                "Do two."
            }
        }
    }
}
"""

ERROR_PAGE = """# Errors

## Errors

| code | family | message | advice |
|---|---|---|---|
| `one` | `sign_in_again` | one {reason} | Do one. |
| `two` | `sign_in_again` | two; the server says: … | Do two. |
"""


class Tree(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.write("Cargo.toml", '[workspace]\nmembers = ["core"]\n')
        self.write("core/Cargo.toml", '[package]\nname = "proofkey"\n')
        self.write("core/src/session.rs", SOURCE)
        self.write("core/tests/swap.rs", "#[test]\nfn matrix() {}\n")
        self.write("core/src/error/mod.rs", ERRORS)
        self.write("docs/errors.md", ERROR_PAGE)
        self.vectors([{"id": "pair-1", "cites": ["P1", "RFC 7636"]}])
        self.proof = {number: "open (later)" for number in NUMBERS}
        self.threats = ["T1", "T2", "F1", "C1"]

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def vectors(self, vectors):
        self.write("tests/vectors/pairs.json", json.dumps({"vectors": vectors}))

    def run_it(self):
        rows = "".join(f"| {n} | demand | RFC | {proof} |\n" for n, proof in self.proof.items())
        self.write("docs/requirements.md", HEAD + rows)
        rows = "".join(f"| {n} | threat | defence | open (later) |\n" for n in self.threats)
        self.write("docs/threats.md", HEAD + rows)
        self.write("docs/mcp.md", HEAD + "| A1 | demand | MCP | open (later) |\n")
        ran = subprocess.run(
            [sys.executable, str(CHECKER), str(self.root)],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(ran.stderr, "")
        return ran.returncode, ran.stdout

    def accepts(self):
        status, said = self.run_it()
        self.assertEqual(status, 0, said)
        self.assertTrue(said.endswith(" passed, 0 failed\n"), said)

    def refuses(self, *words):
        status, said = self.run_it()
        self.assertEqual(status, 1, said)
        self.assertTrue(
            any(all(word in line for word in words) for line in said.splitlines()),
            f"no line has {words}:\n{said}",
        )

    def test_a_sound_tree(self):
        self.proof["P1"] = "`core::session::tests::real`, `core::session::tests::asynchronous`"
        self.proof["P2"] = "`core::session::property`, `core::tests::swap::matrix`, open (more)"
        self.proof["P3"] = "`proofkey::session::real`, `vectors: pair-1`"
        self.accepts()
        self.proof = {**self.proof, "P1": "`vectors: pairs`"}
        self.accepts()

    def test_a_test_that_does_not_exist(self):
        for name in (
            "core::session::tests::unreal",
            "core::session::plain",
            "core::session::in_a_comment",
            "core::session::in_a_block_comment",
            "core::session::in_a_string",
            "core::session::ignored",
            "core::session::other::real",
            "core::nothing::real",
            "core::tests::swap::real",
            "nobody::session::real",
            "vectors: pair-2",
            "transcripts: sign-in",
            "interop: sign-in",
            "run: dance",
            "dance",
        ):
            with self.subTest(name):
                self.proof["P2"] = f"`{name}`"
                self.refuses("docs/requirements.md:", "P2", f"'{name}'")

    def test_names_that_a_macro_takes(self):
        self.write("core/tests/stores.rs", MADE_BY_MACRO)
        self.proof["P1"] = "`core::tests::stores::one_wins`"
        self.proof["P2"] = "`core::tests::stores::memory::one_loses`"
        self.accepts()
        for name in ("none_wins", "sqlite::one_wins", "run"):
            with self.subTest(name):
                self.proof["P2"] = f"`core::tests::stores::{name}`"
                self.refuses("P2", name)

    def test_a_module_in_a_file_of_another_name(self):
        self.write("core/src/head.rs", '#[cfg(test)]\n#[path = "head_tests.rs"]\nmod tests;\n')
        self.write("core/src/head_tests.rs", "#[test]\nfn host() {}\n")
        self.proof["P1"] = "`core::head::tests::host`"
        self.accepts()
        self.proof["P1"] = "`core::head::tests::path`"
        self.refuses("P1", "core::head::tests::path")

    def test_what_ran(self):
        self.write("core/src/lib.rs", "")
        self.write("core/tests/stores.rs", MADE_BY_MACRO)
        log = rust_tests.read_log(LOG)

        def why(name):
            return rust_tests.ran(self.root, name, log)

        self.assertEqual(why("core::session::tests::real"), "")
        self.assertEqual(why("core::tests::stores::one_wins"), "")
        self.assertEqual(why("core::tests::stores::memory::one_loses"), "")
        self.assertIn("FAILED", why("core::session::asynchronous"))
        self.assertIn("ignored", why("core::tests::stores::one_loses"))
        self.assertIn("did not run", why("core::session::property"))
        self.assertIn("did not run", why("core::tests::swap::matrix"))

    def test_a_file_of_vectors_that_does_not_cite_the_number(self):
        self.proof["P2"] = "`vectors: pairs`"
        self.refuses("P2", "nothing in that file cites P2")

    def test_a_row_that_names_nothing(self):
        for proof in ("", "open", "open ()", "soon", "`core::session::real` and so on"):
            with self.subTest(proof):
                self.proof["P2"] = proof
                self.refuses("docs/requirements.md:", "P2")

    def test_a_missing_and_an_unknown_number(self):
        del self.proof["M9"]
        self.refuses("M9 is missing")
        self.proof["M9"] = "open (later)"
        self.proof["P17"] = "open (later)"
        self.refuses("P17", "no such number")

    def test_threats_are_counted(self):
        self.threats = ["T1", "T3", "F1", "C1"]
        self.refuses("docs/threats.md:", "T3", "expected T2")
        self.threats = ["T1", "F1", "X1"]
        self.refuses("C1 is missing")

    def test_a_table_that_nobody_reads(self):
        self.proof["V6"] = "open (later) |\n\n| demand | proof |\n|---|---|\n| P1 | nothing"
        self.refuses("a table here must be")

    def test_a_number_that_does_not_exist_is_cited(self):
        self.write("core/tests/swap.rs", "// P18 rules.\n#[test]\nfn matrix() {}\n")
        self.refuses("core/tests/swap.rs:1", "P18")
        self.write("core/tests/swap.rs", "")
        self.vectors([{"id": "pair-1", "cites": ["P30"]}])
        self.refuses("pair-1", "P30")

    def test_an_id_that_is_there_twice(self):
        self.vectors([{"id": "pair-1"}, {"id": "pair-1"}])
        self.refuses("pair-1", "twice")

    def test_errors(self):
        for old, new, words in (
            ("| `one` |", "| `eins` |", ("the code one", "missing")),
            ("| `one` |", "| `eins` |", ("no code eins",)),
            ("Do one.", "Do none.", ("one", "advice is: Do one.")),
            ("one {reason}", "one", ("one", "message is: one {reason}")),
            (
                "| `one` | `sign_in_again`",
                "| `one` | `retry`",
                ("one", "family is: `sign_in_again`"),
            ),
        ):
            with self.subTest(new):
                self.write("docs/errors.md", ERROR_PAGE.replace(old, new))
                self.refuses("docs/errors.md", *words)

    def test_refusals(self):
        self.write(
            "core/src/callback.rs",
            'enum R {\n    #[error("it is late")]\n    Late,\n}\nimpl R {\n'
            "    pub const fn code(self) -> &'static str {\n        match self {\n"
            '            Self::Late => "late",\n        }\n    }\n}\n',
        )
        self.refuses("the refusal late", "it is late")
        table = "\n## Refused redirects\n\n| code | message |\n|---|---|\n| `late` | it is late |\n"
        self.write("docs/errors.md", ERROR_PAGE + table)
        self.accepts()


if __name__ == "__main__":
    unittest.main()
