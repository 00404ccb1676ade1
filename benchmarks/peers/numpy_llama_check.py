#!/usr/bin/env python3
"""Repeats a dump's computation with numpy and compares the logits.

    gpu-decode-bench verify --model tiny --layers 4 --weights int4 --dump DIR
    python3 benchmarks/peers/numpy_llama_check.py DIR

A second implementation, which shares no code with GpuDecodeBench, by the formulas of the literature: RMS norm (arXiv 1910.07467),
rotary embedding (2104.09864) with Llama 3.1's frequencies, grouped-query attention (2305.13245), sliding window (2310.06825),
SwiGLU (2002.05202). In float64, for llama, mistral, qwen2 and qwen3. Every step is fed the dump's tokens, so that one choice between
two equal logits does not spoil the steps after it. Keys and values are computed here and held against the stored ones, which
must be what they round to (stored_kv.py); the cache then holds the stored ones.

The bound on the relative L2 error of a step's logits is 2e-5, whatever the formats of weights and cache: weights are read as they
are and stored keys and values are the device's own, so that only single-precision arithmetic differs. 2e-7 to 7e-7 were measured
(128 small dumps in all formats, and four layers of Llama 3.2 1B); one changed weight of a small model gives 1e-2, a window,
frequencies or an epsilon left out 0.2 to 1. Devices that keep activations in 16 bits have no bound here yet and are refused.

Exit code 0: every step agrees; 1: one does not; 2: the dump cannot be read; 3: numpy is not installed.
"""

import argparse
import json
import math
import os
import sys

try:
    import numpy
except ImportError:
    sys.stderr.write("numpy_llama_check: numpy is not installed; on Debian it is the package python3-numpy.\n")
    sys.exit(3)

from comparison import Comparison
from greedy_run import GreedyRun
from safetensors_file import BadInput, SafetensorsFile
from stored_kv import StoredKv

BLOCK_ROWS = 4096
MODEL_TYPES = ("llama", "mistral", "qwen2", "qwen3")


class Config:
    """What config.json says of the model, by transformers' defaults where it says nothing."""

    def __init__(self, path):
        try:
            with open(path, encoding="utf-8") as file:
                keys = json.load(file)
        except (OSError, ValueError) as error:
            raise BadInput(f"{path}: this file cannot be read as JSON ({error}).") from error
        if not isinstance(keys, dict):
            raise BadInput(f"{path}: this file is not a JSON object.")
        self.model_type = keys.get("model_type")
        if self.model_type not in MODEL_TYPES:
            raise BadInput(f"{path}: model_type {self.model_type} is not accepted; give one of {', '.join(MODEL_TYPES)}.")
        try:
            self.layers = keys["num_hidden_layers"]
            self.hidden = keys["hidden_size"]
            self.heads = keys["num_attention_heads"]
            self.kv_heads = keys["num_key_value_heads"]
            self.intermediate = keys["intermediate_size"]
            self.vocabulary = keys["vocab_size"]
            self.epsilon = keys["rms_norm_eps"]
            self.dimension = keys.get("head_dim") or self.hidden // self.heads
            self.frequencies = frequencies(
                self.dimension, keys.get("rope_theta", 10000.0), keys.get("rope_scaling"), path
            )
        except KeyError as error:
            raise BadInput(f"{path}: the key {error.args[0]} is missing.") from error
        self.tied = keys.get("tie_word_embeddings", False)
        everywhere = keys.get("attention_bias", False) and self.model_type in ("llama", "qwen3")
        self.qkv_bias = everywhere or self.model_type == "qwen2"
        self.output_bias = everywhere
        self.mlp_bias = keys.get("mlp_bias", False) and self.model_type == "llama"
        self.head_norm = self.model_type == "qwen3"
        self.windows = [self._window(keys, layer) for layer in range(self.layers)]

    def _window(self, keys, layer):
        """Tokens that a layer attends to, the new one included; None where it is all of them."""
        if self.model_type == "mistral":
            return keys.get("sliding_window", 4096)
        if self.model_type == "llama" or not keys.get("use_sliding_window", False):
            return None
        types = keys.get("layer_types")
        slides = types[layer] == "sliding_attention" if types else layer >= keys.get("max_window_layers", 28)
        return keys.get("sliding_window", 4096) if slides else None


def frequencies(dimension, theta, scaling, path):
    """Radians a position for each pair of a head's elements."""
    plain = theta ** (-numpy.arange(0, dimension, 2, dtype=numpy.float64) / dimension)
    kind = (scaling or {}).get("rope_type", "default")
    if kind == "default":
        return plain
    if kind == "linear":
        return plain / scaling["factor"]
    if kind != "llama3":
        raise BadInput(f"{path}: rope_type {kind} is not accepted; give default, linear or llama3.")
    # Llama 3.1: turns within the original context decide; few turns are slowed down, many are kept, between them a ramp.
    turns = scaling["original_max_position_embeddings"] * plain / (2 * math.pi)
    low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
    kept = numpy.clip((turns - low) / (high - low), 0, 1)
    return plain * (kept + (1 - kept) / scaling["factor"])


class Model:
    """The decoder with a KV cache, one token of every sequence at a time."""

    def __init__(self, config, weights, stored, batch):
        self._config = config
        self._weights = weights
        self._stored = stored
        self._keys = [[] for _ in range(config.layers)]
        self._values = [[] for _ in range(config.layers)]
        self._batch = batch
        self._used = set()

    def step(self, tokens, position):
        """Logits, batch x vocabulary."""
        config = self._config
        hidden = self._read("model.embed_tokens.weight", config.vocabulary, config.hidden)[tokens].astype(numpy.float64)
        for layer in range(config.layers):
            name = f"model.layers.{layer}."
            hidden = hidden + self._attention(layer, position, self._norm(hidden, name + "input_layernorm.weight"))
            hidden = hidden + self._feed_forward(name, self._norm(hidden, name + "post_attention_layernorm.weight"))
        normed = self._norm(hidden, "model.norm.weight")
        return self._product(normed, "model.embed_tokens" if config.tied else "lm_head", config.vocabulary, config.hidden)

    def unused(self):
        """Tensors of the file that no step has read."""
        return self._weights.names() - self._used

    def _attention(self, layer, position, x):
        config = self._config
        name = f"model.layers.{layer}.self_attn."
        query_size, kv_size = config.heads * config.dimension, config.kv_heads * config.dimension
        queries = self._heads(self._linear(x, name + "q_proj", query_size, config.hidden, config.qkv_bias))
        keys = self._heads(self._linear(x, name + "k_proj", kv_size, config.hidden, config.qkv_bias))
        values = self._heads(self._linear(x, name + "v_proj", kv_size, config.hidden, config.qkv_bias))
        if config.head_norm:
            queries = self._norm(queries, name + "q_norm.weight")
            keys = self._norm(keys, name + "k_norm.weight")
        self._keys[layer].append(self._stored.take(position, layer, False, self._rotate(keys, position)))
        self._values[layer].append(self._stored.take(position, layer, True, values))
        first = 0 if config.windows[layer] is None else max(0, position + 1 - config.windows[layer])
        group = config.heads // config.kv_heads
        seen_keys = numpy.repeat(numpy.stack(self._keys[layer][first:], axis=2), group, axis=1)
        seen_values = numpy.repeat(numpy.stack(self._values[layer][first:], axis=2), group, axis=1)
        scores = numpy.einsum("bhd,bhtd->bht", self._rotate(queries, position), seen_keys) / math.sqrt(config.dimension)
        scores = numpy.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        mixed = numpy.einsum("bht,bhtd->bhd", scores, seen_values).reshape(self._batch, query_size)
        return self._linear(mixed, name + "o_proj", config.hidden, query_size, config.output_bias)

    def _feed_forward(self, name, x):
        config = self._config
        gate = self._linear(x, name + "mlp.gate_proj", config.intermediate, config.hidden, config.mlp_bias)
        up = self._linear(x, name + "mlp.up_proj", config.intermediate, config.hidden, config.mlp_bias)
        activated = gate / (1 + numpy.exp(-gate)) * up
        return self._linear(activated, name + "mlp.down_proj", config.hidden, config.intermediate, config.mlp_bias)

    def _heads(self, x):
        return x.reshape(self._batch, -1, self._config.dimension)

    def _rotate(self, heads, position):
        """Element i and element i + D/2 are a pair, as in the Hub's checkpoints."""
        angles = position * self._config.frequencies
        first, second = numpy.split(heads, 2, axis=-1)
        cosine, sine = numpy.cos(angles), numpy.sin(angles)
        return numpy.concatenate([first * cosine - second * sine, second * cosine + first * sine], axis=-1)

    def _norm(self, x, name):
        mean_square = numpy.mean(x * x, axis=-1, keepdims=True)
        return x / numpy.sqrt(mean_square + self._config.epsilon) * self._read(name, x.shape[-1])

    def _linear(self, x, name, rows, columns, bias):
        product = self._product(x, name, rows, columns)
        return product + self._read(name + ".bias", rows) if bias else product

    def _product(self, x, name, rows, columns):
        # In float64, but never with a whole matrix in it: the LM head of a large vocabulary would take gigabytes.
        weight = self._read(name + ".weight", rows, columns)
        blocks = (weight[first : first + BLOCK_ROWS].astype(numpy.float64) for first in range(0, rows, BLOCK_ROWS))
        return numpy.concatenate([x @ block.T for block in blocks], axis=-1)

    def _read(self, name, *shape):
        # Read anew for every step: a model need not fit into memory.
        self._used.add(name)
        return self._weights.read(name, shape)


def check(directory):
    """Repeats the dump's steps; the exit code."""
    config = Config(os.path.join(directory, "config.json"))
    weights = SafetensorsFile(os.path.join(directory, "model.safetensors"))
    steps = SafetensorsFile(os.path.join(directory, "steps.safetensors"))
    run = GreedyRun(steps, config.vocabulary)
    stored = StoredKv(steps, config.layers)
    print(f"{run.describe(config.model_type)}; here: numpy {numpy.__version__}, float64")
    model = Model(config, weights, stored, run.batch)
    comparison = Comparison(run.bound)
    for step in range(run.steps):
        comparison.add(step, run.logits[step], model.step(run.tokens[step], step), run.chosen[step])
    if model.unused():
        raise BadInput(f"{weights.path}: {min(model.unused())} belongs to no part of a {config.model_type}.")
    return comparison.finish(stored.wrong)


def main():
    parser = argparse.ArgumentParser(
        description="Repeats the computation of a dump (gpu-decode-bench verify --dump DIR) with numpy and compares the logits."
    )
    parser.add_argument("directory", metavar="DIR", help="the dump")
    arguments = parser.parse_args()
    try:
        return check(arguments.directory)
    except BadInput as error:
        print(f"numpy_llama_check: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
