"""A peer's run record (docs/run-record.schema.json, schemaVersion 1). What is not known is null or says why; never zero."""

import json
import math
import os

from .order_statistics import summary

OPERATIONS_ONLY = "operationsOnly"
"""The code of points that time single operations and are no step: `compare --operations` reads them, nothing else does."""

VERSION = "1"


def measured(detail=None):
    return _note("measured", detail=detail)


def derived(detail):
    return _note("derived", detail=detail)


def unavailable(reason, detail=None):
    return _note("unavailable", reason=reason, detail=detail)


def _note(kind, **fields):
    return {"kind": kind, **{key: value for key, value in fields.items() if value is not None}}


def figure(value, method):
    return {"value": value, "provenance": measured(), "method": method}


NOT_MEASURED = {"provenance": unavailable("notMeasured", "the peer reads no sensors")}


class PeerRecord:
    """The record of one peer on one model. It is written anew after each point."""

    def __init__(self, session, name, shape, description):
        self.name = name
        self.shape = shape
        self.description = description
        self.points = []
        self.notes = [description]
        self._path = os.path.join(session.out, name, "run.json")
        self._head = {
            "schemaVersion": "1",
            "tool": {"name": f"pytorch peer {name.split('/')[0]}", "version": VERSION},
            "startedUtc": session.now(),
            "command": session.command,
            "environment": session.environment,
            "device": session.device,
            "ceilings": session.ceilings,
            "model": {
                "name": shape.name,
                "architecture": "llama",
                "source": shape.source,
                "layers": shape.layers,
                "hiddenSize": shape.hidden,
                "vocabularySize": shape.vocabulary,
                "parameters": shape.parameters,
                "publishedParameters": shape.published_parameters,
                "maxContextTokens": shape.max_context,
            },
            "seed": session.seed,
            "preset": "quick",
        }

    def add(self, point):
        self.points.append(point)
        self.write()

    def write(self):
        """A finished file takes the place of the one before."""
        os.makedirs(os.path.dirname(self._path), exist_ok=True)
        record = {**self._head, "points": self.points, "notes": self.notes}
        with open(f"{self._path}.part", "w", encoding="utf-8") as file:
            json.dump(record, file, indent=2, allow_nan=False)
            file.write("\n")
        os.replace(f"{self._path}.part", self._path)


def point(session, shape, conditions, layers, samples, stop_reason, operations, check, memory, warnings=()):
    """A point. conditions holds weights, lmHead, kv, kvBlockTokens, activations, batch and context; operations hold their seconds.

    Where operations lack a part of the step the point is invalid as a step (OPERATIONS_ONLY).
    """
    statistics = summary(samples, stop_reason)
    is_step = any(operation["kind"] == "argmax" for operation in operations)
    invalid = [] if is_step else [OPERATIONS_ONLY]
    full, low, high = _full_depth(shape, layers, statistics, operations)
    totals = {
        key: sum(operation[key] for operation in operations)
        for key in ("readBytes", "writeBytes", "weightReadBytes", "kvReadBytes", "flops")
    }
    achieved = (totals["weightReadBytes"] + totals["kvReadBytes"]) / statistics["median"]
    ceiling = session.ceilings["readBytesPerSecond"]["value"]
    timed = all("seconds" in operation for operation in operations)
    summed = math.fsum(operation["seconds"] for operation in operations) / statistics["median"] if timed else None
    return {
        **conditions,
        "tensorParallel": 1,
        "layersMeasured": layers,
        "layersTotal": shape.layers,
        "stepSeconds": statistics,
        "samplesSeconds": samples,
        "tokensPerSecond": conditions["batch"] / full,
        "tokensPerSecondPerUser": 1 / full,
        "fullStepSeconds": full,
        "fullStepCi95Low": low,
        "fullStepCi95High": high,
        **totals,
        "achievedBytesPerSecond": achieved,
        "readCeilingBytesPerSecond": ceiling,
        "mbuOfSpec": None,
        "mbuOfCeiling": achieved / ceiling,
        "rooflineSeconds": None,
        "bound": None,
        "power": NOT_MEASURED,
        "energyJoulesPerToken": NOT_MEASURED,
        "throttleReasons": [],
        "operations": operations if timed else [],
        "operationsSecondsOverStep": summed,
        "memory": memory,
        "verification": check.record(),
        "interleaved": False,
        "harnessOverheadFraction": None,
        "valid": not invalid,
        "invalidReasons": invalid,
        "warnings": _warnings(session, totals, stop_reason, warnings),
        "provenance": _provenance(session, shape, layers, is_step, timed),
    }


def _full_depth(shape, layers, statistics, operations):
    """The step of all layers: what lies outside the layers once, the rest in proportion."""
    if layers == shape.layers:
        return statistics["median"], statistics["ci95Low"], statistics["ci95High"]
    once = ("embedding", "final_norm", "lm_head", "argmax")
    outside = math.fsum(operation.get("seconds", 0) for operation in operations if operation["name"] in once)

    def extend(seconds):
        part = min(outside, seconds)
        return part + (seconds - part) * shape.layers / layers

    ends = statistics["median"], statistics["ci95Low"], statistics["ci95High"]
    return tuple(None if seconds is None else extend(seconds) for seconds in ends)


def _warnings(session, totals, stop_reason, more):
    warnings = list(more)
    cache = session.device["lastLevelCacheBytes"]
    if cache is None:
        warnings.append("cacheUnknown")
    elif totals["weightReadBytes"] + totals["kvReadBytes"] < 4 * cache:
        warnings.append("mayBeWarm")
    if stop_reason != "converged":
        warnings.append("notConverged")
    return list(dict.fromkeys(warnings))


def _provenance(session, shape, layers, is_step, timed):
    depth = measured()
    if layers != shape.layers:
        depth = _note("extrapolated", detail=f"{layers} of {shape.layers} layers measured; the rest in proportion")
    throughput = derived("batch over fullStepSeconds" if is_step else "as if the step were these operations alone")
    counted = derived("by the plan's formulas")
    return {
        "stepSeconds": measured(session.clock.name),
        "samplesSeconds": measured(),
        "operations": measured("one by one, over the distinct weights or caches of the measured layers, on a GPU between events")
        if timed
        else unavailable("notMeasured", "the step is timed as a whole"),
        "fullStepSeconds": depth,
        "tokensPerSecond": throughput,
        "tokensPerSecondPerUser": throughput,
        "readBytes": counted,
        "writeBytes": counted,
        "flops": counted,
        "achievedBytesPerSecond": derived("weights and KV bytes over the median"),
        "throttleReasons": unavailable("notTold", "the peer reads no sensors"),
        "mbuOfSpec": unavailable("noSpecification", "the peer knows no datasheets"),
        "readCeilingBytesPerSecond": measured("once, at the start of the process"),
        "mbuOfCeiling": derived("achievedBytesPerSecond over the peer's own read ceiling"),
        "rooflineSeconds": unavailable("noCeiling", "the peer measures no ceiling of arithmetic"),
    }
