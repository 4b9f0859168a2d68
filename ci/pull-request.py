#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tells a pull request what a gate found: summary of the step, one comment, JUnit.

    ci/pull-request.py DIR                     DIR holds gate.json; prints the words
    ci/pull-request.py DIR --junit FILE        also JUnit's XML, a test for each case
    ci/pull-request.py DIR --comment           also the pull request's one comment
    ci/pull-request.py --self-test             against a made-up GitHub

The comment is made when something changed, and from then on kept up to date. Its surroundings are
those of a GitHub workflow: GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_EVENT_PATH. Where the token may
not write, as for a pull request of a fork, that is said and is no failure. Exit codes: 0, 65 for a
gate.json that cannot be read, 1 where the comment failed for another reason.
"""

import argparse
import contextlib
import io
import json
import os
import sys
import tempfile
import threading
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

MARK = "<!-- convscope gate -->"
INVALID, FAILED = 65, 1
# What a case can come to, in the order of the headline; `unchanged` was not measured.
KINDS = ("slower", "wrong", "failed", "faster", "same", "undecided", "unchanged", "skipped")
CHANGES = ("slower", "wrong", "failed", "faster")
FORBIDDEN = (401, 403)
PAGE = 100
# GitHub refuses longer bodies.
LONGEST = 60_000


class KitError(Exception):
    """Why nothing could be told; for people."""


def read(folder):
    """gate.json, as far as it is used."""
    file = folder / "gate.json"
    try:
        report = json.loads(file.read_text(encoding="utf-8"))
        if report["schema"] != 1:
            raise ValueError(f"schema {report['schema']}; accepted is 1")
        report["cases"] += together(report)
        for case in report["cases"]:
            case["kind"] = kind(case)
        return report
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise KitError(f"{file}: no report of a gate: {error}") from error


def together(report):
    """What all cases together came to, as one more case where it is a change."""
    mean = report.get("all_cases")
    if not mean or mean["verdict"] not in CHANGES:
        return []
    name = {"suite": "all", "case": f"{mean['cases']} cases together", "status": "ok"}
    return [name | {key: mean.get(key) for key in ("verdict", "screening", "confirmation")}]


def kind(case):
    """What a case came to; the counts of `gate --counts` say *more* and *less*."""
    if case["status"] != "ok":
        return "unchanged" if case.get("unchanged") else case["status"]
    verdict = case.get("verdict") or "inconclusive"
    return {"inconclusive": "undecided", "more": "slower", "less": "faster"}.get(verdict, verdict)


def counts(report):
    found = [case["kind"] for case in report["cases"]]
    return {name: found.count(name) for name in KINDS if name in found or name == "slower"}


def headline(report):
    """`0 slower, 10 same, 2 undecided`."""
    return ", ".join(f"{number} {name}" for name, number in counts(report).items())


def has_changed(report):
    return report["exit_code"] not in (0, 4) or any(c["kind"] in CHANGES for c in report["cases"])


def markdown(report):
    """The headline, what changed as a table, and the rest folded."""
    changed = [case for case in report["cases"] if case["kind"] in CHANGES]
    rest = [case for case in report["cases"] if case["kind"] not in CHANGES]
    lines = [MARK, f"### ConvScope: {headline(report)}", ""]
    lines += [f"Against {escaped(report['against'])} on {escaped(report['machine'])}."]
    if (least := report.get("detectable_slowdown")) is not None:
        lines[-1] += f" A slowdown of {100 * least:.1f} % would have been seen in every case."
    if changed:
        lines += ["", *table(changed)]
    if rest:
        lines += ["", f"<details><summary>{len(rest)} other cases</summary>", "", *table(rest)]
        lines += ["", "</details>"]
    text = "\n".join(lines) + "\n"
    cut = "\n\nThe table was cut; the whole is in the artifact.\n</details>\n"
    return text if len(text) <= LONGEST else text[: LONGEST - len(cut)].rpartition("\n")[0] + cut


def table(cases):
    yield "| case | base | new | new / base | verdict |"
    yield "|---|--:|--:|--:|---|"
    for case in cases:
        stage = case.get("confirmation") or case.get("screening") or {}
        ratio = stage.get("time_ratio")
        name = f"{case['suite']}: {case['case']}"
        name += f", {case['workers']} workers" if case.get("workers", 1) > 1 else ""
        why = f"{case['kind']}: {case['reason']}" if case.get("reason") else case["kind"]
        cells = [
            name, time(case.get("base_time_ns")), time(case.get("new_time_ns")),
            f"{ratio:.3f}" if ratio else "—", why,
        ]  # fmt: skip
        yield "| " + " | ".join(map(escaped, cells)) + " |"


def time(nanoseconds):
    return f"{nanoseconds / 1000:.2f} µs" if nanoseconds else "—"


def escaped(text):
    """A cell of a Markdown table that stays one, whatever stands in it."""
    for sign, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "\\|"), ("\n", " ")):
        text = str(text).replace(sign, safe)
    # No mention of people, and no code that ends early.
    return text.replace("@", "@\u200b").replace("`", "'")


def junit(report):
    """A test for each case: slower and wrong fail, what decided nothing is skipped."""
    cases = report["cases"]
    bad = [case for case in cases if case["kind"] in ("slower", "wrong")]
    errors = [case for case in cases if case["kind"] == "failed"]
    idle = [case for case in cases if case["kind"] in ("undecided", "unchanged", "skipped")]
    suite = ElementTree.Element(
        "testsuite", name="convscope gate", tests=str(len(cases)), failures=str(len(bad)),
        errors=str(len(errors)), skipped=str(len(idle)), time=f"{report.get('seconds', 0):.1f}",
    )  # fmt: skip
    for case in cases:
        test = ElementTree.SubElement(
            suite, "testcase", classname=printable(case["suite"]),
            name=printable(f"{case['case']}, {case.get('workers', 1)} workers"),
        )  # fmt: skip
        stage = case.get("confirmation") or case.get("screening") or {}
        ratio = stage.get("time_ratio")
        text = printable(case.get("reason") or (f"new / base {ratio:.3f}" if ratio else ""))
        if case in bad:
            ElementTree.SubElement(test, "failure", message=f"{case['kind']}: {text}")
        elif case in errors:
            ElementTree.SubElement(test, "error", message=text)
        elif case in idle:
            ElementTree.SubElement(test, "skipped", message=f"{case['kind']} {text}".strip())
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def printable(text):
    """Without what XML cannot hold."""
    return "".join(sign for sign in text if sign.isprintable())


def comment(report, surroundings=os.environ):
    """Makes or updates the pull request's comment; what was done."""
    try:
        event = json.loads(Path(surroundings["GITHUB_EVENT_PATH"]).read_text())
        number = event["pull_request"]["number"]
        hub = Hub(surroundings)
        repository = surroundings["GITHUB_REPOSITORY"]
    except (KeyError, OSError, ValueError, TypeError) as error:
        raise KitError(f"no pull request to comment on: {error!r}") from error
    own = hub.own_comment(f"/repos/{repository}/issues/{number}/comments")
    body = {"body": markdown(report)}
    if own:
        hub.ask("PATCH", f"/repos/{repository}/issues/comments/{own}", body)
        return "the comment was updated"
    if not has_changed(report):
        return "nothing changed, so there is no comment"
    hub.ask("POST", f"/repos/{repository}/issues/{number}/comments", body)
    return "the comment was made"


class Hub:
    """GitHub's interface, as far as comments need it."""

    def __init__(self, surroundings):
        self.address = surroundings.get("GITHUB_API_URL", "https://api.github.com")
        self.token = surroundings["GITHUB_TOKEN"]

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.address + path, method=method, data=json.dumps(body).encode() if body else None,
            headers={
                "Authorization": f"Bearer {self.token}", "Accept": "application/vnd.github+json",
                "Content-Type": "application/json", "User-Agent": "convscope",
            },
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def own_comment(self, path):
        """The number of the comment that begins with our mark; None where there is none."""
        page = 1
        while True:
            found = self.ask("GET", f"{path}?per_page={PAGE}&page={page}")
            for one in found:
                if str(one.get("body", "")).startswith(MARK):
                    return one["id"]
            if len(found) < PAGE:
                return None
            page += 1


def main():
    """Reads the arguments; tells."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", help="holds gate.json")
    parser.add_argument("--junit", type=Path, help="file for JUnit's XML")
    parser.add_argument("--comment", action="store_true", help="on the pull request of the event")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        return self_test()
    if not arguments.folder:
        parser.error("the folder with gate.json is missing")
    try:
        report = read(arguments.folder)
    except KitError as error:
        print(f"pull-request: {error}", file=sys.stderr)
        return INVALID
    print(markdown(report), end="")
    if arguments.junit:
        arguments.junit.write_text(junit(report), encoding="utf-8")
    return told(report) if arguments.comment else 0


def told(report, surroundings=os.environ):
    """The exit code of commenting."""
    try:
        print(f"pull-request: {comment(report, surroundings)}", file=sys.stderr)
        return 0
    except urllib.error.HTTPError as error:
        print(f"pull-request: no comment: GitHub says {error.code}", file=sys.stderr)
        return 0 if error.code in FORBIDDEN else FAILED
    except (KitError, OSError) as error:
        print(f"pull-request: no comment: {error}", file=sys.stderr)
        return FAILED


# --- Self-test -----------------------------------------------------------------------------------


def made_up(*verdicts):
    """A report of a case for each verdict or status."""
    cases = []
    for number, verdict in enumerate(verdicts):
        status = "ok" if verdict in ("slower", "same", "faster", "inconclusive") else verdict
        case = {"suite": "s", "case": f"c{number}|<b>@x", "workers": 1, "status": status}
        case |= {"reason": "" if status == "ok" else "why", "base_time_ns": 1000.0}
        if status == "ok":
            case |= {"verdict": verdict, "screening": {"time_ratio": 1.5}}
        cases.append(case)
    code = 2 if "slower" in verdicts else 0
    return {
        "schema": 1, "cases": cases, "against": "git:main", "machine": "m", "exit_code": code,
        "detectable_slowdown": 0.031,
    }  # fmt: skip


class MadeUpHub(BaseHTTPRequestHandler):
    """Keeps comments in memory; refuses everything where `refuses` is set."""

    comments, refuses = {}, None

    def answer(self, value, code=200):
        self.send_response(code)
        self.end_headers()
        self.wfile.write(json.dumps(value).encode())

    def body(self):
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]

    def do_GET(self):
        if self.refuses:
            return self.answer({}, self.refuses)
        page = int(self.path.rpartition("page=")[2])
        found = [{"id": key, "body": text} for key, text in self.comments.items()]
        return self.answer(found[(page - 1) * PAGE : page * PAGE])

    def do_POST(self):
        self.comments[max(self.comments, default=0) + 1] = self.body()
        self.answer({}, 201)

    def do_PATCH(self):
        self.comments[int(self.path.rpartition("/")[2])] = self.body()
        self.answer({})

    def log_message(self, *_):
        """Says nothing."""


def self_test():
    """One comment, made when something changed; words and XML that hold whatever names say."""
    failures = []

    def expect(what, found, expected):
        if found != expected:
            failures.append(f"{what}: {found}, expected {expected}")

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def stored(report):
            (folder / "gate.json").write_text(json.dumps(report))
            return read(folder)

        calm = stored(made_up("same", "same", "inconclusive", "skipped"))
        slow = stored(made_up("slower", "same", "faster", "wrong", "failed"))
        expect("calm", headline(calm), "0 slower, 2 same, 1 undecided, 1 skipped")
        expect("slow", headline(slow), "1 slower, 1 wrong, 1 failed, 1 faster, 1 same")
        rows = [line for line in markdown(slow).splitlines() if line.startswith("| s: ")]
        expect("rows", [row.replace("\\|", "").count("|") for row in rows], [6] * 5)
        expect("tags", "<b>" in markdown(slow) or "@x" in markdown(slow), False)
        mean = {"cases": 2, "verdict": "slower", "screening": {"time_ratio": 1.015}}
        all_slower = stored(made_up("same", "same") | {"all_cases": mean})
        expect("together", headline(all_slower), "1 slower, 2 same")
        expect("its row", "all: 2 cases together | — | — | 1.015" in markdown(all_slower), True)
        expect("its test", 'failures="1"' in junit(all_slower), True)
        mean["verdict"] = "same"
        calm_mean = stored(made_up("same") | {"all_cases": mean})
        expect("together the same", headline(calm_mean), "0 slower, 1 same")
        many = stored(made_up(*["same"] * 3000))
        expect("length", len(markdown(many)) <= LONGEST, True)
        tree = ElementTree.fromstring(junit(slow).partition("\n")[2])
        expect("tests", {k: tree.get(k) for k in ("tests", "failures", "errors", "skipped")},
               {"tests": "5", "failures": "2", "errors": "1", "skipped": "0"})  # fmt: skip
        expect("names", len(tree.findall("testcase/failure")), 2)
        for text in ("", "[]", '{"schema": 2, "cases": []}', '{"schema": 1, "cases": [{}]}'):
            (folder / "gate.json").write_text(text)
            try:
                read(folder)
                failures.append(f"{text} is taken for a report")
            except KitError as error:
                expect("the file is named", "gate.json" in str(error), True)
        with quiet_hub() as address:
            event = folder / "event.json"
            event.write_text('{"pull_request": {"number": 7}}')
            surroundings = {
                "GITHUB_API_URL": address, "GITHUB_TOKEN": "t", "GITHUB_REPOSITORY": "o/r",
                "GITHUB_EVENT_PATH": str(event),
            }  # fmt: skip
            known = MadeUpHub.comments
            known |= dict.fromkeys(range(1, 151), "of a person")
            expect("calm makes none", (told(calm, surroundings), len(known)), (0, 150))
            expect("slow makes one", (told(slow, surroundings), len(known)), (0, 151))
            expect("calm updates it", (told(calm, surroundings), len(known)), (0, 151))
            expect("its words", known[151], markdown(calm))
            MadeUpHub.refuses = 403
            expect("a fork", told(slow, surroundings), 0)
            MadeUpHub.refuses = 500
            expect("a broken hub", told(slow, surroundings), FAILED)
            expect("no event", told(slow, surroundings | {"GITHUB_EVENT_PATH": "/x"}), FAILED)
    print(*failures, sep="\n", file=sys.stderr, end="\n" if failures else "")
    print(f"pull-request self-test: {len(failures)} failures")
    return 1 if failures else 0


@contextlib.contextmanager
def quiet_hub():
    """The address of a made-up GitHub; what is told to it goes nowhere."""
    server = HTTPServer(("127.0.0.1", 0), MadeUpHub)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    sys.exit(main())
