#!/usr/bin/env python3
"""Repeats a dump's computation with Hugging Face transformers and compares the logits.

    gpu-decode-bench verify --model tiny --layers 4 --weights int4 --dump DIR
    python3 benchmarks/peers/check_dump.py DIR

The checkpoint is loaded as any other, in float32 with eager attention (the only one that knows gpt-oss' sinks and Gemma 2's caps in
every version), and run step by step with a cache. As in numpy_check.py each step is fed the dump's tokens, keys and values are held
against the stored ones, and the cache then holds those; the bound on the logits is the same. transformers' DeepSeek-V3 caches keys
and values that are already projected up: there the normed latent is replaced where it leaves its norm, and the rotated key on its way
into the cache.

Needs torch and transformers (written for 4.53 and later: earlier versions know no window of single layers; gpt_oss needs 4.55).
A model that the installed version does not know, or of which it leaves weights unread, is refused.

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
    """transformers' growing cache, which stores what the dump's device stored.

    It is made without a configuration, so that no layer forgets what its window has left: windows are left to the attention mask.
    """

    def __init__(self, stored):
        super().__init__()
        self._stored_kv = stored
        self.step = 0

    @property
    def stored(self):
        """What the dump's device stored."""
        return self._stored_kv

    def update(self, key_states, value_states, layer_idx, *arguments, **options):
        keys = self._take(key_states, layer_idx, False)
        values = self._take(value_states, layer_idx, True)
        return super().update(keys, values, layer_idx, *arguments, **options)

    def _take(self, states, layer, is_value):
        """States are batch x heads x 1 x dimension, keys after RoPE."""
        own = _doubles(states[:, :, 0, :])
        stored = self._stored_kv.take(self.step, layer, is_value, own)
        return torch.from_numpy(stored).to(states.dtype).to(states.device).unsqueeze(2)


class LatentDumpCache(DumpCache):
    """The same for keys and values that were projected up from a latent (DeepSeek-V3)."""

    def __init__(self, stored, model):
        super().__init__(stored)
        self._latents = {}
        self._latent_size = model.config.kv_lora_rank
        self._plain = model.config.qk_nope_head_dim
        for layer, decoder_layer in enumerate(model.model.layers):
            norm = decoder_layer.self_attn.kv_a_layernorm
            norm.register_forward_hook(lambda _module, _inputs, output, at=layer: self._replace(at, output))

    def update(self, key_states, value_states, layer_idx, *arguments, **options):
        turned = _doubles(key_states[:, :, 0, self._plain :])
        if not (turned == turned[:, :1]).all():
            raise BadInput(f"layer {layer_idx}: the heads' rotated keys differ, which this script does not understand.")
        own = numpy.concatenate([self._latents[layer_idx], turned[:, 0]], axis=-1)
        stored = self.stored.take_latent(self.step, layer_idx, own)
        part = torch.from_numpy(stored[:, self._latent_size :]).to(key_states.dtype).to(key_states.device)
        key_states = key_states.clone()
        key_states[:, :, 0, self._plain :] = part[:, None]
        return transformers.DynamicCache.update(self, key_states, value_states, layer_idx, *arguments, **options)

    def _replace(self, layer, output):
        """The latent as the dump's device stored it, batch x 1 x size; its own is kept to be compared."""
        self._latents[layer] = _doubles(output[:, 0, :])
        stored = self.stored.peek_latent(self.step, layer)[:, : self._latent_size]
        return torch.from_numpy(stored).to(output.dtype).to(output.device).unsqueeze(1)


def _doubles(states):
    return states.detach().cpu().numpy().astype(numpy.float64)


def load(directory):
    """The checkpoint as a model, all of whose weights come from it."""
    # The option got a new name in 4.56; later versions may no longer know the old one.
    version = tuple(int(number) for number in transformers.__version__.split(".")[:2])
    option = "dtype" if version >= (4, 56) else "torch_dtype"
    try:
        model, about = transformers.AutoModelForCausalLM.from_pretrained(
            directory,
            attn_implementation="eager",
            local_files_only=True,
            output_loading_info=True,
            **{option: torch.float32},
        )
    except (KeyError, OSError, RuntimeError, ValueError) as error:
        raise BadInput(f"{directory}: transformers cannot load this checkpoint ({' '.join(str(error).split())}).") from error
    rightly_missing = {"lm_head.weight"} if model.config.tie_word_embeddings else set()
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        names = sorted(str(name) for name in about[kind] if name not in rightly_missing)
        if names:
            raise BadInput(
                f"{directory}: transformers does not load this checkpoint in full ({kind}: {', '.join(names[:3])})."
            )
    return model.eval()


def check(directory):
    """Repeats the dump's steps; the exit code."""
    steps = SafetensorsFile(os.path.join(directory, "steps.safetensors"))
    model = load(directory)
    config = model.config
    run = GreedyRun(steps, config.vocab_size)
    latent = config.model_type == "deepseek_v3"
    stored = StoredKv(steps, config.num_hidden_layers, latent)
    print(f"{run.describe(config.model_type)}; here: transformers {transformers.__version__}, float32, eager attention")
    cache = LatentDumpCache(stored, model) if latent else DumpCache(stored)
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
