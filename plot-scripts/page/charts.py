# SPDX-License-Identifier: Apache-2.0
"""Charts as Vega-Lite specifications; the page draws them when they come into view."""

import math
from dataclasses import dataclass

import altair as alt
import figure as fig
import roofline
from panels import kernel_letters
from runs import number

from page import words

alt.data_transformers.disable_max_rows()
# The reader's own text colour: light and dark without drawing anew.
INK = "currentColor"
FAINT = 0.35
# Pixels of a line of comparisons.
LINE = 21


@dataclass
class Chart:
    """A specification, what it is called for those who cannot see it, and its letters' meaning."""

    name: str
    title: str
    label: str
    points: int
    spec: dict
    # A wide chart has the line of a page for itself.
    is_wide: bool = False


def charts_of(suite, panels):
    """A chart for each panel of a suite, all over one scale."""
    letters = kernel_letters(panels)
    values = [1.0]
    for p in (point for panel in panels for point in panel.points):
        values += [v for v in (p.promised, p.measured, p.low, p.high) if v]
    scale = factor_scale(values)
    names = list(dict.fromkeys(series.name for panel in panels for series in panel.series))
    for place, panel in enumerate(panels):
        rows = list(rows_of(suite, panel, letters))
        make = curves if panel.axis else dots
        spec = slim(make(panel, scale, names).to_dict(validate=False))
        # Once for all layers.
        spec["datasets"] = {"rows": rows}
        yield Chart(
            f"{suite.anchor}-{place}",
            panel.title,
            f"{suite.name}, {panel.title or 'all comparisons'}: promised and measured speedup",
            len(rows),
            spec,
            is_wide=panel.axis is None,
        )


def slim(spec):
    """Without what the page says once for all charts; as wide as its place."""
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    for name in ("config", "$schema"):
        spec.pop(name, None)
    return spec


def rows_of(suite, panel, letters):
    """What a chart knows of each row: where it stands, and what is shown when pointed at."""
    said = set()
    for series in panel.series:
        before = None
        for p in series.points:
            starts = series.changes and p.kernel != before and (p.place, p.kernel) not in said
            said.add((p.place, p.kernel))
            measured = suite.contender(p.row)
            roof = number(measured.get("roofline_percent"))
            yield {
                "at": p.place,
                "name": p.label,
                "series": series.name or "measured",
                "offset": -p.offset,
                "promised": p.promised,
                "measured": p.measured,
                "low": p.low,
                "high": p.high,
                "open": p.is_open,
                "letter": letters.get(p.kernel, "") if starts else "",
                "said": words.factor(p.measured) if p.measured else p.row["status"],
                "promise": words.factor(p.promised),
                "bounds": words.interval(p.low, p.high),
                "verdict": p.row["verdict"],
                "kernel": p.kernel,
                "baseline": p.row["baseline_kernel"],
                "roof": f"{roof:.0f} % of {measured['bound']}" if roof else "—",
                "reason": p.row["reason"] or measured.get("reason", ""),
            }
            before = p.kernel


def factor_scale(values):
    """A logarithmic scale of factors with ticks that a reader would write."""
    low, high = min(values), max(values)
    margin = (high / low) ** 0.05 * 1.02
    ticks = [t for t in fig.factor_ticks(low, high) if low / margin <= t <= high * margin]
    scale = alt.Scale(type="log", base=2, domain=[low / margin, high * margin], nice=False)
    axis = {"values": ticks, "labelExpr": "format(datum.value, '.4~f') + '×'"}
    return scale, axis


def hints(*first):
    names = (
        ("said", "measured"), ("bounds", "95 % interval"), ("promise", "promised"),
        ("verdict", "verdict"), ("roof", "roof"), ("kernel", "kernel"),
        ("baseline", "against"), ("reason", "remark"),
    )  # fmt: skip
    return [*first, *(alt.Tooltip(f"{field}:N", title=title) for field, title in names)]


def colour(names, panel):
    """Colours by series, the same in all panels of the suite."""
    range_ = [fig.COLOURS[names.index(series.name) % 6] for series in panel.series]
    return alt.Color("series:N", **by_series(panel, range_))


def shape(names, panel):
    """A shape by series as well, so that nothing hangs on colour alone."""
    shapes = ("circle", "square", "triangle-up", "triangle-down", "cross", "triangle-left")
    range_ = [shapes[names.index(series.name) % 6] for series in panel.series]
    return alt.Shape("series:N", **by_series(panel, range_))


def by_series(panel, range_):
    """A scale and its legend, which a single series does not need."""
    names = [series.name or "measured" for series in panel.series]
    legend = alt.Legend(title=None, orient="bottom", columns=2)
    scale = alt.Scale(domain=names, range=range_)
    return {"scale": scale, "legend": legend if len(names) > 1 else None}


def promises(base, panel, **position):
    """The promise: dashed and in the reader's ink where one holds for all series."""
    if not panel.promises:
        return []
    lines = {tuple((p.place, p.promised) for p in series.points) for series in panel.series}
    ink = {}
    if len(lines) == 1 or not panel.axis:
        ink, base = {"color": INK}, base.encode(color=alt.value(INK))
    style = {"strokeDash": [5, 3], "strokeWidth": 1.3} | ink
    marks = {"shape": "diamond", "filled": False, "size": 55, "strokeWidth": 1.4} | ink
    lined = [base.mark_line(**style).encode(**position)] if panel.axis else []
    return [*lined, base.mark_point(**marks).encode(tooltip=hints(), **position)]


def curves(panel, scale, names):
    """Curves over an axis."""
    vertical, ticks = scale
    places = sorted({point.place for point in panel.points})
    is_wide = places[-1] / places[0] >= 8
    kind = {"type": "log", "base": 2} if is_wide else {"type": "linear", "zero": False}
    margin = 2 ** (math.log2(places[-1] / places[0]) * 0.04) if is_wide else 1
    step = (places[-1] - places[0]) * 0.05
    ends = [places[0] / margin, places[-1] * margin]
    kind["domain"] = ends if is_wide else [places[0] - step, places[-1] + step]
    x = alt.X(
        "at:Q",
        title=panel.axis.replace("_", " "),
        scale=alt.Scale(**kind, nice=False),
        axis=alt.Axis(values=places, format="~d", grid=False),
    )
    title = "speedup (log scale)"

    def y(field):
        return alt.Y(f"{field}:Q", title=title, scale=vertical, axis=alt.Axis(**ticks))

    # Several contenders are told apart by colour; a single one needs none.
    base = alt.Chart(alt.Data(name="rows")).encode(x=x, color=colour(names, panel))
    detail = base.encode(detail="series:N")
    layers = [
        unchanged(alt.Y(datum=1)),
        *promises(detail, panel, y=y("promised")),
        detail.transform_filter("datum.measured")
        .mark_line(strokeWidth=1.5)
        .encode(y=y("measured")),
        detail.transform_filter("datum.low")
        .mark_rule(strokeWidth=1.5)
        .encode(y=y("low"), y2="high:Q"),
        *measured_marks(detail, shape(names, panel), y=y("measured")),
        detail.transform_filter("datum.letter && datum.measured")
        .mark_text(dx=9, dy=9, fontStyle="italic", fontSize=11)
        .encode(y=y("measured"), text="letter:N"),
    ]
    return alt.layer(*layers).properties(width="container", height=230)


def measured_marks(base, shapes, **position):
    """Filled where the verdict is decided, hollow where it is open, a cross where nothing was."""
    hint = {"tooltip": hints()}
    shown = base.transform_filter("datum.measured").encode(shape=shapes)
    missing = {"shape": "cross", "size": 80, "color": fig.ORANGE, "angle": 45}
    cross = base.transform_filter("!datum.measured").mark_point(**missing)
    at_one = {"x": alt.X(datum=1)} if "x" in position else {"y": alt.Y(datum=1)}
    return [
        shown.transform_filter("!datum.open")
        .mark_point(filled=True, size=46, opacity=1)
        .encode(**position, **hint),
        shown.transform_filter("datum.open")
        .mark_point(filled=True, size=46, fill="var(--ground)", strokeWidth=1.5, opacity=1)
        .encode(**position, **hint, stroke=base.encoding.color),
        cross.encode(**at_one, **hint),
    ]


def unchanged(channel):
    """The line of no change."""
    encoded = {"y": channel} if isinstance(channel, alt.Y) else {"x": channel}
    return alt.Chart(alt.Data(values=[{}])).mark_rule(color=INK, opacity=FAINT).encode(**encoded)


def dots(panel, scale, names):
    """Comparisons one below the other."""
    horizontal, ticks = scale
    points = sorted(panel.points, key=lambda point: -point.place)
    order = list(dict.fromkeys(point.label for point in points))
    marks = len({point.offset for point in points})

    def x(field):
        axis = alt.Axis(**ticks)
        return alt.X(f"{field}:Q", title="speedup (log scale)", scale=horizontal, axis=axis)

    y = alt.Y("name:N", title=None, sort=order, axis=alt.Axis(grid=False, ticks=False))
    base = alt.Chart(alt.Data(name="rows")).encode(y=y, color=colour(names, panel))
    promised = promises(base, panel, x=x("promised"))
    if marks > 1:
        # Other workers and runtimes stand on the same line, one below the other.
        within = alt.Scale(domain=[-0.5, 0.5])
        base = base.encode(yOffset=alt.YOffset("offset:Q", scale=within))
    layers = [
        unchanged(alt.X(datum=1)),
        *promised,
        base.transform_filter("datum.low")
        .mark_rule(strokeWidth=1.5)
        .encode(x=x("low"), x2="high:Q"),
        *measured_marks(base, shape(names, panel), x=x("measured")),
    ]
    line = LINE * max(1, 0.5 + 0.35 * marks)
    return alt.layer(*layers).properties(width="container", height=line * len(order) + 10)


# --- The roofline --------------------------------------------------------------------------------


def under_roofs(run):
    """(chart, suites, columns of the points): the page joins them, for names repeat a lot."""
    places = [roofline.Place(row) for row in run.measured]
    places = [place for place in places if place.is_shown]
    workers = sorted({place.workers for place in places})
    lines = [
        line
        for count in workers
        for line in roof_lines(run.limits, count, [p for p in places if p.workers == count])
    ]
    if not places or not lines:
        return None
    families = sorted({roofline.family(place.row) for place in places})
    chart = Chart(
        "roofline",
        "",
        "every timed case: GFLOP/s over FLOP per byte, below the machine's roofs",
        len(places),
        slim(roof_chart(lines, families).to_dict(validate=False)),
        is_wide=True,
    )
    return chart, packed(places), workers


def roof_lines(limits, workers, places):
    """The ends of each roof, as rows."""
    peaks, levels = roofline.roofs(limits, workers, places)
    if not peaks or not places:
        return
    low, high, *_ = roofline.frame_of(places, peaks, levels)
    top = max(peaks.values())
    for name, peak in peaks.items():
        start = max(low, peak / max(levels.values(), default=peak / low))
        text = f"{name} {words.significant(peak)} GFLOP/s"
        yield roof(text, workers, (start, peak), (high, peak), "peak")
    for name, bandwidth in levels.items():
        ridge = min(top / bandwidth, high)
        text = f"{name} {words.significant(bandwidth)} GB/s"
        yield roof(text, workers, (low, low * bandwidth), (ridge, ridge * bandwidth), "level")


def roof(name, workers, start, end, kind):
    names = ("x", "y", "x2", "y2")
    return {"roof": name, "workers": workers, "kind": kind} | dict(
        zip(names, (round(value, 4) for value in (*start, *end)), strict=True)
    )


def packed(places):
    """Columns of the points: words as numbers into lists, for they repeat a lot."""
    columns = {}
    for name in ("suite", "case", "kernel", "family", "bound"):
        cells = [roofline.family(p.row) if name == "family" else p.row[name] for p in places]
        known = list(dict.fromkeys(cells))
        index = {cell: place for place, cell in enumerate(known)}
        columns[name] = {"words": known, "rows": [index[cell] for cell in cells]}
    for name, cell in (
        ("x", "flop_per_byte"), ("y", "gflop_per_s"), ("roof", "roofline_percent"),
        ("time", "time_ns_median"), ("workers", "workers"),
    ):  # fmt: skip
        values = [number(place.row[cell]) for place in places]
        columns[name] = {"rows": [v and float(f"{v:.4g}") for v in values]}
    return columns


def roof_chart(lines, families):
    """Points from the page's own data; `suite` and `workers` are signals that its lists set."""
    suite = alt.param(name="suite", value="")
    workers = alt.param(name="workers", value=lines[0]["workers"])
    ticks = {"labelExpr": "format(datum.value, '.4~f')"}
    axis = {"scale": alt.Scale(type="log", base=2, nice=False), "axis": alt.Axis(**ticks)}
    x = alt.X("x:Q", title="FLOP per byte of compulsory traffic", **axis)
    y = alt.Y("y:Q", title="GFLOP/s", **axis)
    roofs = alt.Chart(alt.Data(values=lines)).transform_filter("datum.workers == workers")
    shown = alt.Chart(alt.Data(name="points")).transform_filter(
        "datum.workers == workers && (suite == '' || datum.suite == suite)"
    )
    tooltip = [
        alt.Tooltip(f"{field}:N", title=title)
        for field, title in (
            ("suite", "suite"), ("case", "case"), ("kernel", "kernel"), ("rate", "GFLOP/s"),
            ("share", "roof"), ("said", "time"),
        )
    ]  # fmt: skip
    colours = [*fig.COLOURS, "#999999", "#882255", "#44aa99", "#ddcc77", "#332288", "#aa4499"]
    legend = alt.Legend(title=None, orient="bottom", columns=4, symbolOpacity=1)
    family = alt.Color(
        "family:N",
        legend=legend,
        scale=alt.Scale(domain=families, range=[colours[n % 12] for n in range(len(families))]),
    )
    return (
        alt.layer(
            roofs.mark_rule(color=INK, strokeWidth=1.3).encode(
                x=x, y=y, x2="x2:Q", y2="y2:Q", tooltip="roof:N",
                strokeDash=alt.StrokeDash(
                    "kind:N", legend=None,
                    scale=alt.Scale(domain=["peak", "level"], range=[[1, 0], [5, 3]]),
                ),
            ),
            roofs.transform_filter("datum.kind == 'peak'")
            .mark_text(align="right", dy=-7, color=INK, fontSize=11)
            .encode(x="x2:Q", y="y2:Q", text="roof:N"),
            roofs.transform_filter("datum.kind == 'level'")
            .mark_text(align="left", dx=6, dy=4, color=INK, fontSize=10)
            .encode(x="x:Q", y="y:Q", text="roof:N"),
            shown.mark_point(filled=True, size=30, opacity=0.75).encode(
                x=x, y=y, color=family, tooltip=tooltip,
                shape=alt.Shape("family:N", legend=legend, scale=alt.Scale(domain=families)),
            ),
        )
        .add_params(suite, workers)
        .properties(width="container", height=420)
    )  # fmt: skip


# --- Workers -------------------------------------------------------------------------------------


def scaling_chart(gains):
    """What more workers bring: a point a case, by suite."""
    rows = [
        {
            "suite": g.suite, "case": g.case, "kernel": g.kernel, "workers": g.workers,
            "speedup": round(g.speedup, 4), "ideal": g.ideal, "said": words.factor(g.speedup),
            "bounds": words.interval(g.low, g.high),
        }
        for g in gains
    ]  # fmt: skip
    x = alt.X(
        "speedup:Q", title="speedup over the fewest workers", scale=alt.Scale(zero=False, nice=True)
    )
    y = alt.Y("suite:N", title=None, axis=alt.Axis(grid=False, ticks=False))
    base = alt.Chart(alt.Data(values=rows)).encode(y=y)
    colours = alt.Color(
        "workers:O", scale=alt.Scale(range=list(fig.COLOURS)), legend=alt.Legend(orient="bottom")
    )
    tooltip = [
        alt.Tooltip(f"{field}:N", title=title)
        for field, title in (
            ("case", "case"), ("kernel", "kernel"), ("workers", "workers"), ("said", "speedup"),
            ("bounds", "bounds"),
        )
    ]  # fmt: skip
    ideal = alt.Chart(alt.Data(values=[{"ideal": v} for v in sorted({g.ideal for g in gains})]))
    spec = alt.layer(
        ideal.mark_rule(color=INK, strokeDash=[5, 3]).encode(x="ideal:Q"),
        base.mark_point(filled=True, size=34, opacity=0.6).encode(
            x=x, color=colours, tooltip=tooltip
        ),
        base.mark_tick(thickness=3, size=16, color=INK).encode(x="median(speedup):Q"),
    ).properties(width="container", height=22 * len({g.suite for g in gains}) + 10)
    label = "what more workers bring, by suite; the bar is the median"
    return Chart("scaling", "", label, len(rows), slim(spec.to_dict(validate=False)), True)


# --- A history -----------------------------------------------------------------------------------


def over_nights():
    """A case over the nights, the machine's pace below it, and simulated counts."""
    # Nights of a fleet may be of one day.
    words = {
        **dict.fromkeys(("month", "week", "day", "date"), "%d %b"),
        **dict.fromkeys(("hours", "minutes", "seconds"), "%H:%M"),
    }
    axis = alt.Axis(format=words, labelOverlap=True, labelSeparation=8, grid=False)
    x = alt.X("night:T", title=None, axis=axis)
    tooltip = [
        alt.Tooltip(f"{field}:N", title=title)
        for field, title in (
            ("night", "night"), ("commit", "commit"), ("said", "at usual pace"),
            ("measured", "measured"), ("pace", "FMA, GFLOP/s"), ("change", "change point"),
        )
    ]  # fmt: skip
    base = alt.Chart(alt.Data(name="nights")).encode(x=x)
    time = alt.Axis(labelExpr="format(datum.value / 1000, '~s')")
    y = alt.Y("value:Q", title="µs at the usual pace", scale=alt.Scale(zero=False), axis=time)
    case = alt.layer(
        base.transform_filter("datum.low")
        .mark_area(opacity=0.2, color=fig.BLUE)
        .encode(y=alt.Y("low:Q", scale=alt.Scale(zero=False)), y2="high:Q"),
        base.transform_filter("datum.change")
        .mark_rule(color=fig.ORANGE, strokeDash=[5, 3], strokeWidth=2)
        .encode(tooltip="change:N"),
        base.mark_line(color=fig.BLUE).encode(y=y),
        base.mark_point(color=fig.BLUE, filled=True, size=40, opacity=1).encode(
            y=y, tooltip=tooltip
        ),
    )
    below = alt.Scale(zero=False)
    pace = base.mark_line(color=INK, opacity=0.7, point=True).encode(
        y=alt.Y("pace:Q", title="FMA, GFLOP/s", scale=below), tooltip=tooltip
    )
    counts = base.mark_line(color=fig.GREEN, point=True).encode(
        y=alt.Y("count:Q", title="simulated count", scale=below, axis=alt.Axis(format="~s")),
        tooltip=[alt.Tooltip("night:N"), alt.Tooltip("commit:N"), alt.Tooltip("count:Q")],
    )
    spec = alt.vconcat(
        case.properties(height=260), pace.properties(height=80), counts.properties(height=80)
    ).to_dict(validate=False)
    spec.pop("config", None)
    spec.pop("$schema", None)
    return spec
