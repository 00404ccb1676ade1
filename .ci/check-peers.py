#!/usr/bin/env python3
"""What the PyTorch peers know without PyTorch is what the program knows: models' shapes, and each operation's bytes and FLOPs.

And what they make of a step of fewer layers whose operations were not timed: bytes decide, nothing that is not known counts as zero.

    check-peers.py PROGRAM…

The peers themselves are tried by .ci/try-peers, by hand: PyTorch takes too long to install for every run of CI.
"""

import dataclasses
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "benchmarks", "peers"))

from pytorch_peers import record, shapes  # noqa: E402

CONFIG = {
    "layers": "num_hidden_layers",
    "hidden": "hidden_size",
    "heads": "num_attention_heads",
    "kv_heads": "num_key_value_heads",
    "intermediate": "intermediate_size",
    "vocabulary": "vocab_size",
    "max_context": "max_position_embeddings",
    "norm_epsilon": "rms_norm_eps",
    "rope_theta": "rope_theta",
    "tied": "tie_word_embeddings",
}


def check_shape(shape, entry):
    """Yields what differs from the catalogue."""
    config = entry["config"]
    expected = {field: config[key] for field, key in CONFIG.items()}
    expected["head_dimension"] = config.get("head_dim", config["hidden_size"] // config["num_attention_heads"])
    expected["rope_scaling"] = config.get("rope_scaling")
    expected["source"] = entry["source"]
    expected["published_parameters"] = entry.get("publishedParameters")
    for field, value in expected.items():
        if getattr(shape, field) != value:
            yield f"{shape.name}: {field} is {getattr(shape, field)}, and {value} in the catalogue"


def check_step(program, shape, batch, context):
    """Yields the operations whose compulsory bytes or FLOPs are not the plan's."""
    command = [*program, "roofline", "--model", shape.name, "--gpu", "h200", "--weights", "bf16"]
    command += ["--batch", str(batch), "--context", str(context), "-o", "json"]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    planned = {row["operation"]: row for row in answer[0]["rows"] if row["kind"] != "step"}
    counted = shapes.step(shape, shape.layers, batch, context, lambda name, rows, columns: rows * columns * 2)
    if [operation["name"] for operation in counted] != list(planned):
        yield f"{shape.name}: other operations than the plan's: {', '.join(planned)}"
        return
    for operation in counted:
        row = planned[operation["name"]]
        own = {
            "kind": operation["kind"],
            "count": operation["count"],
            "compulsoryReadBytes": operation["weightReadBytes"] + operation["kvReadBytes"],
            "flops": operation["flops"],
        }
        for field, value in own.items():
            if row[field] != value:
                yield f"{shape.name}: {operation['name']}: {field} is {value}, and {row[field]} in the plan"


def check_full_depth(shape):
    """Yields what is wrong with a step of two layers that is carried over to all: it must grow as its compulsory bytes do."""
    few, all_layers = (
        shapes.step(shape, layers, 1, 64, lambda name, rows, columns: rows * columns * 2) for layers in (2, shape.layers)
    )
    counted = [sum(operation["weightReadBytes"] + operation["kvReadBytes"] for operation in step) for step in (few, all_layers)]
    seconds = record._full_depth(shape, 2, {"median": 1.0, "mean": 1.0, "ci95Low": None, "ci95High": None}, few)
    if any(abs(one - counted[1] / counted[0]) > 1e-9 for one in seconds[:2]) or seconds[2:] != (None, None):
        yield f"{shape.name}: a step of 1 s with 2 layers is carried over to {seconds}, not to {counted[1] / counted[0]} s"


def main():
    with open(os.path.join(ROOT, "src/GpuDecodeBench.Workload/Data/models.json"), encoding="utf-8") as file:
        catalogue = {entry["name"]: entry for entry in json.load(file)["models"]}
    problems = []
    for shape in shapes.SHAPES.values():
        problems += check_shape(shape, catalogue[shape.name])
        problems += check_step(sys.argv[1:], shape, 4, 1024)
        problems += check_full_depth(shape)
    # A check that sees nothing wrong in a wrong shape checks nothing.
    tiny = shapes.SHAPES["tiny"]
    wrong = dataclasses.replace(tiny, intermediate=tiny.intermediate + 64)
    if not list(check_shape(wrong, catalogue["tiny"])) or not list(check_step(sys.argv[1:], wrong, 4, 1024)):
        problems.append("a wrong shape was not noticed")
    for problem in problems:
        print(problem)
    print(f"{len(shapes.SHAPES)} shapes of peers, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
