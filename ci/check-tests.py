#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads the report of the Swift tests: which failed, and how many passed.

A failure stands somewhere in thousands of lines that the runner prints; here it is again, at the
end. The last line counts test functions, because the runner's own totals count issues, of which
one test can have many.

    ci/check-tests.py REPORT       prints both; exit 1 where a test failed or none was run
    ci/check-tests.py --self-test  checks the check on reports with known failures
"""

import argparse
import sys
import tempfile
import xml.etree.ElementTree
from pathlib import Path


def summary(report):
    """The lines to print and whether all is well; without a report nothing ran to the end."""
    try:
        cases = list(xml.etree.ElementTree.parse(report).iter("testcase"))
    except FileNotFoundError:
        return ["0 passed, 1 failed"], False
    except xml.etree.ElementTree.ParseError as error:
        return [f"{report}: {error}", "0 passed, 1 failed"], False
    failed = [case for case in cases if case.find("failure") is not None]
    skipped = [case for case in cases if case.find("skipped") is not None]
    lines = []
    for case in failed:
        lines.append(f"failed: {case.get('classname')}, {case.get('name')}")
        lines += ["  " + failure.get("message", "") for failure in case.iter("failure")]
    passed = len(cases) - len(failed) - len(skipped)
    more = f", {len(skipped)} skipped" if skipped else ""
    return [*lines, f"{passed} passed, {len(failed)} failed{more}"], passed > 0 and not failed


def self_test():
    """Checks the check: exit 1 and what is wrong with it."""
    passing = '<testcase classname="M.S" name="a()" time="1" />'
    failing = (
        '<testcase classname="M.S" name="b(n:)" time="1">'
        '<failure message="(2 &lt; 1) at X.swift:1" /><failure message="again" /></testcase>'
    )
    skipped = '<testcase classname="M.S" name="c()"><skipped /></testcase>'
    told = ["failed: M.S, b(n:)", "  (2 < 1) at X.swift:1", "  again"]
    expected = [
        (passing, ["1 passed, 0 failed"], True),
        (passing + skipped, ["1 passed, 0 failed, 1 skipped"], True),
        (passing + failing, [*told, "1 passed, 1 failed"], False),
        (skipped, ["0 passed, 0 failed, 1 skipped"], False),
        ("", ["0 passed, 0 failed"], False),
    ]
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        results = [(summary(report), (["0 passed, 1 failed"], False))]
        for cases, *wanted in expected:
            report.write_text(f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
            results.append((summary(report), tuple(wanted)))
        report.write_text("<testsuites><testsuite>")
        lines, is_well = summary(report)
        results.append(((lines[-1:], is_well), (["0 passed, 1 failed"], False)))
    wrong = [(found, wanted) for found, wanted in results if found != wanted]
    for found, wanted in wrong:
        print(f"{found}; expected {wanted}")
    print(f"{len(results) - len(wrong)} of {len(results)} reports are read as they should be")
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("report", nargs="?", type=Path, help="what --xunit-output wrote")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    if arguments.self_test:
        return self_test()
    if arguments.report is None:
        parser.error("REPORT is missing")
    lines, is_well = summary(arguments.report)
    print("\n".join(lines))
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
