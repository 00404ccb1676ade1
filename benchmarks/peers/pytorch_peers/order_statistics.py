"""Medians and their intervals, by the same rules as the program's own (src/GpuDecodeBench.Measurement/Statistics)."""

import math

SMALLEST_COUNT = 6
"""The fewest samples that have a 95 % interval of the median: 2 x 2^-6 = 3.1 %."""


def median_ranks(count):
    """The samples, counted from 1 in order, that hold the median between them with 95 %; None for too few.

    P(Bin(n, 1/2) <= r - 1) <= 2.5 % for the largest such r (David and Nagaraja, Order Statistics, 2003, section 7.1).
    """
    if count < SMALLEST_COUNT:
        return None
    if count > 1000:
        low = math.floor(count / 2 + 0.5 - 1.959963984540054 * math.sqrt(count) / 2)
        return low, count + 1 - low
    term = 2.0**-count
    cumulative, rank = term, 0
    while cumulative <= 0.025:
        term *= (count - rank) / (rank + 1)
        cumulative += term
        rank += 1
    return rank, count + 1 - rank


def quantile(ordered, fraction):
    """Between the two nearest samples, in proportion."""
    position = (len(ordered) - 1) * fraction
    below = int(position)
    if below + 1 >= len(ordered):
        return ordered[-1]
    return ordered[below] + (position - below) * (ordered[below + 1] - ordered[below])


def median_interval(samples):
    """The median and the ends of its 95 % interval, None where the samples are too few."""
    ordered = sorted(samples)
    ranks = median_ranks(len(ordered))
    low, high = (None, None) if ranks is None else (ordered[ranks[0] - 1], ordered[ranks[1] - 1])
    return quantile(ordered, 0.5), low, high


def summary(samples, stop_reason):
    """A record's stepSeconds."""
    ordered = sorted(samples)
    median, low, high = median_interval(samples)
    mean = math.fsum(ordered) / len(ordered)
    deviation = None
    if len(ordered) > 1:
        deviation = math.sqrt(math.fsum((sample - mean) ** 2 for sample in ordered) / (len(ordered) - 1))
    return {
        "median": median,
        "mean": mean,
        "p5": quantile(ordered, 0.05),
        "p95": quantile(ordered, 0.95),
        "p99": quantile(ordered, 0.99),
        "stdDev": deviation,
        "ci95Low": low,
        "ci95High": high,
        "count": len(ordered),
        "stopReason": stop_reason,
    }
