#!/usr/bin/env python3
"""Dumps small models and lets an independent implementation repeat them: benchmarks/peers/numpy_check.py.

    .ci/check-dumps.py COMMAND…     COMMAND… starts gpu-decode-bench

Every weight format, every KV format and every architecture must agree, and the check must be able to fail: a weight or a stored
value that is changed in the dump, or a part of the computation that is left out of its config.json, must be found.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CHECK = os.path.join(ROOT, "benchmarks", "peers", "numpy_check.py")
CONFIGS = os.path.join(ROOT, "tests", "GpuDecodeBench.Cli.Tests", "Configs")
STEPS = "12"

# Model (a name, or a file of CONFIGS), weights, KV, batch.
DUMPS = [
    ("tiny", "bf16", "bf16", "1"),
    ("tiny", "fp16", "fp16", "2"),
    ("tiny", "fp8", "fp8", "2"),
    ("tiny", "int8", "int8", "2"),
    ("tiny", "int4", "bf16", "3"),
    ("tiny", "mxfp4", "fp16", "1"),
    ("tiny", "nvfp4", "bf16", "1"),
    ("llama-biases.json", "bf16", "bf16", "2"),
    ("llama-scaled-rope.json", "int8", "fp16", "2"),
    ("mistral-window.json", "int4", "bf16", "2"),
    ("qwen2-late-window.json", "fp16", "int8", "2"),
    ("qwen3-alternating-window.json", "bf16", "fp8", "2"),
    ("mixtral-window.json", "int4", "bf16", "3"),
    ("qwen3-moe-dense-first.json", "fp8", "fp16", "2"),
    ("qwen3-moe-normalised.json", "bf16", "int8", "2"),
    ("gpt-oss-sinks.json", "mxfp4", "bf16", "2"),
    ("deepseek-groups.json", "bf16", "bf16", "2"),
    ("deepseek-groups.json", "int8", "int8", "2"),
    ("deepseek-plain-queries.json", "nvfp4", "fp8", "2"),
    ("gemma2-soft-caps.json", "bf16", "bf16", "2"),
    ("gemma3-two-ropes.json", "int8", "fp16", "2"),
    ("gemma3-tied.json", "int4", "bf16", "1"),
    ("phi3-partial-longrope.json", "fp16", "fp8", "2"),
]

# A model and what is taken from its config.json: the check must then find other logits.
OMISSIONS = [
    ("llama-biases.json", {"rope_scaling": None}),
    ("llama-scaled-rope.json", {"rope_scaling": None}),
    ("mistral-window.json", {"sliding_window": None}),
    ("qwen2-late-window.json", {"max_window_layers": 2}),
    ("qwen3-alternating-window.json", {"layer_types": ["full_attention"] * 4}),
    ("qwen3-alternating-window.json", {"rms_norm_eps": 0.1}),
    ("mixtral-window.json", {"sliding_window": None}),
    ("mixtral-window.json", {"num_experts_per_tok": 1}),
    ("qwen3-moe-dense-first.json", {"norm_topk_prob": True}),
    ("qwen3-moe-dense-first.json", {"use_sliding_window": False}),
    ("qwen3-moe-normalised.json", {"norm_topk_prob": False}),
    ("qwen3-moe-normalised.json", {"rope_scaling": None}),
    ("gpt-oss-sinks.json", {"rope_scaling": None}),
    ("gpt-oss-sinks.json", {"layer_types": ["sliding_attention"] * 3}),
    ("deepseek-groups.json", {"rope_interleave": True}),
    ("deepseek-groups.json", {"rope_scaling": None}),
    ("deepseek-groups.json", {"topk_group": 4}),
    ("deepseek-groups.json", {"routed_scaling_factor": 1.0}),
    ("deepseek-plain-queries.json", {"norm_topk_prob": True}),
    ("gemma2-soft-caps.json", {"attn_logit_softcapping": None}),
    ("gemma2-soft-caps.json", {"final_logit_softcapping": None}),
    ("gemma2-soft-caps.json", {"query_pre_attn_scalar": 40}),
    ("gemma2-soft-caps.json", {"layer_types": ["full_attention"] * 3}),
    ("gemma3-two-ropes.json", {"rope_local_base_freq": 1000000.0}),
    ("gemma3-two-ropes.json", {"rope_scaling": None}),
    ("gemma3-two-ropes.json", {"query_pre_attn_scalar": 48}),
    ("gemma3-two-ropes.json", {"layer_types": ["full_attention"] * 4}),
    ("gemma3-tied.json", {"final_logit_softcapping": None}),
    ("phi3-partial-longrope.json", {"rope_scaling": None}),
    ("phi3-partial-longrope.json", {"original_max_position_embeddings": 64}),
    ("phi3-partial-longrope.json", {"sliding_window": None}),
]

# One value of each of these is changed in every dump that has it, which the check must find too.
CHANGES = [
    ("model.safetensors", "model.layers.1.self_attn.o_proj.weight"),
    ("steps.safetensors", "values.0"),
    ("steps.safetensors", "latents.0"),
    ("model.safetensors", "model.layers.1.block_sparse_moe.gate.weight"),
    ("model.safetensors", "model.layers.1.block_sparse_moe.experts.1.w3.weight"),
    ("model.safetensors", "model.layers.1.mlp.experts.2.up_proj.weight"),
    ("model.safetensors", "model.layers.1.mlp.experts.gate_up_proj"),
    ("model.safetensors", "model.layers.1.mlp.experts.down_proj_bias"),
    ("model.safetensors", "model.layers.0.self_attn.sinks"),
    ("model.safetensors", "model.layers.1.self_attn.kv_b_proj.weight"),
    ("model.safetensors", "model.layers.1.mlp.shared_experts.down_proj.weight"),
    ("model.safetensors", "model.layers.0.post_feedforward_layernorm.weight"),
    ("model.safetensors", "model.layers.1.self_attn.qkv_proj.weight"),
]


def run(command):
    """The exit code and what was printed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


class Examination:
    """Of one dump: what it said, and whether all of it was as wanted."""

    def __init__(self, tool, folder, dump):
        self._tool, self._folder, self._dump = tool, folder, dump
        model, weights, kv, batch = dump
        self._title = f"{model}, {weights} weights, {kv} KV, batch {batch}"
        self.lines = []
        self.good = True

    def examine(self):
        """Writes the dump, and looks at it and at what is made of it."""
        if not self._write():
            return self
        self._demand("", self._folder, 0)
        for changes in [changes for name, changes in OMISSIONS if name == self._dump[0]]:
            spoiled = self._copy()
            change_config(os.path.join(spoiled, "config.json"), changes)
            self._demand(f", with {json.dumps(changes)}", spoiled, 1)
        for file, tensor in CHANGES:
            if has_tensor(os.path.join(self._folder, file), tensor):
                spoiled = self._copy()
                turn_sign(os.path.join(spoiled, file), tensor)
                self._demand(f", with one value of {tensor} changed", spoiled, 1)
        os.remove(os.path.join(self._folder, "steps.safetensors"))
        self._demand(", with no steps", self._folder, 2)
        return self

    def _write(self):
        """Writes a dump of all layers; whether it was written."""
        model, weights, kv, batch = self._dump
        path = os.path.join(CONFIGS, model) if model.endswith(".json") else model
        command = [*self._tool, "verify", "--model", path, "--layers", "auto", "--weights", weights, "--kv", kv]
        command += ["--batch", batch, "--context", "16", "--seed", "20261120", "--dump", self._folder, "--dump-steps", STEPS]
        code, output = run(command)
        if code != 0:
            self._say(False, f"{self._title}: no dump", output)
        return code == 0

    def _copy(self):
        spoiled = self._folder + "-spoiled"
        shutil.rmtree(spoiled, ignore_errors=True)
        return shutil.copytree(self._folder, spoiled)

    def _demand(self, what, folder, wanted):
        """Wants an exit code of the check."""
        code, output = run([sys.executable, CHECK, folder])
        errors = [float(line.split()[1]) for line in output.splitlines() if line.split()[-1:] in (["ok"], ["FAIL"])]
        worst = f"worst error {max(errors):.1e}" if errors else "no step compared"
        # Python's own exit code for a defect of the check is 1 too.
        good = code == wanted and "Traceback" not in output
        self._say(good, f"{self._title}{what}: exit code {code}, {worst}", output)

    def _say(self, good, line, output):
        self.good &= good
        self.lines.append(f"{'ok' if good else 'WRONG'}: {line}")
        if not good:
            self.lines.append(output)


def header(file):
    """The header of a safetensors file, and where its tensors begin."""
    length = int.from_bytes(file.read(8), "little")
    return json.loads(file.read(length)), 8 + length


def has_tensor(path, tensor):
    with open(path, "rb") as file:
        return tensor in header(file)[0]


def turn_sign(path, tensor):
    """Turns the sign of the largest value among a tensor's first 64."""
    with open(path, "r+b") as file:
        entries, start = header(file)
        entry = entries[tensor]
        width = 4 if entry["dtype"] == "F32" else 2
        begin, end = (start + offset for offset in entry["data_offsets"])
        file.seek(begin)
        values = [file.read(width) for _ in range(min(64, (end - begin) // width))]
        # In all three types the bytes without the sign, read as a number, grow with the magnitude.
        mask = (1 << (8 * width - 1)) - 1
        largest = max(range(len(values)), key=lambda i: int.from_bytes(values[i], "little") & mask)
        file.seek(begin + largest * width + width - 1)
        file.write(bytes([values[largest][-1] ^ 0x80]))


def change_config(path, changes):
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    with open(path, "w", encoding="utf-8") as file:
        json.dump({**config, **changes}, file)


def main():
    tool = sys.argv[1:]
    good = True
    with tempfile.TemporaryDirectory() as root, ThreadPoolExecutor(os.cpu_count()) as pool:
        examinations = [Examination(tool, os.path.join(root, str(number)), dump) for number, dump in enumerate(DUMPS)]
        for done in pool.map(Examination.examine, examinations):
            print("\n".join(done.lines), flush=True)
            good &= done.good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
