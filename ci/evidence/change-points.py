#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How often `ci/change_points.py` is wrong, and how soon it is right, by simulation.

    ci/evidence/change-points.py [HISTORIES]     prints two tables (default 60 histories each)

Twelve cases a night. Noise is Gaussian and correlated from night to night; *unequal* cases have
standard deviations that differ (log-normal, σ = 0.5); with *accidents*, one night in twenty takes
longer by an exponential of three standard deviations.
"""

import math
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import change_points

CASES, NIGHTS, STEP = 12, 60, math.log(1.05)


def series(generator, sd, correlation, unequal=False, accidents=False):
    """The logarithms of one case."""
    scale = sd * (math.exp(generator.gauss(0, 0.5)) if unequal else 1)
    values, value = [], generator.gauss(0, 1)
    for _ in range(NIGHTS):
        accident = 3 * sd * generator.expovariate(1) if generator.random() < 0.05 else 0
        values.append(scale * value + (accident if accidents else 0))
        value = correlation * value + math.sqrt(1 - correlation**2) * generator.gauss(0, 1)
    return values


def told(cases, nights):
    """[(night, step)] as the nights would have told them."""
    starts, found = [0] * len(cases), []
    for night in nights:
        for step in change_points.steps([values[:night] for values in cases], starts):
            starts[step.series] = step.place
            found.append((night, step))
    return found


def false_nights(histories, sd, correlation, **kind):
    """The share of nights of unchanged code that tell something, in per cent."""
    false = 0
    for seed in range(histories):
        generator = random.Random(seed)
        cases = [series(generator, sd, correlation, **kind) for _ in range(CASES)]
        false += len({night for night, _ in told(cases, range(1, NIGHTS + 1))})
    return 100 * false / (histories * NIGHTS)


def delays(histories, sd, before):
    """Nights from a step of 5 % in one case until it is told."""
    found = []
    for seed in range(histories):
        generator = random.Random(seed)
        cases = [series(generator, sd, 0.3) for _ in range(CASES)]
        cases[0][before:] = [value + STEP for value in cases[0][before:]]
        nights = [
            night - before
            for night, step in told(cases, range(before, before + 16))
            if step.series == 0 and step.change > 0 and night > before
        ]
        found.append(min(nights, default=math.inf))
    return found


def main():
    """Prints both tables."""
    histories = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    print("false nights, 12 unchanged cases\nsd      correlation  noise                  false")
    for sd, correlation in ((0.01, 0.3), (0.03, 0.0), (0.03, 0.3), (0.03, 0.5), (0.05, 0.3)):
        for unequal in (False, True):
            for accidents in (False, True):
                share = false_nights(
                    histories, sd, correlation, unequal=unequal, accidents=accidents
                )
                kind = " ".join(
                    word
                    for word, wanted in (("unequal", unequal), ("accidents", accidents))
                    if wanted
                )
                print(f"{sd:.2f}    {correlation:.1f}          {kind:22} {share:.2f} %", flush=True)
    print(
        "\na step of 5 % in one of 12 cases, correlation 0.3: told by the …th night behind it, in %"
    )
    print("sd      nights before    3rd   5th   8th")
    for sd in (0.005, 0.01, 0.02, 0.03):
        for before in (3, 5, 10, 20):
            found = delays(histories, sd, before)
            by = [round(100 * sum(d <= n for d in found) / histories) for n in (3, 5, 8)]
            print(f"{sd:.3f}   {before:13}    {by[0]:3}   {by[1]:3}   {by[2]:3}", flush=True)


if __name__ == "__main__":
    main()
