# SPDX-License-Identifier: Apache-2.0
"""Steps in series of nights: few false ones, over all series and all nights.

A series is one value per night, as a logarithm. Each night, the last 3, 5, 8 and 13 nights are
compared with those before them, back to the last known step. Nights are taken to be correlated
(AR(1), one correlation for all series); the variance of a series is drawn towards what the other
series show (an empirical prior), because three nights alone do not know it. The p-values of a night
are corrected for the looks and over the series (Benjamini and Hochberg), so that the
false discovery rate of a night is at most `FALSE_NIGHTS`.

Sources: Smyth 2004 (moderated t); Satterthwaite 1946 (degrees of freedom); Benjamini and Hochberg
1995.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from statistics import fmean, median

# Nights behind a step that are looked at; one or two alone can be an accident of those nights.
LOOKS = (3, 5, 8, 13)
# Looks at one series are much alike: less than one test for each. By simulation.
TESTS = 2
LEAST_BEFORE = 2
FALSE_NIGHTS = 0.01
# Smaller steps are of no interest, however sure.
LEAST_STEP = 0.02
# Nights are never taken to be less correlated than this; few of them cannot tell.
LEAST_CORRELATION = 0.3
MOST_CORRELATION = 0.8
# The segment before a step: older nights add little and cost time.
MOST_BEFORE = 30


@dataclass(frozen=True)
class Step:
    """A step in a series: the first night behind it, and by how much the values changed there."""

    series: int
    place: int
    change: float
    p_value: float


def steps(series, starts):
    """The steps that the newest night shows.

    `series` are lists of logarithms, oldest night first; `starts` the place of the last known step
    in each, before which nothing is looked at.
    """
    segments = [values[start:] for values, start in zip(series, starts, strict=True)]
    correlation = common_correlation(segments)
    found = []
    spreads = [spread(values, correlation) for values in segments]
    prior = Prior(spreads)
    for number, values in enumerate(segments):
        best = best_split(values, correlation, prior)
        if best:
            p_value, split, change = best
            found.append(Step(number, starts[number] + split, change, p_value))
    return [step for step in discoveries(found, len(series)) if abs(step.change) >= LEAST_STEP]


def discoveries(found, count):
    """Benjamini and Hochberg over `count` series, of which some could not be tested."""
    ordered = sorted(found, key=lambda step: step.p_value)
    kept = 0
    for rank, step in enumerate(ordered, start=1):
        if step.p_value <= FALSE_NIGHTS * rank / count:
            kept = rank
    return ordered[:kept]


def best_split(values, correlation, prior):
    """(p-value over all looks, split, change) of the most certain step; None where too short."""
    best = None
    for after in LOOKS:
        split = len(values) - after
        if split < LEAST_BEFORE:
            break
        part = values[max(0, split - MOST_BEFORE) :]
        result = test(part, len(part) - after, correlation, prior)
        if result and (best is None or result[0] < best[0]):
            best = (result[0], split, result[1])
    if best is None:
        return None
    p_value, split, change = best
    split = finer(values, split)
    return min(1.0, p_value * TESTS), split, change


def finer(values, split):
    """The place near `split` where the sum of squares is least: looks are coarse."""
    places = range(max(LEAST_BEFORE, split - 3), min(len(values) - 1, split + 3) + 1)
    return min(places, key=lambda place: squares(values[:place]) + squares(values[place:]))


def squares(values):
    """Sum of squares around the mean."""
    mean = fmean(values)
    return sum((value - mean) ** 2 for value in values)


def test(values, split, correlation, prior):
    """(p-value, change) of a step at `split`; None where a night speaks against it."""
    before, after = values[:split], values[split:]
    middle = median(before)
    # Outliers move means, and few nights medians: what both show.
    change = min(fmean(after) - fmean(before), median(after) - middle, key=abs)
    # One bad night among them may move the mean; a step moves every night.
    if not all((value - middle) * change > 0 for value in after):
        return None
    shape = Shape.of(len(before), len(after), round(correlation, 2))
    variance, freedom = prior.moderated(squares(before) + squares(after), shape)
    if variance <= 0:
        return None
    t_value = change / math.sqrt(variance * shape.contrast)
    return student_tail(abs(t_value), freedom), math.expm1(change)


@dataclass(frozen=True)
class Shape:
    """What the lengths of two segments of correlated nights say about their means and spread."""

    # Variance of the difference of the means, and expectation of the sum of squares, over the
    # variance of a night.
    contrast: float
    expectation: float
    freedom: float

    @staticmethod
    @lru_cache(maxsize=4096)
    def of(before, after, correlation):
        """For `before` and `after` nights; `after` may be 0."""
        count = before + after
        weights = [-1 / before] * before + [1 / after if after else 0.0] * after
        cov = [[correlation ** abs(i - j) for j in range(count)] for i in range(count)]
        contrast = sum(
            weights[i] * cov[i][j] * weights[j] for i in range(count) for j in range(count)
        )
        centred = centre_rows(cov, before)
        trace = sum(centred[i][i] for i in range(count))
        square = sum(centred[i][j] * centred[j][i] for i in range(count) for j in range(count))
        freedom = trace * trace / square if square > 0 else 0.0
        return Shape(contrast, trace, freedom)


def centre_rows(matrix, split):
    """Takes the mean of its segment's rows from each row: the residuals' matrix times this one."""
    centred = []
    for rows in (matrix[:split], matrix[split:]):
        if rows:
            means = [fmean(column) for column in zip(*rows, strict=True)]
            centred += [[a - b for a, b in zip(row, means, strict=True)] for row in rows]
    return centred


@dataclass(frozen=True)
class Spread:
    """A variance and how many free values it stands on."""

    variance: float
    freedom: float


def spread(values, correlation):
    """The variance of a series from its differences, which a step or two do not change."""
    if len(values) < 3:
        return None
    differences = [abs(b - a) for a, b in pairwise(values)]
    scale = median(differences) / 0.6745
    variance = scale * scale / (2 * (1 - correlation))
    # A median of magnitudes knows about 37 % of what a mean of squares knows.
    return Spread(variance, max(1.0, 0.37 * len(differences))) if variance > 0 else None


class Prior:
    """What the variances of all series say about that of any one."""

    # Never sure: a series may be unlike all others.
    MOST_FREEDOM = 20.0
    # With few series: a guess, which a few nights outweigh.
    USUAL_FREEDOM = 2.0

    def __init__(self, spreads):
        """From the spreads of all series, of which some are None."""
        known = [one for one in spreads if one]
        self.freedom, self.variance = 0.0, 0.0
        if not known:
            return
        corrected = [
            math.log(one.variance) - digamma(one.freedom / 2) + math.log(one.freedom / 2)
            for one in known
        ]
        centre = fmean(corrected)
        if len(known) >= 4:
            scatter = sum((value - centre) ** 2 for value in corrected) / (len(known) - 1)
            excess = scatter - fmean(trigamma(one.freedom / 2) for one in known)
            self.freedom = min(self.MOST_FREEDOM, 2 * inverse_trigamma(excess))
        else:
            self.freedom = self.USUAL_FREEDOM
        shift = digamma(self.freedom / 2) - math.log(self.freedom / 2)
        self.variance = math.exp(centre + shift)

    def moderated(self, sum_of_squares, shape):
        """(variance, degrees of freedom) of a series with this sum of squares."""
        own = sum_of_squares / shape.expectation if shape.expectation > 0 else 0.0
        freedom = self.freedom + shape.freedom
        if freedom <= 0:
            return 0.0, 1.0
        variance = (self.freedom * self.variance + shape.freedom * own) / freedom
        return variance, freedom


def common_correlation(segments):
    """The correlation of one night with the next, over all series, with its bias removed."""
    products = total = weight = 0.0
    for values in segments:
        if len(values) < 6:
            continue
        mean = fmean(values)
        own = squares(values)
        if own <= 0:
            continue
        # Each series with the same weight per night, however noisy it is.
        products += len(values) * sum((a - mean) * (b - mean) for a, b in pairwise(values)) / own
        total += len(values)
        weight += 1
    if not weight:
        return LEAST_CORRELATION
    raw, nights = products / total, total / weight
    unbiased = (raw * nights + 1) / (nights - 3) if nights > 4 else raw
    return min(MOST_CORRELATION, max(LEAST_CORRELATION, unbiased))


def student_tail(value, freedom):
    """P(|T| > value) of Student's t."""
    return incomplete_beta(freedom / 2, 0.5, freedom / (freedom + value * value))


def incomplete_beta(a, b, x):
    """The regularised incomplete beta function, by its continued fraction (Lentz)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
        + a * math.log(x) + b * math.log1p(-x)
    )  # fmt: skip
    tiny, c, d = 1e-300, 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    result = d
    for m in range(1, 300):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + numerator * d
            c = 1 + numerator / c
            d = 1 / (d if abs(d) > tiny else tiny)
            c = c if abs(c) > tiny else tiny
            result *= d * c
        if abs(d * c - 1) < 1e-12:
            break
    return front * result / a


def digamma(x):
    """The derivative of log Γ, for x > 0."""
    result = 0.0
    while x < 6:
        result -= 1 / x
        x += 1
    square = 1 / (x * x)
    return result + math.log(x) - 0.5 / x - square * (1 / 12 - square * (1 / 120 - square / 252))


def trigamma(x):
    """The derivative of `digamma`, for x > 0."""
    result = 0.0
    while x < 6:
        result += 1 / (x * x)
        x += 1
    square = 1 / (x * x)
    return result + 1 / x + square / 2 + square / x * (1 / 6 - square * (1 / 30 - square / 42))


def inverse_trigamma(value):
    """The x with trigamma(x) = value; large where there is nothing to explain."""
    if value <= 1e-3:
        return 1e3
    low, high = 1e-3, 1e3
    for _ in range(80):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if trigamma(middle) > value else (low, middle)
    return low
