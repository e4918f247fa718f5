"""Shows that the page tells missed goals, that broken runs make none, that locks are compared."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import bench_lock
import bench_table as table

GOOD = dict.fromkeys(table.KEYS, 100.0) | {
    "pair/generator": 300.0,
    "pair/proofkey": 420.0,
    "authorization_url/oauth2": 2400.0,
    "authorization_url/proofkey": 1200.0,
    "verify/sha256": 60.0,
    "verify/proofkey": 120.0,
}


def write(folder: Path, figures: dict) -> Path:
    for key, value in figures.items():
        path = folder / key / "new" / "sample.json"
        path.parent.mkdir(parents=True)
        slower = value if isinstance(value, str) else value * 1.2
        text = json.dumps({"iters": [10, 20], "times": [slower * 10, value * 20]})
        path.write_text(text, encoding="utf-8")
    return folder


class Table(unittest.TestCase):
    def test_goals_that_are_just_met_are_met(self):
        text = table.page([GOOD], [])
        self.assertIn("Goals met: 3 of 3.", text)
        self.assertNotIn("missed", text)

    def test_each_goal_can_be_missed(self):
        for key in ("pair/proofkey", "authorization_url/proofkey", "verify/proofkey"):
            text = table.page([GOOD | {key: GOOD[key] * 1.01}], [])
            self.assertIn("Goals met: 2 of 3.", text, key)
            self.assertEqual(text.count("**missed**"), 1, key)

    def test_the_lowest_of_the_rounds_counts(self):
        slow = {key: value * 1.5 for key, value in GOOD.items()}
        self.assertEqual(table.lowest([slow, GOOD]), GOOD)
        self.assertIn("differ by at most 50 %", table.page([GOOD, slow], []))

    def test_a_round_with_a_missing_or_broken_figure_makes_no_page(self):
        for broken in (None, "fast", 0, -1):
            with tempfile.TemporaryDirectory() as folder:
                figures = {k: v for k, v in GOOD.items() if k != "redeem/proofkey"}
                if broken is not None:
                    figures["redeem/proofkey"] = broken
                with self.assertRaisesRegex(table.Unusable, "redeem/proofkey"):
                    table.read_round(write(Path(folder), figures))
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(table.read_round(write(Path(folder), GOOD)), GOOD)

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
        lines = [text for text in table.page([GOOD], []).splitlines() if text.startswith("|")]
        self.assertEqual(len(lines), len(table.ROWS) + 2)
        self.assertEqual({text.count("|") for text in lines}, {8})


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

    def test_a_lock_without_us_proves_nothing(self):
        self.assertEqual(len(bench_lock.differences(self.RELEASED, "")), 2)


if __name__ == "__main__":
    unittest.main()
