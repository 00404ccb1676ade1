#!/usr/bin/env python3
"""Dumps small models and lets an independent implementation repeat them: benchmarks/peers/numpy_llama_check.py.

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

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CHECK = os.path.join(ROOT, "benchmarks", "peers", "numpy_llama_check.py")
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
]

# A model and what is taken from its config.json: the check must then find other logits.
OMISSIONS = [
    ("llama-biases.json", {"rope_scaling": None}),
    ("llama-scaled-rope.json", {"rope_scaling": None}),
    ("mistral-window.json", {"sliding_window": None}),
    ("qwen2-late-window.json", {"max_window_layers": 2}),
    ("qwen3-alternating-window.json", {"layer_types": ["full_attention"] * 4}),
    ("qwen3-alternating-window.json", {"rms_norm_eps": 0.1}),
]

# One value of each of these is changed in every dump, which the check must find too.
CHANGES = [
    ("model.safetensors", "model.layers.1.self_attn.o_proj.weight"),
    ("steps.safetensors", "values.0"),
]


def run(command):
    """The exit code and what was printed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def dump(tool, folder, model, weights, kv, batch):
    """Writes a dump of all layers; whether it was written."""
    path = os.path.join(CONFIGS, model) if model.endswith(".json") else model
    command = [*tool, "verify", "--model", path, "--layers", "auto", "--weights", weights, "--kv", kv]
    command += ["--batch", batch, "--context", "16", "--seed", "20261120", "--dump", folder, "--dump-steps", STEPS]
    code, output = run(command)
    if code != 0:
        print(output)
    return code == 0


def demand(title, folder, wanted):
    """Whether the check ends with the exit code that is wanted of it."""
    code, output = run([sys.executable, CHECK, folder])
    errors = [float(line.split()[1]) for line in output.splitlines() if line.split()[-1:] in (["ok"], ["FAIL"])]
    worst = f"worst error {max(errors):.1e}" if errors else "no step compared"
    print(f"{'ok' if code == wanted else 'WRONG'}: {title}: exit code {code}, {worst}")
    if code != wanted:
        print(output)
    return code == wanted


def turn_sign(path, tensor):
    """Turns the sign of the largest value among a tensor's first 64."""
    with open(path, "r+b") as file:
        length = int.from_bytes(file.read(8), "little")
        entry = json.loads(file.read(length))[tensor]
        width = 4 if entry["dtype"] == "F32" else 2
        begin = 8 + length + entry["data_offsets"][0]
        file.seek(begin)
        values = [file.read(width) for _ in range(64)]
        # In all three types the bytes without the sign, read as a number, grow with the magnitude.
        mask = (1 << (8 * width - 1)) - 1
        largest = max(range(64), key=lambda i: int.from_bytes(values[i], "little") & mask)
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
    with tempfile.TemporaryDirectory() as root:
        for number, (model, weights, kv, batch) in enumerate(DUMPS):
            folder = os.path.join(root, str(number))
            title = f"{model}, {weights} weights, {kv} KV, batch {batch}"
            if not dump(tool, folder, model, weights, kv, batch):
                print(f"WRONG: {title}: no dump")
                good = False
                continue
            good &= demand(title, folder, 0)
            for changes in [changes for name, changes in OMISSIONS if name == model]:
                spoiled = shutil.copytree(folder, folder + "-spoiled")
                change_config(os.path.join(spoiled, "config.json"), changes)
                good &= demand(f"{title}, with {json.dumps(changes)}", spoiled, 1)
                shutil.rmtree(spoiled)
            for file, tensor in CHANGES:
                spoiled = shutil.copytree(folder, folder + "-spoiled")
                turn_sign(os.path.join(spoiled, file), tensor)
                good &= demand(f"{title}, with one value of {tensor} changed", spoiled, 1)
                shutil.rmtree(spoiled)
            os.remove(os.path.join(folder, "steps.safetensors"))
            good &= demand(f"{title}, with no steps", folder, 2)
            shutil.rmtree(folder)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
