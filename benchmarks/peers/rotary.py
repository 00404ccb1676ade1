"""Rotary position embedding (arXiv 2104.09864) and its scalings.

Linear (2306.15595), Llama 3.1's, YaRN (2309.00071; its ramp as transformers has it, over the pairs and not over their turns) and
LongRoPE (2402.13753).
"""

import math

from safetensors_file import BadInput

import numpy

KINDS = ("default", "linear", "llama3", "yarn", "longrope")


class Rotary:
    """Turns pairs of elements by their position."""

    def __init__(self, dimension, theta, scaling, longest, original, path):
        """Of the first dimension elements of a head; original is the context of the training where the block does not say."""
        scaling = scaling or {}
        kind = scaling.get("rope_type") or scaling.get("type") or "default"
        if kind not in KINDS:
            raise BadInput(f"{path}: rope_type {kind} is not accepted; give one of {', '.join(KINDS)}.")
        self._dimension = dimension
        self._original = scaling.get("original_max_position_embeddings") or original or longest
        plain = theta ** (-numpy.arange(0, dimension, 2, dtype=numpy.float64) / dimension)
        factor = scaling.get("factor", longest / self._original)
        self._magnitude = scaling.get("attention_factor", 1.0)
        self._short = self._long = plain
        if kind == "linear":
            self._short = self._long = plain / factor
        elif kind == "llama3":
            self._short = self._long = plain * _llama3(plain, scaling, factor)
        elif kind == "yarn":
            self._short = self._long = plain * _yarn(dimension, theta, scaling, factor, self._original)
            self._magnitude = scaling.get("attention_factor") or _yarn_magnitude(scaling, factor)
        elif kind == "longrope":
            self._short, self._long = (plain / _divisors(scaling, key, len(plain), path) for key in ("short_factor", "long_factor"))
            grown = math.sqrt(1 + math.log(factor) / math.log(self._original)) if factor > 1 else 1.0
            self._magnitude = scaling.get("attention_factor") or grown

    def turn(self, heads, position):
        """Heads with their first elements turned: of those, element i and element i + half of them are a pair."""
        angles = position * (self._long if position + 1 > self._original else self._short)
        cosine, sine = self._magnitude * numpy.cos(angles), self._magnitude * numpy.sin(angles)
        turned, kept = heads[..., : self._dimension], heads[..., self._dimension :]
        first, second = numpy.split(turned, 2, axis=-1)
        return numpy.concatenate([first * cosine - second * sine, second * cosine + first * sine, kept], axis=-1)


def mscale(factor, weight):
    """YaRN's growth of the scores with the length of the context."""
    return 0.1 * weight * math.log(factor) + 1 if factor > 1 else 1.0


def _divisors(scaling, key, count, path):
    if len(scaling[key]) != count:
        raise BadInput(f"{path}: {key} has {len(scaling[key])} numbers, not {count}.")
    return numpy.array(scaling[key])


def _llama3(plain, scaling, factor):
    # Turns within the original context decide; few turns are slowed down, many are kept, between them a ramp.
    turns = scaling["original_max_position_embeddings"] * plain / (2 * math.pi)
    low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
    kept = numpy.clip((turns - low) / (high - low), 0, 1)
    return kept + (1 - kept) / factor


def _yarn(dimension, theta, scaling, factor, original):
    def pair_with(turns):
        return dimension * math.log(original / (2 * math.pi * turns)) / (2 * math.log(theta))

    first = pair_with(scaling.get("beta_fast") or 32)
    last = pair_with(scaling.get("beta_slow") or 1)
    if scaling.get("truncate", True):
        first, last = math.floor(first), math.ceil(last)
    first, last = max(first, 0), min(last, dimension - 1)
    if first == last:
        last += 0.001
    slowed = numpy.clip((numpy.arange(dimension // 2) - first) / (last - first), 0, 1)
    return slowed / factor + (1 - slowed)


def _yarn_magnitude(scaling, factor):
    one, all_dimensions = scaling.get("mscale"), scaling.get("mscale_all_dim")
    return mscale(factor, one) / mscale(factor, all_dimensions) if one and all_dimensions else mscale(factor, 1)
