"""Attention of one new token over a growing cache.

Grouped queries (arXiv 2305.13245) with a sliding window (2310.06825), head norms, soft caps (2408.00118) and sinks (2309.17453);
multi-head latent attention (2405.04434) in its textbook form: keys and values are projected up from the latents for every cached token,
and nothing is absorbed into queries or outputs.
"""

import numpy


def rms_norm(x, weight, epsilon):
    """RMS norm (1910.07467)."""
    return x / numpy.sqrt(numpy.mean(x * x, axis=-1, keepdims=True) + epsilon) * weight


def soft_cap(x, cap):
    """Gemma 2's cap; None is none."""
    return x if cap is None else cap * numpy.tanh(x / cap)


def attend(queries, keys, values, scale, cap=None, sinks=None):
    """batch x heads x dimension: queries over keys and values, batch x heads x tokens x dimension."""
    scores = soft_cap(numpy.einsum("bhd,bhtd->bht", queries, keys) * scale, cap)
    if sinks is not None:
        scores = numpy.concatenate([scores, numpy.broadcast_to(sinks[:, None], (*scores.shape[:2], 1))], axis=-1)
    scores = numpy.exp(scores - scores.max(axis=-1, keepdims=True))
    scores /= scores.sum(axis=-1, keepdims=True)
    # A sink takes its share of the weight, and has no value.
    return numpy.einsum("bht,bhtd->bhd", scores[..., : keys.shape[2]], values)


class GroupedAttention:
    """Query heads that share keys and values."""

    def __init__(self, config, weights, stored, layer):
        self._config, self._weights, self._stored, self._layer = config, weights, stored, layer
        self._name = f"model.layers.{layer}.self_attn."
        self._keys, self._values = [], []

    def __call__(self, x, position):
        config, dimension = self._config, self._config.dimension
        queries, keys, values = self._project(x)
        if config.head_norm:
            queries, keys = self._norm(queries, "q_norm"), self._norm(keys, "k_norm")
        rotary = config.rotary(self._layer)
        self._keys.append(self._stored.take(position, self._layer, False, rotary.turn(keys, position)))
        self._values.append(self._stored.take(position, self._layer, True, values))
        window = config.windows[self._layer]
        first = 0 if window is None else max(0, position + 1 - window)
        group = config.heads // config.kv_heads
        seen_keys = numpy.repeat(numpy.stack(self._keys[first:], axis=2), group, axis=1)
        seen_values = numpy.repeat(numpy.stack(self._values[first:], axis=2), group, axis=1)
        sinks = self._weights.read(self._name + "sinks", config.heads) if config.sinks else None
        mixed = attend(rotary.turn(queries, position), seen_keys, seen_values, config.scale, config.score_cap, sinks)
        width = config.heads * dimension
        return self._weights.linear(
            mixed.reshape(len(x), width), self._name + "o_proj", config.hidden, width, config.output_bias
        )

    def _project(self, x):
        config, dimension = self._config, self._config.dimension
        sizes = [config.heads * dimension, config.kv_heads * dimension, config.kv_heads * dimension]
        names = ["q_proj", "k_proj", "v_proj"]
        if config.fused:
            fused = self._weights.linear(x, self._name + "qkv_proj", sum(sizes), config.hidden)
            parts = numpy.split(fused, numpy.cumsum(sizes)[:-1], axis=-1)
        else:
            parts = [
                self._weights.linear(x, self._name + name, size, config.hidden, config.qkv_bias)
                for name, size in zip(names, sizes)
            ]
        return [part.reshape(len(x), -1, dimension) for part in parts]

    def _norm(self, heads, name):
        weight = self._weights.read(self._name + name + ".weight", self._config.dimension)
        return rms_norm(heads, weight + self._config.norm_offset, self._config.epsilon)


class LatentAttention:
    """DeepSeek's: the cache holds what keys and values are projected up from, and one rotated key part for all heads."""

    def __init__(self, config, weights, stored, layer):
        self._config, self._weights, self._stored, self._layer = config, weights, stored, layer
        self._name = f"model.layers.{layer}.self_attn."
        self._cache = []

    def __call__(self, x, position):
        config, sizes, heads = self._config, self._config.latent, self._config.heads
        queries = self._queries(x).reshape(len(x), heads, sizes.plain + sizes.rotated)
        plain_queries, turned_queries = numpy.split(queries, [sizes.plain], axis=-1)
        turned_queries = self._turn(turned_queries, position)

        down = self._weights.linear(x, self._name + "kv_a_proj_with_mqa", sizes.latent + sizes.rotated, config.hidden)
        latent, turned_key = numpy.split(down, [sizes.latent], axis=-1)
        latent = self._norm(latent, "kv_a_layernorm", sizes.latent)
        cached = numpy.concatenate([latent, self._turn(turned_key, position)], axis=-1)
        self._cache.append(self._stored.take_latent(position, self._layer, cached))

        latents, turned_keys = numpy.split(numpy.stack(self._cache, axis=1), [sizes.latent], axis=-1)
        up = self._weights.linear(latents, self._name + "kv_b_proj", heads * (sizes.plain + sizes.value), sizes.latent)
        up = up.reshape(*latents.shape[:2], heads, -1).transpose(0, 2, 1, 3)
        plain_keys, values = numpy.split(up, [sizes.plain], axis=-1)
        shared = numpy.broadcast_to(turned_keys[:, None], (len(x), heads, *turned_keys.shape[1:]))
        mixed = attend(
            numpy.concatenate([plain_queries, turned_queries], axis=-1),
            numpy.concatenate([plain_keys, shared], axis=-1),
            values,
            config.scale,
        )
        width = heads * sizes.value
        return self._weights.linear(mixed.reshape(len(x), width), self._name + "o_proj", config.hidden, width)

    def _queries(self, x):
        config, sizes = self._config, self._config.latent
        rows = config.heads * (sizes.plain + sizes.rotated)
        if sizes.query is None:
            return self._weights.linear(x, self._name + "q_proj", rows, config.hidden)
        down = self._weights.linear(x, self._name + "q_a_proj", sizes.query, config.hidden)
        return self._weights.linear(
            self._norm(down, "q_a_layernorm", sizes.query), self._name + "q_b_proj", rows, sizes.query
        )

    def _turn(self, heads, position):
        if self._config.latent.interleaved:
            # Pairs lie side by side; from here on they are half a vector apart.
            heads = numpy.concatenate([heads[..., ::2], heads[..., 1::2]], axis=-1)
        return self._config.rotary(self._layer).turn(heads, position)

    def _norm(self, x, name, size):
        # These two norms do not have the model's epsilon, but one of their own.
        return rms_norm(x, self._weights.read(f"{self._name}{name}.weight", size), 1e-6)
