# SPDX-License-Identifier: Apache-2.0
"""Figures show every row, on pages that can be read."""

import contextlib
import io
import itertools
import tempfile
import unittest
from pathlib import Path

import comparisons
import figure as fig
import libraries
import panels
import roofline
import runs
import scaling
import stored
import trends
from matplotlib.container import ErrorbarContainer

TALLEST = 1600


def drawn_points(figure):
    """How many rows a figure of comparisons shows: measured, crossed out, or as a cell."""
    found = 0
    for axes in figure.findobj(fig.plt.Axes):
        bars = [c for c in axes.containers if isinstance(c, ErrorbarContainer)]
        found += sum(len(bar[0].get_xdata()) for bar in bars)
        found += sum(
            1 for line in axes.lines if line.get_marker() == "x" and not line_of(bars, line)
        )
        found += sum(1 for patch in axes.patches if patch.get_gid() == "cell")
    return found


def line_of(bars, line):
    return any(line is bar[0] for bar in bars)


class CellTests(unittest.TestCase):
    def test_the_apostrophe_of_a_guarded_cell_is_not_shown(self):
        """A case named like a formula is drawn under its name."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "measurements.csv")
            file.write_text("case,time_ns_median\n'=1+1,-5\n'plain,+1\n''@x,2\n'-1_0,3\n-1e3,4\n")
            names = [row["case"] for row in runs.rows_of(file)]
        self.assertEqual(names, ["=1+1", "'plain", "'@x", "-1_0", "-1e3"])


class Pages(unittest.TestCase):
    """What holds for every figure of every stored run."""

    def check(self, figures):
        for figure in figures:
            axes = figure.findobj(fig.plt.Axes)
            self.assertLessEqual(len(axes), fig.MOST_PANELS)
            self.assertLessEqual(figure.get_size_inches()[1] * fig.DPI, TALLEST)
            self.assertLessEqual(figure.get_size_inches()[0], fig.WIDTH)
            shown = list(fig.shown_texts(figure))
            self.assertEqual(fig.overlapping(figure, shown), [])
            for text, _ in shown:
                self.assertNotRegex(text.get_text(), r"\de[+-]\d")
            for place in axes:
                self.assertGreater(place.get_window_extent().width, 60)

    def close(self, figures):
        for figure in figures:
            fig.plt.close(figure)

    def test_every_row_of_a_suite_is_one_point(self):
        for run in stored.EXAMPLES:
            for folder in stored.suites(run):
                with self.subTest(run=run.name, suite=folder.name):
                    figures = comparisons.figures_of(folder / "comparisons.csv")
                    self.check(figures)
                    rows = runs.compared_rows(folder)
                    self.assertEqual(sum(map(drawn_points, figures)), len(rows))
                    self.close(figures)

    def test_every_timed_row_stands_under_the_roofs(self):
        for run in stored.EXAMPLES:
            suites = ("quick", "shuffle", "against-libraries")
            # Not every stored run has the libraries; the example has.
            there = [
                run / suite for suite in suites if (run / suite).is_dir() or run == stored.EXAMPLE
            ]
            for folder in (run, *there):
                with self.subTest(run=run.name, folder=folder.name):
                    places = roofline.places_of(folder)
                    figures = roofline.figures_of(folder)
                    self.check(figures)
                    marks = [
                        len(line.get_xdata())
                        for figure in figures
                        for axes in figure.axes
                        for line in axes.lines
                        if line.get_marker() in fig.MARKERS
                    ]
                    self.assertEqual(sum(marks), len(places))
                    self.close(figures)

    def test_types_promise_what_their_instructions_do(self):
        row = {"mac_ratio": "0.5", "speedup": "1.5", "realised": "0.75"}
        self.assertEqual(panels.promised(row), 2)
        self.assertEqual(panels.promised(row | {"mac_ratio": "1"}), 2)
        self.assertEqual(panels.promised(row | {"speedup": "", "realised": ""}), 2)
        self.assertIsNone(panels.promised(row | {"mac_ratio": ""}))

    def test_roofs_are_those_of_the_types_that_computed(self):
        def peak(name, rate, **more):
            return {"instructionSet": name, "workers": 1, "gflopPerSecond": rate} | more

        limits = {
            "peaks": [
                peak("scalar", 16),
                peak("avx2", 130),
                peak("avx512", 260),
                peak("avx512-bf16", 530, dataType="bf16"),
                peak("avx512-bf16", 1070, dataType="u8:s8:u8"),
            ]
        }
        # Runs of before there were types have no such column.
        row = {"flop_per_byte": "1", "gflop_per_s": "1", "workers": "1", "status": "ok"}
        floats = [roofline.Place(row | {"isa": "avx2"})]
        shown, _ = roofline.roofs(limits, 1, floats)
        self.assertEqual(shown, {"scalar": 16, "avx2": 130, "avx512": 260})
        halves = [roofline.Place(row | {"isa": "avx512-bf16", "dt": "bf16"})]
        shown, _ = roofline.roofs(limits, 1, halves)
        self.assertEqual(shown, {"scalar": 16, "avx512": 260, "avx512-bf16 bf16": 530})

    def test_each_case_with_more_workers_is_one_point(self):
        for suites in (("quick",), ("quick", "shuffle", "bottleneck")):
            with self.subTest(suites=suites), tempfile.TemporaryDirectory() as name:
                folder, expected = Path(name), 0
                for suite in suites:
                    stored.copy_of(suite, folder)
                    expected += stored.with_two_workers(folder, suite)
                figures = scaling.figures_of(folder)
                self.check(figures)
                self.assertEqual(sum(map(drawn_points, figures)), expected)
                self.close(figures)

    def test_runtimes_and_workers_are_points_too(self):
        for suite in ("group-vs-standard", "depthwise-vs-dense", "quick", "residual"):
            with self.subTest(suite=suite), tempfile.TemporaryDirectory() as name:
                folder = stored.copy_of(suite, Path(name)) / suite
                rows = stored.of_one_worker(stored.read(folder / "comparisons.csv"))
                stored.write(folder / "comparisons.csv", every := stored.asked(rows))
                figures = comparisons.figures_of(folder / "comparisons.csv")
                self.check(figures)
                self.assertEqual(sum(map(drawn_points, figures)), len(every))
                self.close(figures)

    def test_many_rows_make_pages(self):
        with tempfile.TemporaryDirectory() as name:
            folder = stored.copy_of("residual", Path(name)) / "residual"
            rows = stored.read(folder / "comparisons.csv")
            many = [dict(r, comparison=f"{r['comparison']} {n}") for n in range(9) for r in rows]
            stored.write(folder / "comparisons.csv", many)
            figures = comparisons.figures_of(folder / "comparisons.csv")
            self.assertGreater(len(figures), 1)
            self.check(figures)
            self.assertEqual(sum(map(drawn_points, figures)), len(many))
            self.close(figures)

    def test_many_curves_make_pages(self):
        with tempfile.TemporaryDirectory() as name:
            folder = stored.copy_of("group-vs-standard", Path(name)) / "group-vs-standard"
            rows = stored.read(folder / "comparisons.csv")
            # The axis' values stand in the comparison's name.
            many = [
                dict(
                    r,
                    size=f"{n}{r['size']}",
                    comparison=r["comparison"].replace("size=", f"size={n}"),
                )
                for n in range(1, 8)
                for r in rows
            ]
            stored.write(folder / "comparisons.csv", many)
            figures = comparisons.figures_of(folder / "comparisons.csv")
            self.assertEqual(len(figures), 2)
            self.check(figures)
            self.assertEqual(sum(map(drawn_points, figures)), len(many))
            self.close(figures)


class Marks(unittest.TestCase):
    """What a figure of comparisons says with its marks."""

    @classmethod
    def setUpClass(cls):
        cls.rows = runs.compared_rows(stored.EXAMPLE / "group-vs-standard")

    def figure(self, rows):
        (figure,) = comparisons.draw(rows, "title")
        self.addCleanup(fig.plt.close, figure)
        return figure

    def test_the_promise_is_dashed(self):
        axes = self.figure(self.rows).axes[0]
        promised = [1 / float(r["mac_ratio"]) for r in self.rows if r["channels"] == "256"]
        dashed = [line for line in axes.lines if line.get_linestyle() == "--"]
        self.assertEqual([list(line.get_ydata()) for line in dashed], [promised])

    def test_a_promise_of_one_is_left_out(self):
        equal = [dict(row, mac_ratio="1", realised=row["speedup"]) for row in self.rows]
        figure = self.figure(equal)
        lines = [line for axes in figure.axes for line in axes.lines]
        self.assertFalse([line for line in lines if line.get_linestyle() == "--"])
        legend = [text.get_text() for text in figure.legends[0].get_texts()]
        self.assertFalse([text for text in legend if "promised" in text])

    def test_an_interval_is_a_bar_of_its_bounds(self):
        axes = self.figure(self.rows).axes[0]
        bars = [c for c in axes.containers if isinstance(c, ErrorbarContainer)]
        drawn = {
            tuple(round(float(y), 3) for _, y in segment)
            for bar in bars
            for segment in bar[2][0].get_segments()
        }
        expected = {
            (round(float(r["speedup_lo"]), 3), round(float(r["speedup_hi"]), 3))
            for r in self.rows
            if r["channels"] == "256"
        }
        self.assertEqual(drawn, expected)

    def test_kernels_are_marked_where_they_change(self):
        rows = [r for r in self.rows if r["channels"] == "256"]
        changes = 1 + sum(
            one["contender_kernel"] != next_one["contender_kernel"]
            for one, next_one in itertools.pairwise(rows)
        )
        axes = self.figure(rows).axes[0]
        letters = [text for text in axes.texts if len(text.get_text()) == 1]
        self.assertEqual(len(letters), changes)
        same = [dict(row, contender_kernel="direct") for row in rows]
        self.assertFalse([t for t in self.figure(same).axes[0].texts if len(t.get_text()) == 1])

    def test_a_row_without_a_time_is_a_cross(self):
        rows = [dict(row) for row in self.rows]
        rows[3] |= {"status": "wrong", "speedup": "", "speedup_lo": "", "speedup_hi": ""}
        figure = self.figure(rows)
        crosses = [line for line in figure.axes[0].lines if line.get_marker() == "x"]
        self.assertEqual(len(crosses), 1)
        legend = [text.get_text() for text in figure.legends[0].get_texts()]
        self.assertIn("not measured: wrong", legend)

    def test_an_open_verdict_is_hollow(self):
        rows = [dict(row, verdict="inconclusive") for row in self.rows]
        axes = self.figure(rows).axes[0]
        bars = [c for c in axes.containers if isinstance(c, ErrorbarContainer)]
        self.assertEqual({bar[0].get_markerfacecolor() for bar in bars}, {"white"})


class Axes(unittest.TestCase):
    """The axis is the one that the answers speak of."""

    def axes_of(self, suite):
        rows = runs.compared_rows(stored.EXAMPLE / suite)
        found, rest = trends.all_trends(rows)
        self.assertEqual(sum(len(trend.rows) for trend in found) + len(rest), len(rows))
        return {trend.axis for trend in found}

    def test_axes_of_the_suites(self):
        expected = {
            "group-vs-standard": {"groups"},
            "bottleneck": {"channels", "size"},
            "dilated-vs-large": {"dilation"},
            "small-vs-large": {"receptive_field"},
            "shuffle": {"groups"},
            "deformable": {"spread"},
            "dense-connectivity": {"depth"},
            "residual": set(),
            "quick": set(),
        }
        self.assertEqual({suite: self.axes_of(suite) for suite in expected}, expected)

    def test_of_axes_alike_it_is_the_last(self):
        row = runs.compared_rows(stored.EXAMPLE / "quick")[0]
        grid = [
            row | {"comparison": f"a={a} b={b}", "a": str(a), "b": str(b)}
            for a in (1, 2, 3)
            for b in (1, 2, 3)
        ]
        found, rest = trends.all_trends(grid)
        self.assertEqual(([trend.axis for trend in found], rest), (["b"] * 3, []))

    def test_a_contender_is_a_series_of_its_panel(self):
        rows = runs.compared_rows(stored.EXAMPLE / "small-vs-large")
        found = list(panels.panels(rows))
        names = {tuple(series.name for series in panel.series) for panel in found}
        self.assertEqual(names, {("stack of 3x3", "dilated 3x3")})

    def test_worker_counts_and_runtimes_are_series_of_one_panel(self):
        for suite in ("group-vs-standard", "quick"):
            with self.subTest(suite=suite):
                rows = stored.of_one_worker(runs.compared_rows(stored.EXAMPLE / suite))
                every = stored.asked(rows)
                found = list(panels.panels(every))
                self.assertEqual(len(found), len(list(panels.panels(rows))))
                for panel in found:
                    self.assertEqual(
                        [series.name for series in panel.series],
                        [
                            f"{whose}, {workers}"
                            for whose in ("ours", "onnxruntime")
                            for workers in ("1 worker", "2 workers")
                        ],
                    )
                self.assertEqual(sum(len(panel.points) for panel in found), len(every))

    def test_the_same_comparison_stands_on_one_line(self):
        rows = stored.of_one_worker(runs.compared_rows(stored.EXAMPLE / "quick"))
        (panel,) = panels.panels(stored.asked(rows))
        self.assertEqual({point.place for point in panel.points}, {-n for n in range(len(rows))})
        self.assertEqual(len({point.at for point in panel.points}), 4 * len(rows))

    def test_several_contenders_have_a_panel_for_each_runtime(self):
        rows = stored.of_one_worker(runs.compared_rows(stored.EXAMPLE / "small-vs-large"))
        titles = [panel.title for panel in panels.panels(stored.asked(rows))]
        self.assertTrue(any(title.endswith(", ours") for title in titles))
        self.assertTrue(any(title.endswith(", onnxruntime") for title in titles))

    def test_whose_kernels_they_are(self):
        whose = {
            "direct/nchw16c/14x2/avx512": "", "best": "", "block/fused/avx2": "",
            "onednn/any+reorder": "onednn", "xnnpack/nhwc": "xnnpack",
            "im2col-openblas/nchw": "openblas", "onnxruntime": "onnxruntime",
        }  # fmt: skip
        self.assertEqual({kernel: trends.runtime(kernel) for kernel in whose}, whose)


class HeatMaps(unittest.TestCase):
    """Kernels against each other are a map of problems and rivals."""

    @classmethod
    def setUpClass(cls):
        cls.folder = stored.EXAMPLE / "against-libraries"
        cls.rows = runs.compared_rows(cls.folder)
        cls.cases = runs.measured_rows(cls.folder / "measurements.csv")

    def test_lines_are_cases_and_columns_rivals(self):
        (found,) = libraries.heat_maps(stored.of_one_worker(self.rows), self.cases)
        self.assertEqual(len(found.rows), len(stored.of_one_worker(self.rows)))
        self.assertEqual(len(found.rivals), len({r["baseline_kernel"] for r in self.rows}))
        lines = [name for _, lines in found.classes for name, _ in lines]
        self.assertEqual(sorted(lines), sorted({r["contender_case"] for r in self.rows}))

    def test_what_stands_beside_our_kernel_is_the_rival(self):
        row = next(r for r in self.rows if r["verdict"] == "faster")
        aside = dict(row, comparison="kernels")
        aside |= {"baseline_kernel": "direct/x", "contender_kernel": "onnxruntime"}
        found = libraries.turned(aside)
        self.assertEqual(found["baseline_kernel"], "onnxruntime")
        self.assertEqual(found["verdict"], "slower")
        product = float(found["speedup"]) * float(row["speedup"])
        self.assertAlmostEqual(product, 1, places=4)
        self.assertLess(float(found["speedup_lo"]), float(found["speedup_hi"]))

    def test_only_what_is_decided_has_a_colour(self):
        row = next(r for r in self.rows if r["verdict"] == "faster")
        self.assertIsNotNone(libraries.tint(row))
        self.assertIsNone(libraries.tint(dict(row, verdict="inconclusive")))
        self.assertIsNone(libraries.tint(dict(row, verdict="same")))
        self.assertIsNone(libraries.tint(dict(row, status="unsupported", speedup="")))

    def test_every_status_fits_its_cell(self):
        statuses = (
            "unsupported", "wrong", "mistrusted", "failed", "interrupted", "disturbed", "budget",
        )  # fmt: skip
        rows = [dict(row) for row in self.rows]
        for place, row in enumerate(rows):
            row |= {"status": statuses[place % len(statuses)], "speedup": ""}
        for figure in libraries.draw(rows, self.cases):
            self.assertEqual(fig.overlapping(figure), [])
            fig.plt.close(figure)

    def test_faster_and_slower_differ(self):
        row = next(r for r in self.rows if r["verdict"] == "faster")
        red, _, blue, _ = libraries.tint(dict(row, verdict="slower", speedup="0.5"))
        self.assertGreater(red, blue)
        red, _, blue, _ = libraries.tint(dict(row, verdict="faster", speedup="2"))
        self.assertGreater(blue, red)


class Overlaps(unittest.TestCase):
    """The tests' own measure: it sees what covers what."""

    def test_texts_at_one_place_overlap(self):
        figure, axes = fig.plt.subplots()
        self.addCleanup(fig.plt.close, figure)
        axes.text(0.5, 0.5, "one")
        axes.text(0.51, 0.51, "other")
        axes.text(0.1, 0.9, "elsewhere")
        self.assertEqual(fig.overlapping(figure), [("one", "other")])

    def test_turned_texts_side_by_side_do_not(self):
        figure, axes = fig.plt.subplots()
        self.addCleanup(fig.plt.close, figure)
        axes.text(0.2, 0.2, "a long text that rises", rotation=45)
        axes.text(0.3, 0.2, "and another beside it", rotation=45)
        self.assertEqual(fig.overlapping(figure), [])


class Words(unittest.TestCase):
    """Numbers and files."""

    def test_numbers_without_powers_of_ten(self):
        said = {1024: "1024×", 256: "256×", 58.23: "58.2×", 0.5: "0.5×", 1: "1×", 99.96: "100×"}
        self.assertEqual({value: fig.times(value) for value in said}, said)
        self.assertEqual(fig.times(123456), "123500×")

    def test_png_svg_and_pdf_of_each_page_and_none_of_before(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "roofline-7.png").touch()
            (folder / "roofline-of-mine.png").touch()
            figures = [fig.plt.figure(figsize=(1, 1)) for _ in range(2)]
            with contextlib.redirect_stdout(io.StringIO()) as said:
                fig.save(figures, folder, "roofline")
            self.assertIn(str(folder / "roofline-2.pdf"), said.getvalue())
            found = sorted(file.name for file in folder.iterdir())
        pages = ["roofline-2", "roofline"]
        expected = [f"{page}.{kind}" for page in pages for kind in ("pdf", "png", "svg")]
        self.assertEqual(found, sorted([*expected, "roofline-of-mine.png"]))

    def test_the_same_data_give_the_same_svg(self):
        texts = []
        for _ in range(2):
            figures = comparisons.figures_of(stored.EXAMPLE / "quick/comparisons.csv")
            with (
                tempfile.TemporaryDirectory() as name,
                contextlib.redirect_stdout(io.StringIO()),
            ):
                fig.save(figures, Path(name), "x")
                texts.append((Path(name) / "x.svg").read_text())
        self.assertEqual(*texts)

    def test_what_is_no_run_is_said_with_its_name(self):
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "comparisons.csv"
            with self.assertRaisesRegex(runs.RunError, "comparisons.csv"):
                comparisons.figures_of(file)
            file.write_text("suite,comparison\n")
            with self.assertRaisesRegex(runs.RunError, "no rows"):
                comparisons.figures_of(file)

    def test_a_row_that_was_cut_off_is_left_out(self):
        with tempfile.TemporaryDirectory() as name:
            file = Path(name) / "comparisons.csv"
            text = (stored.EXAMPLE / "quick" / "comparisons.csv").read_text()
            file.write_text(text + "quick,half a r")
            self.assertEqual(len(runs.rows_of(file)), len(text.splitlines()) - 1)


if __name__ == "__main__":
    unittest.main()
