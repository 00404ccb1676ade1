#!/usr/bin/env python3
"""Repeats a dump's computation with Hugging Face transformers and compares the logits.

    gpu-decode-bench verify --model tiny --layers 4 --weights int4 --dump DIR
    python3 benchmarks/peers/check_dump.py DIR

The checkpoint is loaded as any other, in float32 with eager attention, and run step by step with a cache. As in
numpy_llama_check.py each step is fed the dump's tokens, keys and values are held against the stored ones, and the cache then holds
those; the bound on the logits is the same.

Needs torch and transformers (written for 4.53 and later: earlier versions know no window of single layers).

Exit code 0: every step agrees; 1: one does not; 2: the dump cannot be read; 3: torch or transformers is not installed.
"""

import argparse
import os
import sys

try:
    import numpy
    import torch
    import transformers
except ImportError as missing:
    sys.stderr.write(f"check_dump: {missing.name} is not installed, so transformers cannot repeat the dump.\n")
    sys.exit(3)

from comparison import Comparison
from greedy_run import GreedyRun
from safetensors_file import BadInput, SafetensorsFile
from stored_kv import StoredKv


class DumpCache(transformers.DynamicCache):
    """transformers' growing cache, which stores what the dump's device stored. Windows are left to the attention mask."""

    def __init__(self, stored):
        super().__init__()
        self._stored_kv = stored
        self.step = 0

    def update(self, key_states, value_states, layer_idx, *arguments, **options):
        keys = self._take(key_states, layer_idx, False)
        values = self._take(value_states, layer_idx, True)
        return super().update(keys, values, layer_idx, *arguments, **options)

    def _take(self, states, layer, is_value):
        """States are batch x heads x 1 x dimension, keys after RoPE."""
        own = states[:, :, 0, :].detach().cpu().numpy().astype(numpy.float64)
        stored = self._stored_kv.take(self.step, layer, is_value, own)
        return torch.from_numpy(stored).to(states.dtype).to(states.device).unsqueeze(2)


def check(directory):
    """Repeats the dump's steps; the exit code."""
    steps = SafetensorsFile(os.path.join(directory, "steps.safetensors"))
    try:
        model = transformers.AutoModelForCausalLM.from_pretrained(
            directory, torch_dtype=torch.float32, attn_implementation="eager", local_files_only=True
        ).eval()
    except (OSError, ValueError) as error:
        raise BadInput(f"{directory}: transformers cannot load this checkpoint ({' '.join(str(error).split())}).") from error
    config = model.config
    run = GreedyRun(steps, config.vocab_size)
    stored = StoredKv(steps, config.num_hidden_layers)
    print(f"{run.describe(config.model_type)}; here: transformers {transformers.__version__}, float32, eager attention")
    cache = DumpCache(stored)
    comparison = Comparison(run.bound)
    with torch.no_grad():
        for step in range(run.steps):
            cache.step = step
            tokens = torch.from_numpy(run.tokens[step].astype(numpy.int64))[:, None]
            positions = torch.full_like(tokens, step)
            output = model(input_ids=tokens, position_ids=positions, past_key_values=cache, use_cache=True)
            comparison.add(step, run.logits[step], output.logits[:, -1, :].float().numpy(), run.chosen[step])
    return comparison.finish(stored.wrong)


def main():
    parser = argparse.ArgumentParser(
        description="Repeats the computation of a dump (gpu-decode-bench verify --dump DIR) with transformers and compares the logits."
    )
    parser.add_argument("directory", metavar="DIR", help="the dump")
    arguments = parser.parse_args()
    try:
        return check(arguments.directory)
    except BadInput as error:
        print(f"check_dump: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
