"""Shows that the page tells missed goals, that broken runs make none, that locks are compared."""

import json
import sys
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import bench_c
import bench_kotlin
import bench_lock
import bench_page
import bench_python
import bench_rust
import bench_swift
import bench_table as table

GOOD = dict.fromkeys(bench_rust.KEYS, 100.0) | {
    "pair/generator": 300.0,
    "pair/proofkey": 420.0,
    "authorization_url/oauth2": 2400.0,
    "authorization_url/proofkey": 1200.0,
    "verify/sha256": 60.0,
    "verify/proofkey": 120.0,
    "sign_in/openidconnect": 200.0,
    "discovery/openidconnect": 200.0,
    "token_response/openidconnect": 200.0,
}
SIGN_IN = {
    "crossings": {key: {"calls": 1, "references": 2, "buffers": 3} for key in bench_python.JOBS}
}
IMPORTS = {
    "sizes": {
        key: {"packages": 1, "bytes": 1_600_000} for key in ("proofkey", "authlib", "msal", "mcp")
    }
}
PYTHON = dict.fromkeys(bench_python.keys(), 1e6) | {
    "sign_in/client": 3e5,
    "sign_in/session": 3e5,
    "import/bare": 10e6,
    "import/client": 40e6,
    "header/client": 2e4,
}
C = dict.fromkeys(bench_c.TABLE.keys, 100.0) | {"pair/proofkey": 240.0}


def shown(figures: dict) -> str:
    return table.section(bench_rust.TABLE, figures, [])


def write(folder: Path, figures: dict) -> Path:
    for key, value in figures.items():
        path = folder / key / "new" / "sample.json"
        path.parent.mkdir(parents=True)
        slower = value if isinstance(value, str) else value * 1.2
        text = json.dumps({"iters": [10, 20], "times": [slower * 10, value * 20]})
        path.write_text(text, encoding="utf-8")
    return folder


class Table(unittest.TestCase):
    SECTIONS = (
        (
            bench_rust.TABLE,
            GOOD,
            (
                "pair/proofkey",
                "authorization_url/proofkey",
                "verify/proofkey",
                "sign_in/proofkey",
                "discovery/proofkey",
                "token_response/proofkey",
            ),
        ),
        (
            bench_python.table(SIGN_IN, IMPORTS),
            PYTHON,
            ("sign_in/client", "sign_in/session", "header/client", "import/client"),
        ),
        (bench_c.TABLE, C, ("pair/proofkey",)),
    )

    def test_goals_that_are_just_met_are_met(self):
        for section, good, goals in self.SECTIONS:
            text = table.section(section, good, [])
            self.assertIn(f"Goals met: {len(goals)} of {len(goals)}.", text)
            self.assertNotIn("missed", text)

    def test_each_goal_can_be_missed(self):
        for section, good, goals in self.SECTIONS:
            for key in goals:
                text = table.section(section, good | {key: good[key] * 1.01}, [])
                self.assertIn(f"Goals met: {len(goals) - 1} of {len(goals)}.", text, key)
                self.assertEqual(text.count("**missed**"), 1, key)
                lines = table.report(section, good | {key: good[key] * 1.01})
                self.assertEqual(sum(line.startswith("MISSED") for line in lines), 1, key)

    def test_the_lowest_of_the_rounds_counts(self):
        slow = {key: value * 1.5 for key, value in GOOD.items()}
        self.assertEqual(bench_rust.lowest([slow, GOOD]), GOOD)
        self.assertIn(
            ("rounds", "2, which differ by at most 50 %"), bench_rust.facts("", [GOOD, slow], "")
        )

    def test_a_round_with_a_missing_or_broken_figure_makes_no_page(self):
        for broken in (None, "fast", 0, -1):
            with tempfile.TemporaryDirectory() as folder:
                figures = {k: v for k, v in GOOD.items() if k != "redeem/proofkey"}
                if broken is not None:
                    figures["redeem/proofkey"] = broken
                with self.assertRaisesRegex(table.Unusable, "redeem/proofkey"):
                    bench_rust.read_round(write(Path(folder), figures))
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(bench_rust.read_round(write(Path(folder), GOOD)), GOOD)

    def test_a_missing_or_broken_figure_of_the_others_makes_no_page(self):
        for broken in (None, "fast", 0, -1):
            with self.assertRaisesRegex(table.Unusable, "handle/one"):
                table.complete(C | {"handle/one": broken}, bench_c.TABLE.keys)
        with self.assertRaises(table.Unusable):
            bench_c.read("handle/one fast")
        self.assertEqual(bench_c.read("hash 2.50\nhandle/one 3\n"), {"hash": 2.5, "handle/one": 3})
        with self.assertRaisesRegex(table.Unusable, "import/"):
            table.complete(
                bench_python.figures({"figures": PYTHON}, {}) | {"import/mcp": None},
                bench_python.keys(),
            )

    def test_times_have_three_digits(self):
        for nanoseconds, text in (
            (9.994, "9.99 ns"),
            (9.996, "10.0 ns"),
            (99.96, "100 ns"),
            (999.6, "1.00 µs"),
            (12345, "12.3 µs"),
            (2.5e9, "2.50 s"),
        ):
            self.assertEqual(table.time(nanoseconds), text)

    def test_every_line_has_the_columns_of_the_head(self):
        for section, good, _ in self.SECTIONS:
            text = table.section(replace(section, notes=[]), good, [])
            lines = [line for line in text.splitlines() if line.startswith("|")]
            self.assertEqual(len(lines), len(section.rows) + 2)
            self.assertEqual({line.count("|") for line in lines}, {len(section.head) + 1})


class Kotlin(unittest.TestCase):
    KEYS = bench_kotlin.keys()
    LINES = (
        "crossing calls begin 1\ncrossing references clone 3\ncrossing memory free 4\n"
        "java 17.0.1 VM\n" + "".join(f"figure {key} 9000\nfigure {key} 2000\n" for key in KEYS)
    )

    def shown(self, lines: str) -> str:
        rounds, crossings, _ = bench_kotlin.read(lines)
        made = bench_kotlin.table(rounds, crossings)
        return table.section(made, bench_kotlin.lowest(rounds), [])

    def test_the_lowest_counts_and_the_median_is_told(self):
        text = self.shown(self.LINES)
        self.assertIn("| 2.00 µs | 2.00 µs | 1.00 | crosses the boundary at most 8 times |", text)
        self.assertIn("| 5.50 µs | 5.50 µs | 1.00 |\n", text)

    def test_crossings_of_all_kinds_count_against_the_goal(self):
        text = self.shown(self.LINES)
        self.assertIn("Goals met: 1 of 1.", text)
        self.assertNotIn("missed", text)
        for kind in ("calls", "references", "memory"):
            more = self.shown(self.LINES + f"crossing {kind} other 1\n")
            self.assertIn("Goals met: 0 of 1.", more, kind)
            self.assertIn("**missed**: 9", more, kind)
            self.assertIn("at most 8 in all, is missed", more, kind)

    def test_what_is_not_a_figure_makes_no_page(self):
        for broken in ("figure cold/bare fast", "figure x", "crossing other f 1", "Exception", ""):
            lines = self.LINES + broken if broken else ""
            with self.assertRaises(table.Unusable):
                bench_kotlin.read(lines)

    def test_versions_are_the_jars(self):
        jars = ["jna-5.19.1.jar", "oauth2-oidc-sdk-11.39.jar"]
        self.assertEqual(
            bench_kotlin.facts("17", jars, []),
            [("Java", "17"), ("oauth2-oidc-sdk", "11.39"), ("jna", "5.19.1")],
        )


class Swift(unittest.TestCase):
    FIGURES = dict.fromkeys(bench_swift.keys(), 1e4)
    CROSSINGS = bench_swift.read_crossings("sign_in 5 2 1\npair 3 3 2\nverify 1 0 2\n")

    def test_crossings_of_all_kinds_count_against_the_goal(self):
        for sign_in, met in (((5, 2, 1), 1), ((6, 2, 1), 0), ((5, 3, 1), 0), ((5, 2, 2), 0)):
            section = bench_swift.table(self.FIGURES, self.CROSSINGS | {"sign_in": sign_in})
            text = table.section(section, self.FIGURES, [])
            self.assertIn(f"Goals met: {met} of 1.", text)
            self.assertEqual(text.count("**missed**"), 1 - met)

    def test_every_line_has_the_columns_of_the_head(self):
        section = replace(bench_swift.table(self.FIGURES, self.CROSSINGS), notes=[])
        lines = table.section(section, self.FIGURES, []).splitlines()
        self.assertEqual(
            {line.count("|") for line in lines if line.startswith("|")}, {len(section.head) + 1}
        )

    def test_what_was_not_counted_makes_no_page(self):
        others = "pair 3 3 2\nverify 1 0 2\n"
        counted = bench_swift.read_crossings("sign_in 5 2 1\n" + others)
        self.assertEqual(counted, {"sign_in": [5, 2, 1], "pair": [3, 3, 2], "verify": [1, 0, 2]})
        for broken in ("", others, "sign_in 0 2 1\n" + others, "sign_in 5 2\n" + others):
            with self.assertRaises(table.Unusable):
                bench_swift.read_crossings(broken)

    def test_what_is_not_a_figure_makes_no_page(self):
        lowest, medians = bench_swift.read("pair/hand 2.5 3\n")
        self.assertEqual((lowest, medians), ({"pair/hand": 2.5}, {"pair/hand": 3}))
        for broken in ("", "pair/hand 2.5\n", "pair/hand fast 3\n"):
            with self.assertRaises(table.Unusable):
                bench_swift.read(broken)


class Page(unittest.TestCase):
    def test_a_section_takes_its_own_place_and_leaves_the_others(self):
        page = ""
        for title in ("C", "Rust", "Python"):
            page = bench_page.merged(page, title, f"## {title}\n\nold {title}\n")
        page = bench_page.merged(page, "Python", "## Python\n\nnew\n")
        self.assertEqual(
            page,
            bench_page.INTRODUCTION
            + "\n## Rust\n\nold Rust\n\n## Python\n\nnew\n\n## C\n\nold C\n",
        )


def package(name: str, version: str, *needs: str) -> str:
    listed = "".join(f' "{need}",\n' for need in needs)
    return f'[[package]]\nname = "{name}"\nversion = "{version}"\ndependencies = [\n{listed}]\n\n'


class Lock(unittest.TestCase):
    RELEASED = (
        package("proofkey", "0.1.0", "sha2")
        + package("proofkey-server", "0.1.0", "proofkey", "tokio")
        + package("sha2", "0.11.1")
        + package("tokio", "1.54.1")
    )

    def test_the_peers_own_crates_may_differ(self):
        measured = (
            self.RELEASED.replace('"sha2"', '"sha2 0.11.1"')
            + package("oauth2", "5.0.0", "sha2 0.10.9")
            + package("sha2", "0.10.9")
        )
        self.assertEqual(bench_lock.differences(self.RELEASED, measured), [])

    def test_a_crate_of_ours_may_not(self):
        measured = self.RELEASED.replace("1.54.1", "1.54.2")
        self.assertEqual(
            bench_lock.differences(self.RELEASED, measured),
            ["tokio is measured as 1.54.2 and released as 1.54.1"],
        )

    def test_what_a_peer_adds_to_a_crate_may_be_there_and_nothing_else(self):
        measured = self.RELEASED.replace(
            package("sha2", "0.11.1"), package("sha2", "0.11.1", "const-oid", "other")
        )
        measured += package("const-oid", "0.10.3") + package("other", "1.0.0")
        self.assertEqual(
            bench_lock.differences(self.RELEASED, measured),
            ["other is measured as 1.0.0 and released as absent"],
        )

    def test_what_a_peer_adds_may_be_of_another_version_where_ours_needs_it_elsewhere(self):
        added = package("const-oid", "0.10.3")
        measured = self.RELEASED.replace(
            package("sha2", "0.11.1"), package("sha2", "0.11.1", "const-oid")
        )
        elsewhere = package("database", "1.0.0", "const-oid") + package("const-oid", "0.9.6")
        self.assertEqual(bench_lock.differences(self.RELEASED + elsewhere, measured + added), [])
        ours = measured + package("const-oid", "0.9.6")
        self.assertEqual(
            bench_lock.differences(ours, measured + added),
            ["const-oid is measured as 0.10.3 and released as 0.9.6"],
        )

    def test_a_lock_without_us_proves_nothing(self):
        self.assertEqual(len(bench_lock.differences(self.RELEASED, "")), 2)


if __name__ == "__main__":
    unittest.main()
