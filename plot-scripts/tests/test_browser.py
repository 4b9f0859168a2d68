# SPDX-License-Identifier: Apache-2.0
"""The page in a real browser: what is drawn, clicked, asked for and complained about."""

import json
import tempfile
import unittest
from pathlib import Path

import browser
import stored
from page import writing
from page.run import Run

# The groups of points in a drawn chart; those of legends are no objects.
MARKS = ".mark-symbol[role='graphics-object']"


@unittest.skipUnless(browser.is_installed(), browser.MISSING)
class InChromium(unittest.TestCase):
    """One page of the whole example, opened from a file."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.file = Path(folder.name) / "report.html"
        cls.file.write_text(writing.page_of(Run(stored.EXAMPLE), cls.file))
        cls.browser = browser.open_browser()
        cls.addClassCleanup(cls.browser.quit)
        cls.open(cls.browser, cls.file)
        cls.complaints = cls.browser.get_log("browser")
        cls.messages = [
            json.loads(entry["message"])["message"] for entry in cls.browser.get_log("performance")
        ]
        # For what needs another page or size.
        cls.other = browser.open_browser()
        cls.addClassCleanup(cls.other.quit)

    @staticmethod
    def open(window, file):
        window.get(file.as_uri())
        drawn = "return document.body.dataset.drawn === 'all'"
        browser.wait_for(lambda: window.execute_script(drawn), "all charts")

    def run_script(self, text, *arguments):
        return self.browser.execute_script(text, *arguments)

    def find(self, selector):
        return self.browser.find_element("css selector", selector)

    def column(self, table, number):
        """The texts of the visible rows of a table's column."""
        return self.run_script(
            "return [...document.querySelectorAll(`#${arguments[0]} tbody tr`)]"
            ".filter((row) => !row.hidden).map((row) => row.cells[arguments[1]].dataset.v"
            " ?? row.cells[arguments[1]].textContent)",
            table,
            number,
        )

    def test_no_complaint_and_nothing_asked_of_the_network(self):
        self.assertEqual(self.complaints, [])
        asked = [
            message["params"]["request"]["url"]
            for message in self.messages
            if message["method"] == "Network.requestWillBeSent"
        ]
        outside = [url for url in asked if not url.startswith(("data:", "blob:"))]
        self.assertEqual(outside, [self.file.as_uri()])

    def test_each_chart_draws_all_its_points(self):
        for plot in self.browser.find_elements("css selector", "[data-chart]"):
            name, points = plot.get_attribute("data-chart"), int(plot.get_attribute("data-points"))
            with self.subTest(chart=name):
                drawn = self.run_script(
                    "return [...arguments[0].querySelectorAll(arguments[1])]"
                    ".map((group) => group.children.length)",
                    plot,
                    MARKS,
                )
                # The promise, if any, has its marks in front of those of the measurements.
                promised = self.run_script(
                    "return window.convscope.json('specs').then((specs) => {"
                    "const rows = specs[arguments[0]].datasets?.rows ?? [];"
                    "const promises = rows.some((row) => Math.abs(row.promised - 1) > 0.01);"
                    "return promises ? rows.length : 0; })",
                    name,
                )
                self.assertEqual(sum(drawn), points + promised, drawn)

    def test_a_click_on_a_heading_sorts_and_another_turns_it(self):
        table = "suite-group-vs-standard-table"
        button = self.find(f"#{table} th:nth-child(5) button")
        self.run_script("arguments[0].scrollIntoView({block: 'center'})", button)
        self.assertIn("promised", button.text)
        button.click()
        first = [float(value) for value in self.column(table, 4)]
        button.click()
        second = [float(value) for value in self.column(table, 4)]
        self.assertEqual(first, sorted(first, reverse=True))
        self.assertEqual(second, sorted(second))

    def test_numbers_are_sorted_as_numbers_by_the_keyboard_too(self):
        table = "suite-depthwise-vs-dense-table"
        headings = self.browser.find_elements("css selector", f"#{table} th button")
        place = next(n for n, b in enumerate(headings) if b.text.startswith("measured"))
        self.run_script("arguments[0].focus()", headings[place])
        for descending in (True, False):
            headings[place].send_keys("\n")
            values = [float(value) for value in self.column(table, place)]
            self.assertEqual(values, sorted(values, reverse=descending))
        state = self.run_script(
            "return arguments[0].closest('th').getAttribute('aria-sort')", headings[place]
        )
        self.assertEqual(state, "ascending")

    def test_words_and_a_verdict_choose_rows(self):
        table = "suite-separable-orders-table"
        everything = len(self.column(table, 0))
        field = self.find(f"#{table} input[type=search]")
        self.run_script("arguments[0].scrollIntoView({block: 'center'})", field)
        field.send_keys("inverted 512")
        self.assertEqual(len(self.column(table, 0)), 1)
        count = self.find(f"#{table} [data-count]").text
        self.assertEqual(count, f"1 of {everything} rows")
        field.clear()
        field.send_keys(" ")
        self.assertEqual(len(self.column(table, 0)), everything)
        select = self.find(f"#{table} select")
        for option in select.find_elements("css selector", "option"):
            if "undecided" in option.text:
                option.click()
        self.assertEqual(len(self.column(table, 0)), 1)

    def test_the_roofline_shows_one_suite(self):
        count = (
            "return [...document.querySelectorAll('[data-chart=roofline] .mark-symbol"
            '[role="graphics-object"]\')].at(-1).children.length'
        )
        everything = self.run_script(count)
        choice = "#roof-suite option:nth-child(2)"
        suite = self.find(choice).text
        rows = [row for row in Run(stored.EXAMPLE).measured if row["suite"] == suite]
        timed = sum(1 for row in rows if row["status"] == "ok")
        self.find(choice).click()
        browser.wait_for(lambda: self.run_script(count) != everything, "fewer points")
        self.assertEqual(self.run_script(count), timed)

    def test_nothing_is_wider_than_the_window_and_dark_is_dark(self):
        for width, dark in ((400, False), (400, True), (1280, True)):
            with self.subTest(width=width, dark=dark):
                window = self.other
                browser.look(window, width, dark)
                self.open(window, self.file)
                wide = window.execute_script("return document.documentElement.scrollWidth")
                self.assertLessEqual(wide, width)
                ground = window.execute_script(
                    "return getComputedStyle(document.body).backgroundColor"
                )
                inks = window.execute_script(
                    "return ['.mark-text text', '[data-chart=suite-group-vs-standard-0] "
                    "path[stroke-dasharray]'].map((mark) => getComputedStyle("
                    "document.querySelector(mark)))"
                    ".map((style) => style.stroke === 'none' ? style.fill : style.stroke)"
                )
                channels = [int(v) for v in ground[4:-1].split(",")]
                self.assertEqual(sum(channels) < 200, dark)
                for ink in inks:
                    self.assertEqual(sum(int(v) for v in ink[4:-1].split(",")) > 500, dark)

    def test_names_from_files_do_nothing(self):
        with tempfile.TemporaryDirectory() as name:
            folder = stored.copy_of("quick", Path(name))
            rows = stored.read(folder / "quick" / "comparisons.csv")
            taken = "document.title='taken'"
            evil = f'</script><script>{taken}</script><img src=x onerror="{taken}">'
            for row in rows:
                row |= {
                    "comparison": evil + row["comparison"],
                    "contender_kernel": evil,
                    "reason": evil,
                }
            stored.write(folder / "quick" / "comparisons.csv", rows)
            page = folder / "report.html"
            page.write_text(writing.page_of(Run(folder), page))
            window = self.other
            self.open(window, page)
            # A tooltip is made of a row's words as well.
            window.execute_script(
                "for (const mark of document.querySelectorAll('.plot path')) "
                "mark.dispatchEvent(new MouseEvent('mousemove', "
                "{bubbles: true, clientX: 300, clientY: 300}))"
            )
            self.assertNotEqual(window.title, "taken")
            self.assertEqual(window.execute_script("return document.images.length"), 0)

    def test_paper_has_no_folds(self):
        closed = "return document.querySelectorAll('details:not([open])').length"
        before = self.run_script(closed)
        self.assertGreater(before, 0)
        self.run_script("window.dispatchEvent(new Event('beforeprint'))")
        self.assertEqual(self.run_script(closed), 0)
        self.run_script("window.dispatchEvent(new Event('afterprint'))")
        self.assertEqual(self.run_script(closed), before)


if __name__ == "__main__":
    unittest.main()
