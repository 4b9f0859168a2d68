# SPDX-License-Identifier: Apache-2.0
"""What a history's page says before it shows anything."""

from statistics import median

from page import words

# A night whose pace is off by more than this is named.
NOTICED = 0.05


def headline(data):
    """What is new, and what is steady."""
    new = data["new"]
    several = len(data["machines"]) > 1
    if not new:
        what = "No new change point"
    else:
        told = "; ".join(
            f"{change['case']} {change['percent']:+.0f} % since {change['date'][:10]} "
            f"({change['commit']}){of_machine(change) if several else ''}"
            for change in new[:3]
        )
        more = f" and {len(new) - 3} more" if len(new) > 3 else ""
        what = f"{words.count(len(new), 'new change point')}: {told}{more}"
    changed = {(change.get("machine"), change["case"]) for change in new}
    steady = sum(
        not changed & {(machine["name"], one["case"]), (None, one["case"])}
        for machine in data["machines"]
        for one in machine["series"]
    )
    return f"{what}. {words.count(steady, 'other' if new else 'case')} steady."


def of_machine(change):
    """Where a change was seen, behind it."""
    return f" on {change['machine']}" if change.get("machine") else ""


def pace(machine):
    """How fast the machine was last night, and on which nights it was not itself."""
    known = [value for value in machine["pace"] if value]
    if not known or not machine["pace"][-1]:
        return "The machine's pace was not measured."
    usual = median(known)
    odd = [
        f"{words.percent(value / usual)} on {night['when'][:10]}"
        for value, night in zip(machine["pace"][:-1], machine["nights"], strict=False)
        if value and abs(value / usual - 1) > NOTICED
    ]
    text = f"The machine's pace last night: {words.percent(machine['pace'][-1] / usual)} of usual"
    return text + (f" ({', '.join(odd[-3:])})." if odd else ".")
