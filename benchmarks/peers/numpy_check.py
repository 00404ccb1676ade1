#!/usr/bin/env python3
"""Repeats a dump's computation with numpy and compares the logits.

    gpu-decode-bench verify --model tiny --layers 4 --weights int4 --dump DIR
    python3 benchmarks/peers/numpy_check.py DIR

A second implementation, which shares no code with GpuDecodeBench, by the formulas of the literature, in float64: model_config.py
reads config.json, decoder.py is the sequence of layers, rotary.py, attention.py and experts.py are their parts. Every step is
fed the dump's tokens, so that one choice between two equal logits does not spoil the steps after it. Keys and values, or latents, are
computed here and held against the stored ones, which must be what they round to (stored_kv.py); the cache then holds the stored ones.

The bound on the relative L2 error of a step's logits is 2e-5, whatever the formats of weights and cache: weights are read as they
are and stored keys and values are the device's own, so that only single-precision arithmetic differs. 2e-7 to 7e-7 were measured
for dense models (128 small dumps in all formats, and four layers of Llama 3.2 1B), 2e-7 to 2e-6 for the architectures with experts,
latents, soft caps, sinks and partial rotation (70 small dumps of 20 steps, every weight and KV format, each with a seed of its own).
One changed weight of a small model gives 7e-3 and more, a part left out of config.json 0.1 and more. Devices that keep activations in
16 bits have no bound here yet and are refused. A router that sees two experts within single precision of each other may rightly
choose either, which would differ by far more; none of those dumps has such a choice.

Exit code 0: every step agrees; 1: one does not; 2: the dump cannot be read; 3: numpy is not installed.
"""

import argparse
import os
import sys

try:
    import numpy
except ImportError:
    sys.stderr.write("numpy_check: numpy is not installed; on Debian it is the package python3-numpy.\n")
    sys.exit(3)

from comparison import Comparison
from decoder import Decoder
from greedy_run import GreedyRun
from model_config import ModelConfig
from safetensors_file import BadInput, SafetensorsFile
from stored_kv import StoredKv
from weights import Weights


def check(directory):
    """Repeats the dump's steps; the exit code."""
    config = ModelConfig(os.path.join(directory, "config.json"))
    file = SafetensorsFile(os.path.join(directory, "model.safetensors"))
    steps = SafetensorsFile(os.path.join(directory, "steps.safetensors"))
    run = GreedyRun(steps, config.vocabulary)
    stored = StoredKv(steps, config.layers, config.latent is not None)
    print(f"{run.describe(config.model_type)}; here: numpy {numpy.__version__}, float64")
    weights = Weights(file)
    decoder = Decoder(config, weights, stored)
    comparison = Comparison(run.bound)
    for step in range(run.steps):
        comparison.add(step, run.logits[step], decoder.step(run.tokens[step], step), run.chosen[step])
    if weights.unused():
        raise BadInput(f"{file.path}: {min(weights.unused())} belongs to no part of a {config.model_type}.")
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
        print(f"numpy_check: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
