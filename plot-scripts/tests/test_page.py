# SPDX-License-Identifier: Apache-2.0
"""The page shows every row, stands alone, and takes nothing from files for its own."""

import base64
import contextlib
import gzip
import io
import json
import os
import re
import tempfile
import unittest
import unittest.mock
from html.parser import HTMLParser
from pathlib import Path

import report
import runs
import stored
from page import agreement, answers, changes, sections, words, writing
from page.run import Run

LARGEST = 2_000_000


def unpacked(text):
    """What the page's script reads of a packed element."""
    return gzip.decompress(base64.b64decode(text)).decode()


class Reader(HTMLParser):
    """Elements with their attributes, scripts with their text, rows by the table they are in."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.scripts, self.rows, self.texts = [], {}, {}, []
        self.table = self.script = self.in_body = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.elements.append((tag, found))
        if tag == "div" and "table" in found.get("class", "").split():
            self.table = found["id"]
        elif tag == "tbody":
            self.in_body = True
        elif tag == "tr" and self.in_body and self.table:
            self.rows[self.table] = self.rows.get(self.table, 0) + 1
        elif tag in ("script", "style"):
            self.script = found.get("id", tag)

    def handle_endtag(self, tag):
        if tag == "tbody":
            self.in_body = False
        elif tag == "table":
            self.table = None
        elif tag in ("script", "style"):
            self.script = None

    def handle_data(self, data):
        if self.script:
            self.scripts[self.script] = data
        else:
            self.texts.append(data)

    def all(self, tag):
        return [found for name, found in self.elements if name == tag]


def page_of(folder):
    return writing.page_of(Run(folder), Path(folder) / "report.html")


class WholeRun(unittest.TestCase):
    """The page of a stored run of all suites."""

    @classmethod
    def setUpClass(cls):
        cls.text = page_of(stored.EXAMPLE)
        cls.page = Reader(cls.text)
        cls.whole = Run(stored.EXAMPLE)

    def test_it_is_small_enough_to_be_sent(self):
        self.assertLess(len(self.text.encode()), LARGEST)

    def test_it_asks_for_nothing_outside(self):
        policy = next(m for m in self.page.all("meta") if "http-equiv" in m)["content"]
        self.assertTrue(policy.startswith("default-src 'none'"))
        self.assertNotIn("http", policy)
        for tag in ("img", "iframe", "object", "embed"):
            self.assertEqual(self.page.all(tag), [])
        self.assertFalse([found for found in self.page.all("script") if "src" in found])
        self.assertEqual([found["href"] for found in self.page.all("link")], ["data:,"])

    def test_links_lead_to_sections_and_files_that_exist(self):
        names = {found["id"] for _, found in self.page.elements if found.get("id")}
        for found in self.page.all("a"):
            place = found["href"]
            if place.startswith("#"):
                self.assertIn(place[1:], names)
            else:
                self.assertTrue((stored.EXAMPLE / place).is_file(), place)

    def test_every_comparison_is_a_point_and_a_row(self):
        points = {}
        for found in self.page.all("div"):
            if "data-chart" in found:
                suite = found["data-chart"].rpartition("-")[0]
                points[suite] = points.get(suite, 0) + int(found["data-points"])
        for suite in self.whole.suites:
            if suite.compared and not suite.is_of_libraries:
                with self.subTest(suite=suite.name):
                    self.assertEqual(points[suite.anchor], len(suite.compared))
                    self.assertEqual(self.page.rows[suite.anchor + "-table"], len(suite.compared))

    def test_charts_hold_the_points_that_they_promise(self):
        specs = json.loads(unpacked(self.page.scripts["specs"]))
        for found in self.page.all("div"):
            if found.get("data-chart") not in (None, "roofline", "scaling"):
                rows = specs[found["data-chart"]]["datasets"]["rows"]
                self.assertEqual(len(rows), int(found["data-points"]))
                self.assertTrue(all(row["measured"] or row["reason"] for row in rows))

    def test_every_timed_row_stands_under_the_roofs(self):
        points = json.loads(unpacked(self.page.scripts["points"]))
        timed = [r for r in self.whole.measured if r["status"] == "ok"]
        self.assertEqual(len(points["x"]["rows"]), len(timed))
        place = next(n for n, r in enumerate(timed) if r["suite"] == "quick")
        suite = points["suite"]["words"][points["suite"]["rows"][place]]
        self.assertEqual(suite, "quick")

    def test_libraries_are_a_map_of_problems_and_rivals(self):
        suite = next(suite for suite in self.whole.suites if suite.is_of_libraries)
        cells = [
            found
            for tag, found in self.page.elements
            if tag == "td" and "heat" in (found.get("class") or "").split()
        ]
        self.assertEqual(len(cells), len(suite.compared))

    def test_layers_are_sorted_by_time_and_add_up(self):
        for network in sections.networks(self.whole, "report.html"):
            with self.subTest(network=network.title):
                times = [row[2].order for row in network.layers.rows]
                self.assertEqual(times, sorted(times, reverse=True))
                self.assertAlmostEqual(network.layers.rows[-1][4].order, 1)
                self.assertAlmostEqual(sum(row[3].order for row in network.classes.rows), 1)
                self.assertAlmostEqual(sum(row[2].order for row in network.classes.rows), 1)
                self.assertAlmostEqual(sum(times), network.time)

    def test_health_counts_what_the_files_say(self):
        cards = {card.name: card for card in sections.health(self.whole)}
        compared = [r for s in self.whole.suites for r in s.compared if r["status"] == "ok"]
        opened = sum(1 for row in compared if row["verdict"] == "inconclusive")
        self.assertEqual(cards["comparisons undecided"].value, f"{opened} of {len(compared)}")
        self.assertEqual(cards[f"wrong or failed of {len(self.whole.measured)}"].state, "good")

    def test_every_question_has_a_sentence_that_is_short(self):
        found = list(sections.questions(self.whole.suites))
        self.assertEqual(len(found), sum(1 for s in self.whole.suites if s.compared))
        for line in found:
            self.assertTrue(0 < len(line.sentence) <= answers.LONGEST, line.sentence)
            self.assertTrue(line.suite.answer.question)

    def test_a_command_repeats_one_suite_as_it_was_measured(self):
        self.assertEqual(
            self.whole.repeating("quick"), "./convscope run quick --budget 10m --no-progress"
        )

    def test_the_same_run_gives_the_same_page(self):
        self.assertEqual(self.text, page_of(stored.EXAMPLE))


class Changed(unittest.TestCase):
    """Copies of one suite, changed."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = stored.copy_of("quick", Path(folder.name))

    def change(self, file, **cells):
        rows = stored.read(self.folder / "quick" / file)
        rows[0] |= cells
        stored.write(self.folder / "quick" / file, rows)

    def test_a_wrong_row_is_counted_and_named(self):
        self.change("measurements.csv", status="wrong", time_ns_median="", reason="off by 1")
        (card,) = [c for c in sections.health(Run(self.folder)) if c.name.startswith("wrong")]
        self.assertEqual((card.value, card.state), ("1", "bad"))
        self.assertIn("wrong", card.hint)

    def test_a_row_without_a_time_is_still_a_point_and_says_why(self):
        cells = {"status": "failed", "speedup": "", "speedup_lo": "", "speedup_hi": ""}
        self.change("comparisons.csv", reason="it fell over", **cells)
        page = Reader(page_of(self.folder))
        self.assertEqual(page.rows["suite-quick-table"], 4)
        self.assertIn("it fell over", unpacked(page.scripts["specs"]))
        self.assertIn("failed", "".join(page.texts))

    def test_names_from_files_stay_text(self):
        evil = "</script><script>alert(1)</script> <img src=x onerror=alert(1)> "
        evil += "\"'|{{7*7}} **b** &amp;"
        plain = Reader(page_of(self.folder))
        self.change("comparisons.csv", comparison=evil, contender_kernel=evil, reason=evil)
        self.change(
            "measurements.csv", case=evil, kernel=evil, reason=evil, problem=evil, bound=evil
        )
        record = json.loads((self.folder / "run.json").read_text())
        record |= {"command": ["convscope", "run", evil], "noiseFloorSource": evil}
        record["environment"] |= {"cpuModel": evil, "revision": evil}
        record["libraries"] = {evil: evil}
        (self.folder / "run.json").write_text(json.dumps(record))
        (self.folder / "answers.md").write_text(
            f"# A\n\n## quick\n\n**{evil}**\n\n{evil}\n\n- {evil}\n"
        )
        page = Reader(page_of(self.folder))
        self.assertEqual(len(page.all("script")), len(plain.all("script")))
        self.assertEqual(page.all("img"), [])
        self.assertIn("<script>alert(1)</script>", "".join(page.texts))
        self.assertNotIn("49 ", "".join(page.texts))
        self.assertIn(evil, unpacked(page.scripts["specs"]).replace('\\"', '"'))

    def test_a_file_name_from_a_run_is_a_link_to_it(self):
        (self.folder / "quick" / 'a "trace.json').write_text("[]")
        page = Reader(page_of(self.folder))
        self.assertIn("quick/a%20%22trace.json", [found["href"] for found in page.all("a")])

    def test_two_worker_counts_are_compared(self):
        expected = stored.with_two_workers(self.folder, "quick")
        page = Reader(page_of(self.folder))
        (chart,) = [f for f in page.all("div") if f.get("data-chart") == "scaling"]
        self.assertEqual(int(chart["data-points"]), expected)
        options = "".join(page.texts)
        self.assertIn("workers", options)

    def test_runtimes_and_workers_are_rows_and_the_sentence_counts_ours(self):
        file = self.folder / "quick" / "comparisons.csv"
        rows = stored.of_one_worker(stored.read(file))
        stored.write(file, every := stored.asked(rows))
        suite = Run(self.folder).suites[0]
        self.assertEqual(suite.own, rows)
        (question,) = sections.questions([suite])
        self.assertTrue(question.decided.endswith(f" of {len(rows)}"))
        table = sections.comparisons(suite)
        place = [name for name, *_ in table.columns].index("runtime")
        self.assertEqual({row[place].text for row in table.rows}, {"ours", "onnxruntime"})
        self.assertEqual(len(table.rows), len(every))

    def test_a_runtime_is_a_column_of_a_networks_layers(self):
        name = "networks/alexnet"
        stored.copy_of(name, self.folder)
        file = self.folder / name / "measurements.csv"
        rows = stored.of_one_worker(stored.read(file))
        beside = [
            dict(row, kernel="onnxruntime", time_ns_median=str(2 * float(row["time_ns_median"])))
            for row in rows
        ]
        stored.write(file, [one for pair in zip(rows, beside, strict=True) for one in pair])
        columns = list(stored.read(self.folder / "quick" / "comparisons.csv")[0])
        compared = [
            dict.fromkeys(columns, "")
            | {"suite": name, "comparison": "kernels", "status": "ok", "verdict": "slower"}
            | {"baseline_case": row["case"], "contender_case": row["case"], "speedup": "0.5"}
            | {"baseline_kernel": row["kernel"], "contender_kernel": "onnxruntime"}
            | {"workers": "1", "cache": "warm"}
            for row in rows
        ]
        stored.write(self.folder / name / "comparisons.csv", compared)
        run = Run(self.folder)
        (network,) = sections.networks(run, self.folder / "report.html")
        names = [column for column, *_ in network.layers.columns]
        self.assertEqual(names[-1], "onnxruntime")
        self.assertEqual({row[-1].text for row in network.layers.rows}, {"2×"})
        self.assertEqual(len(list(sections.questions(run.suites))), 1)

    def test_more_workers_are_a_column_of_a_networks_layers(self):
        name = "networks/alexnet"
        stored.copy_of(name, self.folder)
        file = self.folder / name / "measurements.csv"
        rows = stored.of_one_worker(stored.read(file))
        faster = [
            dict(row, workers="4", time_ns_median=str(float(row["time_ns_median"]) / 4))
            for row in rows
        ]
        stored.write(file, rows + faster)
        (network,) = sections.networks(Run(self.folder), self.folder / "report.html")
        place = [column for column, *_ in network.layers.columns].index("4 workers")
        self.assertEqual({row[place].text for row in network.layers.rows}, {"4×"})
        self.assertEqual(len(network.layers.rows), len({row["case"] for row in rows}))

    def test_a_run_that_was_interrupted_says_so(self):
        record = json.loads((self.folder / "run.json").read_text())
        del record["endedAt"]
        (self.folder / "run.json").write_text(json.dumps(record))
        names = [card.value for card in sections.health(Run(self.folder))]
        self.assertIn("interrupted", names)

    def test_a_run_without_its_prose_has_a_page(self):
        stored.write(self.folder / "quick" / "metrics.csv", [{"suite": ""}])
        (self.folder / "quick" / "metrics.csv").unlink()
        (self.folder / "quick" / "samples.csv").unlink(missing_ok=True)
        record = {"endedAt": "x"}
        (self.folder / "run.json").write_text(json.dumps(record))
        self.assertIn("quick", page_of(self.folder))


class Program(unittest.TestCase):
    """What the script says and returns."""

    def report(self, *arguments):
        with (
            contextlib.redirect_stdout(io.StringIO()) as out,
            contextlib.redirect_stderr(io.StringIO()) as err,
            unittest.mock.patch("sys.argv", ["report.py", *map(str, arguments)]),
        ):
            code = report.main()
        return code, out.getvalue(), err.getvalue()

    def test_the_page_stands_in_the_run_and_is_named(self):
        with tempfile.TemporaryDirectory() as name:
            folder = stored.copy_of("quick", Path(name))
            code, out, _ = self.report(folder)
            self.assertEqual((code, out.strip()), (0, str(folder / "report.html")))
            self.assertTrue((folder / "report.html").is_file())

    def test_what_is_no_run_is_named_with_an_exit_code(self):
        with tempfile.TemporaryDirectory() as name:
            code, _, err = self.report(name)
            self.assertEqual(code, 65)
            self.assertIn(f"{name}: no run.json", err)
            (Path(name) / "run.json").write_text("{")
            code, _, err = self.report(name)
            self.assertEqual(code, 65)
            self.assertIn("run.json", err)
            code, _, err = self.report(Path(name) / "nowhere")
            self.assertEqual(code, 65)
            self.assertIn("nowhere: no such folder", err)


class TwoRuns(unittest.TestCase):
    """What changed, as the program judged it."""

    def judged(self):
        row = {"suite": "quick", "kernel": "k", "workers": 1, "cache": "warm", "firstNs": 1000.0}

        def judge(case, second, ratio, low, high, verdict):
            more = {"secondNs": second, "ratio": ratio, "low": low, "high": high}
            return row | more | {"case": case, "verdict": verdict}

        return {
            "rows": [
                judge("same", 1000, 1, 0.9, 1.1, "same"),
                judge("<b>", 500, 2, 1.9, 2.1, "faster"),
                judge("slow", 1250, 0.8, None, None, "slower"),
                judge("open", 900, 1.1, 0.5, 2, "inconclusive"),
            ],
            "unmatched": ["gone: only in <first>"],
            "differences": [{"key": "kernel", "first": "5", "isOfMachine": False}],
            "noiseFloor": "1 %",
        }  # fmt: skip

    def test_only_what_changed_stands_there_and_slower_first(self):
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "changes.json"
            file.write_text(json.dumps(self.judged()))
            found = changes.read(file)
            self.assertEqual(found.sentence, "1 faster, 1 slower, 1 same, 1 undecided of 4")
            self.assertEqual([row[1].text for row in found.table.rows], ["slow", "<b>"])
            run = Run(stored.EXAMPLE)
            page = Reader(writing.page_of_two(run, run, file, Path(name) / "report.html"))
        self.assertEqual(page.rows, {"changes": 2})
        self.assertEqual(page.all("b"), [found for found in page.all("b") if not found])
        text = "".join(page.texts)
        self.assertIn("1 faster, 1 slower", text)
        self.assertIn("gone: only in <first>", text)
        self.assertNotIn("two machines", text)

    def test_the_page_of_two_is_written_where_it_is_wanted(self):
        with tempfile.TemporaryDirectory() as name:
            file, page = Path(name) / "changes.json", Path(name) / "page.html"
            file.write_text(json.dumps(self.judged()))
            run = stored.EXAMPLE
            words = ["report.py", run, "--output", page, run, "--changes", file]
            with (
                contextlib.redirect_stdout(io.StringIO()) as out,
                unittest.mock.patch("sys.argv", list(map(str, words))),
            ):
                self.assertEqual(report.main(), 0)
            self.assertEqual(out.getvalue().strip(), str(page))
            self.assertIn("What changed", page.read_text())

    def test_two_machines_are_said(self):
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "changes.json"
            judged = self.judged()
            judged["differences"][0]["isOfMachine"] = True
            file.write_text(json.dumps(judged))
            self.assertTrue(changes.read(file).is_of_two_machines)

    def test_what_is_no_judgement_is_said(self):
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "changes.json"
            for text in ("", "[]", '{"rows": [{}]}', '{"rows": []}'):
                file.write_text(text)
                with self.assertRaisesRegex(runs.RunError, "changes.json"):
                    changes.read(file)


class Agreement(unittest.TestCase):
    """Which answers hold, as the program found them."""

    def found(self):
        def cell(verdict, speedup, **more):
            return {"verdict": verdict, "status": "ok", "speedup": speedup, "reason": "",
                    "baselineKernel": "b", "contenderKernel": "<c>"} | more  # fmt: skip

        def row(name, answer, *cells):
            return {"suite": "quick", "name": name, "cache": "warm", "cells": cells,
                    "answer": answer}  # fmt: skip

        return {
            "columns": [
                {"label": label, "machine": number, "name": f"machine {label}", "workers": 1,
                 "dataType": "", "startedAt": "2026-01-01T00:00:00Z", "paths": ["<folder>"]}
                for number, label in enumerate("AB")
            ],
            "rows": [
                row("turns", "differs", cell("faster", 2.0, lower=1.9, upper=2.1, realised=0.5),
                    cell("slower", 0.5, realised=0.125)),
                row("holds", "holds everywhere", cell("same", 1.0), cell("same", 1.0)),
                row("open", "undecided", cell("faster", 2.0, realised=1.0),
                    cell("inconclusive", None, status="disturbed", reason="too busy")),
            ],
            "alone": 3, "sentence": "1 differs and so on",
            "facts": [{"key": "cpuModel", "values": ["X", None], "isOfMachine": True}],
        }  # fmt: skip

    def test_what_differs_comes_first_with_intervals_and_the_spread(self):
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "agreement.json"
            file.write_text(json.dumps(self.found()))
            found = agreement.read(file)
            page = Reader(writing.page_of_agreement(file))
        first, second, third = found.table.rows
        self.assertEqual(
            [cell.text for cell in first[2:]],
            ["▲▼ differs", "▲ 2× 1.9 … 2.1", "▼ 0.5×", "12 % … 50 %", "38"],
        )
        self.assertEqual([cell.text for cell in second[5:]], ["—", "—"])
        self.assertEqual((third[4].text, third[4].hint), ("disturbed", "too busy"))
        self.assertEqual([cell.text for cell in third[5:]], ["100 %", "—"])
        text = "".join(page.texts)
        for said in ("1 differs and so on.", "machine A", "<folder>", "cpuModel ⚠", "not known"):
            self.assertIn(said, text)

    def test_what_is_no_finding_is_said(self):
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "agreement.json"
            for text in ("", "[]", '{"columns": [], "rows": [{}], "sentence": ""}'):
                file.write_text(text)
                with self.assertRaisesRegex(runs.RunError, "agreement.json"):
                    agreement.read(file)


class Answers(unittest.TestCase):
    """Reading answers.md."""

    def test_escaped_names(self):
        """What keeps a name from being Markdown is no part of it."""
        self.assertEqual(answers.joined("a\\|b\n\\[x\\] &lt;c> &amp;lt;"), "a|b [x] <c> &lt;")

    def test_sections_sentences_and_caveats(self):
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "answers.md").write_text(
                "# Answers\n\nMeasured on X.\n\n- holds for all\n\n## quick\n\n**What\nis it?**\n\n"
                "A `b`.\n\nIn x it is c.\n\n"
                "Layers:\n\n| a |\n|---|\n| 1 |\n\nMore\nof it.\n\n"
                "Caveats:\n\n- one\n  more\n- two\n"
            )
            found, whole = answers.answers_of(Path(name))
        self.assertEqual(whole, ["holds for all"])
        self.assertEqual(found["quick"].question, "What is it?")
        self.assertEqual(found["quick"].paragraphs, ["A `b`.", "More of it."])
        self.assertEqual(found["quick"].asked, ["In x it is c."])
        self.assertEqual(found["quick"].caveats, ["one more", "two"])

    def test_marks_of_markdown_are_shown_and_nothing_else(self):
        self.assertEqual(
            writing.marked("`a<b` **c** *d* 2*3*4"),
            "<code>a&lt;b</code> <strong>c</strong> <em>d</em> 2*3*4",
        )


class Words(unittest.TestCase):
    def test_times_and_shares(self):
        said = [words.time(v) for v in (12.34, 999.9, 1e6, 12_345_678, 2.5e9, None)]
        self.assertEqual(said, ["12.3 ns", "1 µs", "1 ms", "12.3 ms", "2.5 s", "—"])
        self.assertEqual([words.percent(v) for v in (0.0064, 0.5, None)], ["0.6 %", "50 %", "—"])


class Scripts(unittest.TestCase):
    def test_json_cannot_end_its_element(self):
        text = writing.script_json({"a": "</script><!--&\u2028"})
        self.assertNotRegex(text, r"[<>&\u2028]")
        self.assertEqual(json.loads(text), {"a": "</script><!--&\u2028"})

    def test_our_own_script_has_no_address(self):
        text = (Path(writing.__file__).parent / "page.js").read_text()
        self.assertFalse(re.search(r"https?://", text))


class WrittenTest(unittest.TestCase):
    def test_a_link_is_refused_and_a_pipe_stays_one(self):
        with tempfile.TemporaryDirectory() as folder:
            victim, link, pipe = (Path(folder) / name for name in ("victim", "link", "pipe"))
            victim.write_text("mine")
            link.symlink_to(victim)
            with self.assertRaisesRegex(OSError, "symbolic link.*link"):
                writing.write_whole(link, "page")
            with self.assertRaisesRegex(OSError, "no/such"):
                writing.write_whole(Path(folder) / "no" / "such", "page")
            self.assertEqual((victim.read_text(), link.is_symlink()), ("mine", True))
            for place in (Path(folder), Path(".")):
                with self.assertRaisesRegex(IsADirectoryError, re.escape(str(place))):
                    writing.write_whole(place, "page")
            os.mkfifo(pipe)
            reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
            writing.write_whole(pipe, "page")
            self.assertEqual((os.read(reader, 9), pipe.is_fifo()), (b"page", True))
            os.close(reader)


if __name__ == "__main__":
    unittest.main()
