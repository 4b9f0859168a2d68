# SPDX-License-Identifier: Apache-2.0
"""Puts a page together from its templates; everything that comes from files is escaped."""

import base64
import errno
import gzip
import json
import os
import re
from pathlib import Path

import vl_convert
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from page import agreement, changes, charts, history_words, sections, words

HERE = Path(__file__).resolve().parent


def vega():
    """Vega, Vega-Lite and Vega-Embed as one script, packed: it is a third of its size then."""
    return packed(vl_convert.javascript_bundle())


def packed(text):
    """A text as `unpacked` of page.js reads it."""
    return Markup(base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode())


def packed_json(value):
    """JSON as `unpacked` of page.js reads it: charts repeat their words a lot."""
    return packed(json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False))


def script_json(value):
    """JSON that cannot end the script element that it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def marked(text):
    """A sentence of answers.md: its bold, slanted and code words, everything else escaped."""
    found = str(escape(text))
    found = re.sub(r"`([^`]+)`", r"<code>\1</code>", found)
    found = re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", found)
    return Markup(re.sub(r"(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])", r"<em>\1</em>", found))


def templates():
    found = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    found.filters |= {"marked": marked, "script_json": script_json, "packed_json": packed_json}
    found.globals |= {"words": words}
    return found


def verbatim(name):
    """A file of ours that the page carries as it is."""
    return Markup((HERE / name).read_text(encoding="utf-8"))


def render(template, **values):
    # `read_text` of our own files; nothing of a run goes through it.
    return (
        templates()
        .get_template(template)
        .render(style=verbatim("style.css"), script=verbatim("page.js"), vega=vega(), **values)
    )


def write_whole(file, text):
    """Writes a file that is there whole or as it was, also on a full disk.

    What is no file but a pipe or a device is written to; a link in its place is refused.
    """
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(file))
    is_of_system = str(file).startswith(("/dev/", "/proc/"))
    if file.is_symlink() and not is_of_system:
        raise OSError(errno.ELOOP, "it is a symbolic link, and links are not followed", str(file))
    if file.is_symlink() or (file.exists() and not file.is_file()):
        with file.open("w", encoding="utf-8") as stream:
            stream.write(text)
        return
    unfinished = file.with_name(f".{file.name}.unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(file)
    except OSError as error:
        # A full disk is told without the file.
        raise OSError(error.errno, error.strerror, str(file)) from None
    finally:
        unfinished.unlink(missing_ok=True)


def page_of(run, page):
    """The page of one run."""
    found = [sections.section(run, suite, page) for suite in run.suites if not suite.is_of_cases]
    roofs = charts.under_roofs(run)
    imbalance, scaling = sections.workers(run)
    drawn = [chart for section in found for chart in section.charts]
    drawn += [chart for chart in (roofs and roofs[0], scaling) if chart]
    return render(
        "report.html",
        title=f"ConvScope, {str(run.record.get('startedAt', ''))[:10]}",
        command=" ".join(run.command),
        facts=list(sections.facts(run)),
        health=sections.health(run),
        caveats=run.caveats,
        questions=list(sections.questions(run.suites)),
        sections=found,
        networks=list(sections.networks(run, page)),
        roofs=roofs and roofs[0],
        points=roofs and roofs[1],
        worker_counts=roofs[2] if roofs else [],
        imbalance=imbalance,
        scaling=scaling,
        counters=sections.counters(run),
        profiles=sections.profiles(run, page),
        record=run.link(run.folder / "run.json", page),
        specs={chart.name: chart.spec for chart in drawn},
    )


def page_of_two(first, second, file, page):
    """What changed from the first run to the second, and nothing else."""
    return render(
        "changes.html",
        title="What changed",
        changes=changes.read(file),
        runs=[("before", first), ("after", second)],
        health=[("before", sections.health(first)), ("after", sections.health(second))],
        facts=[dict(sections.facts(run)) for run in (first, second)],
        links=[run.link(run.folder / "run.json", page) for run in (first, second)],
        specs={},
    )


def page_of_agreement(file):
    """Which answers hold on all machines."""
    return render(
        "agreement.html", title="Which answers hold", found=agreement.read(file), specs={}
    )


def page_of_history(data):
    """The page of a history, as ci/history.py gathered it."""
    if not data["machines"]:
        raise ValueError("no night that can be read")
    machine = data["machines"][0]
    return render(
        "history.html",
        title=f"History, last night {machine['nights'][-1]['when'][:10]}",
        headline=history_words.headline(data),
        pace=history_words.pace(machine),
        data=data,
        specs={"large": charts.over_nights()},
        packed=packed(json.dumps(data, ensure_ascii=False, separators=(",", ":"))),
        history_script=verbatim("history.js"),
    )
