# SPDX-License-Identifier: Apache-2.0
"""The page of a history, from made-up nights."""

import csv
import json
import sys
import tempfile
import unittest
from pathlib import Path

import browser
import stored
from page import history_words, writing

sys.path.append(str(stored.ROOT / "ci"))

import history as script


def nightly_pages():
    """ci/history.py, which shares its name with the script that it calls."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("night_pages", stored.ROOT / "ci" / "history.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pages = nightly_pages()


def night(history, day, times, pace=100.0, machine="m", count=None):
    """A run of the suite `s` with a case for each time, in ns at a pace of 100."""
    folder = history / f"2026-01-{day:02}T000000Z"
    (folder / "s").mkdir(parents=True)
    record = {
        "endedAt": "x", "startedAt": f"2026-01-{day:02}T00:00:00Z", "suites": ["s"],
        "environment": {"machine": machine, "revision": f"c{day}"},
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(record))
    names = [
        "suite", "case", "kernel", "workers", "cache", "status", "time_ns_median", "time_ns_lo",
        "time_ns_hi", "fma_gflop_per_s", "counter:INS", "counter_source:INS",
    ]  # fmt: skip
    with (folder / "s" / "measurements.csv").open("w", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(names)
        for case, time in times.items():
            t = time * 100 / pace
            source = "simulated" if count else "unavailable: no PMU"
            rows.writerow(
                ["s", case, "k", 1, "warm", "ok", t, 0.9 * t, 1.1 * t, pace, count or "", source]
            )
    return folder


class History(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.history = Path(folder.name)

    def gathered(self, known=(), new=(), left_out=()):
        return pages.gathered(self.history, list(known), list(new), list(left_out))

    def test_a_slow_night_is_not_the_cases_fault(self):
        for day in range(1, 6):
            night(self.history, day, {"a": 1000}, pace=80 if day == 5 else 100)
        (machine,) = self.gathered()["machines"]
        (one,) = machine["series"]
        self.assertEqual(one["values"], [1000] * 5)
        self.assertEqual(one["measured"][-1], 1250)
        self.assertEqual((one["toBefore"], one["toFortnight"]), (0, 0))
        self.assertEqual(
            history_words.pace(machine), "The machine's pace last night: 80 % of usual."
        )

    def test_what_changed_most_comes_first_against_the_fortnight(self):
        for day in range(1, 21):
            # Three weeks ago it was twice as slow: that is not compared.
            night(
                self.history,
                day,
                {"a": 1000, "b": 2000 if day < 6 else 1200 if day == 20 else 1000},
            )
        (machine,) = self.gathered()["machines"]
        first = machine["series"][0]
        self.assertEqual(first["case"], "s, b, k, 1, warm")
        self.assertAlmostEqual(first["toFortnight"], 0.2)

    def test_it_is_useful_from_the_second_night(self):
        night(self.history, 1, {"a": 1000})
        (one,) = self.gathered()["machines"][0]["series"]
        self.assertEqual((one["last"], one["toBefore"], one["toFortnight"]), (1000, None, None))
        writing.page_of_history(self.gathered())
        night(self.history, 2, {"a": 1100})
        (one,) = self.gathered()["machines"][0]["series"]
        self.assertAlmostEqual(one["toBefore"], 0.1)

    def test_a_damaged_night_is_said_and_skipped(self):
        for day in range(1, 5):
            folder = night(self.history, day, {"a": 1000})
        (folder / "run.json").write_text('{"endedAt"')
        (self.history / "2026-01-02T000000Z" / "s" / "measurements.csv").unlink()
        found = self.gathered(left_out=[("2026-01-04T000000Z", "cut off")])
        self.assertEqual(len(found["machines"][0]["nights"]), 2)
        self.assertEqual([name for name, _ in found["leftOut"]],
                         ["2026-01-02T000000Z", "2026-01-04T000000Z"])  # fmt: skip
        self.assertIn("2 nights left out", writing.page_of_history(found))

    def test_a_case_that_is_missing_in_a_night_leaves_a_gap(self):
        night(self.history, 1, {"a": 1000, "gone": 5})
        night(self.history, 2, {"b": 1000})
        night(self.history, 3, {"a": 1000})
        (machine,) = self.gathered()["machines"]
        self.assertEqual(machine["series"][0]["values"], [1000, None, 1000])
        self.assertEqual(machine["gone"], ["s, b, k, 1, warm", "s, gone, k, 1, warm"])

    def test_machines_stand_apart_and_the_last_one_first(self):
        night(self.history, 1, {"a": 1000}, machine="old")
        night(self.history, 2, {"a": 1000}, machine="new")
        found = self.gathered()["machines"]
        self.assertEqual([machine["name"] for machine in found], ["new", "old"])
        self.assertEqual([len(machine["nights"]) for machine in found], [1, 1])

    def test_cpu_sets_of_a_machine_stand_apart_in_folders_of_their_own(self):
        for kind, cpus in (("a", [0]), ("b", [1, 2])):
            folder = night(self.history / kind, 1, {"a": 1000})
            record = json.loads((folder / "run.json").read_text())
            record["environment"] |= {"allowedCPUs": cpus, "onlineCPUs": 4}
            (folder / "run.json").write_text(json.dumps(record))
        new = [{"case": "s, a, k, 1, warm", "machine": "m, CPUs 1-2", "percent": 8.0,
                "date": "2026-01-01T00:00:00Z", "commit": "c1"}]  # fmt: skip
        found = self.gathered(new=new)
        self.assertEqual([one["name"] for one in found["machines"]], ["m, CPUs 1-2", "m, CPUs 0"])
        text = writing.page_of_history(found)
        self.assertIn("since 2026-01-01 (c1) on m, CPUs 1-2. 1 other steady.", text)
        self.assertIn("<td>m, CPUs 1-2</td>", text)

    def test_sixty_nights_are_shown(self):
        for day in range(1, 63):
            night(self.history, day, {"a": 1000})
        nights = self.gathered()["machines"][0]["nights"]
        self.assertEqual((len(nights), nights[0]["commit"]), (60, "c3"))

    def test_simulated_counts_are_a_series(self):
        night(self.history, 1, {"a": 1000})
        night(self.history, 2, {"a": 1000}, count=12345)
        (one,) = self.gathered()["machines"][0]["series"]
        self.assertEqual((one["counts"], one["counter"]), ([None, 12345], "INS"))

    def test_the_headline_says_what_is_new(self):
        for day in (1, 2):
            night(self.history, day, {"a": 1000, "b": 1000})
        change = {"case": "s, a, k, 1, warm", "percent": 12.3, "date": "2026-01-02T00:00:00Z"}
        found = self.gathered(new=[change | {"commit": "<c>"}])
        text = history_words.headline(found)
        self.assertEqual(
            text,
            "1 new change point: s, a, k, 1, warm +12 % since 2026-01-02 (<c>). 1 other steady.",
        )
        self.assertIn("&lt;c&gt;", writing.page_of_history(found))
        self.assertTrue(
            history_words.headline(self.gathered()).startswith("No new change point. 2")
        )

    def test_a_page_that_cannot_be_written_does_not_spoil_the_night(self):
        night(self.history, 1, {"a": 1000})
        (self.history / pages.PAGE).mkdir()
        pages.write(self.history, [], [], [])
        self.assertTrue(callable(script.main))

    @unittest.skipUnless(browser.is_installed(), browser.MISSING)
    def test_a_click_on_a_case_shows_it(self):
        for day in range(1, 9):
            night(self.history, day, {"a": 1000, "b": 1500 if day > 6 else 1000}, count=7)
        night(self.history, 9, {"a": 1000}, machine="<i>other")
        change = {"case": "s, b, k, 1, warm", "percent": 50.0, "date": "2026-01-07T00:00:00Z"}
        file = self.history / pages.PAGE
        file.write_text(writing.page_of_history(self.gathered(known=[change | {"commit": "c7"}])))
        window = browser.open_browser()
        self.addCleanup(window.quit)
        window.get(file.as_uri())
        case = "return document.getElementById('large').dataset.case"
        browser.wait_for(lambda: window.execute_script(case), "the first chart")
        window.execute_script(
            "const m = document.getElementById('machine'); m.value = '1';"
            "m.dispatchEvent(new Event('change'))"
        )
        browser.wait_for(lambda: "s, b" in window.execute_script(case), "the changed case")
        count = "return document.querySelectorAll(arguments[0]).length"
        self.assertEqual(window.execute_script(count, "#all-cases tbody tr"), 2)
        self.assertEqual(window.execute_script(count, "#all-cases .spark path[d*=L]"), 2)
        self.assertEqual(
            window.execute_script(
                count, "#large path[stroke-dasharray], #large line[stroke-dasharray]"
            ),
            1,
        )
        for button in window.find_elements("css selector", ".choose"):
            if "s, a" in button.text:
                button.click()
        browser.wait_for(lambda: "s, a" in window.execute_script(case), "the clicked case")
        self.assertEqual(window.get_log("browser"), [])


if __name__ == "__main__":
    unittest.main()
