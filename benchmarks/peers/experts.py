"""Gated feed-forward networks (arXiv 2002.05202), alone and as a mixture of experts.

Softmax routing (2401.04088), its weights normalised over the chosen experts or not; the logistic function with a bias for the choice and
groups (DeepSeek-V3, 2412.19437).
"""

import math

import numpy


def silu(gate, up):
    """SwiGLU."""
    return gate / (1 + numpy.exp(-gate)) * up


def gelu_tanh(gate, up):
    """GeGLU with the tanh form of GELU (1606.08415)."""
    return 0.5 * gate * (1 + numpy.tanh(math.sqrt(2 / math.pi) * (gate + 0.044715 * gate**3))) * up


def clamped_swiglu(gate, up):
    """gpt-oss: both clamped, a steeper logistic function, one added to up."""
    gate = numpy.minimum(gate, 7)
    return gate / (1 + numpy.exp(-1.702 * gate)) * (numpy.clip(up, -7, 7) + 1)


class Dense:
    """One network; names are those of its gate, up and down projections, or of the fused gate and up and of down."""

    def __init__(self, weights, names, hidden, size, activation, bias=False):
        self._weights, self._names, self._hidden, self._size = weights, names, hidden, size
        self._activation, self._bias = activation, bias

    def __call__(self, x):
        *gate_up, down = self._names
        rows = 2 * self._size // len(gate_up)
        parts = [self._weights.linear(x, name, rows, self._hidden, self._bias) for name in gate_up]
        gate, up = numpy.split(numpy.concatenate(parts, axis=-1), 2, axis=-1)
        return self._weights.linear(self._activation(gate, up), down, self._hidden, self._size, self._bias)

    def declare(self):
        """Makes the tensors known, read or not."""
        for name in self._names:
            self._weights.knows(name + ".weight")


class TransposedExpert:
    """An expert of gpt-oss: all in one tensor, a row for each input, gate and up in turns."""

    def __init__(self, weights, prefix, number, experts, hidden, size):
        self._weights, self._prefix, self._number = weights, prefix, number
        self._experts, self._hidden, self._size = experts, hidden, size

    def __call__(self, x):
        both = x @ self._read("gate_up_proj", self._hidden, 2 * self._size) + self._read("gate_up_proj_bias", 2 * self._size)
        joined = clamped_swiglu(both[..., ::2], both[..., 1::2])
        return joined @ self._read("down_proj", self._size, self._hidden) + self._read("down_proj_bias", self._hidden)

    def declare(self):
        """Its tensors are read for the experts that are chosen."""

    def _read(self, name, *shape):
        return self._weights.read(self._prefix + name, self._experts, *shape, index=self._number)


class Mixture:
    """Some of many networks, chosen for each token and added by their weights, and one for every token."""

    def __init__(self, router, experts, shared=None):
        self._router, self._experts, self._shared = router, experts, shared

    def __call__(self, x):
        for expert in self._experts:
            expert.declare()
        chosen, weight = self._router(x)
        result = numpy.zeros_like(x) if self._shared is None else self._shared(x)
        for number in numpy.unique(chosen):
            tokens, places = numpy.nonzero(chosen == number)
            result[tokens] += self._experts[number](x[tokens]) * weight[tokens, places][:, None]
        return result


def softmax(x):
    """Over the last axis."""
    x = numpy.exp(x - x.max(axis=-1, keepdims=True))
    return x / x.sum(axis=-1, keepdims=True)


def largest(x, count):
    """The places of the largest numbers of the last axis, best first."""
    return numpy.argsort(-x, axis=-1, kind="stable")[..., :count]


class SoftmaxRouter:
    """The probabilities of the most probable experts, divided by their sum where they are normalised."""

    def __init__(self, logits, count, normalised):
        self._logits, self._count, self._normalised = logits, count, normalised

    def __call__(self, x):
        scores = softmax(self._logits(x))
        chosen = largest(scores, self._count)
        weight = numpy.take_along_axis(scores, chosen, axis=-1)
        return chosen, weight / weight.sum(axis=-1, keepdims=True) if self._normalised else weight


class GroupedRouter:
    """DeepSeek-V3: a bias decides with, but does not weigh; experts outside the best groups are ruled out."""

    def __init__(self, logits, bias, count, groups, groups_kept, normalised, factor):
        self._logits, self._bias, self._count = logits, bias, count
        self._groups, self._groups_kept = groups, groups_kept
        self._normalised, self._factor = normalised, factor

    def __call__(self, x):
        scores = 1 / (1 + numpy.exp(-self._logits(x)))
        choice = scores + self._bias()
        grouped = choice.reshape(len(x), self._groups, -1)
        best = largest(numpy.sort(grouped, axis=-1)[..., -2:].sum(axis=-1), self._groups_kept)
        open_groups = numpy.zeros(grouped.shape[:2], dtype=bool)
        numpy.put_along_axis(open_groups, best, True, axis=-1)
        chosen = largest(numpy.where(open_groups[..., None], grouped, -numpy.inf).reshape(choice.shape), self._count)
        weight = numpy.take_along_axis(scores, chosen, axis=-1)
        if self._normalised:
            weight = weight / weight.sum(axis=-1, keepdims=True)
        return chosen, weight * self._factor
