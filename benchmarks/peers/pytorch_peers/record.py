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
    full, mean, low, high = _full_depth(shape, layers, statistics, operations)
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
        "tokensPerSecond": conditions["batch"] / mean,
        "tokensPerSecondPerUser": 1 / mean,
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
        "warnings": _warnings(session, totals, statistics, stop_reason, warnings),
        "provenance": _provenance(session, shape, layers, is_step, timed),
    }


def _full_depth(shape, layers, statistics, operations):
    """The step of all layers: what lies outside the layers once, the rest in proportion.

    Where operations were not timed, compulsory bytes say how much of the step lies outside the layers.
    """
    if layers == shape.layers:
        return tuple(statistics[key] for key in ("median", "mean", "ci95Low", "ci95High"))
    once = ("embedding", "final_norm", "lm_head", "argmax")
    outside_layers = [operation for operation in operations if operation["name"] in once]
    if all("seconds" in operation for operation in outside_layers):
        outside = math.fsum(operation["seconds"] for operation in outside_layers)
    else:
        outside = statistics["median"] * _compulsory_bytes(outside_layers) / _compulsory_bytes(operations)

    def extend(seconds):
        part = min(outside, seconds)
        return part + (seconds - part) * shape.layers / layers

    whole, low, high = (
        None if seconds is None else extend(seconds)
        for seconds in (statistics[key] for key in ("median", "ci95Low", "ci95High"))
    )
    # What slow steps take beyond the median comes from outside and meets a longer step more often.
    return whole, whole * statistics["mean"] / statistics["median"], low, high


def _compulsory_bytes(operations):
    return sum(operation["weightReadBytes"] + operation["kvReadBytes"] for operation in operations)


def _warnings(session, totals, statistics, stop_reason, more):
    warnings = list(more)
    cache = session.device["lastLevelCacheBytes"]
    if cache is None:
        warnings.append("cacheUnknown")
    elif totals["weightReadBytes"] + totals["kvReadBytes"] < 4 * cache:
        warnings.append("mayBeWarm")
    if statistics["mean"] > 1.05 * statistics["median"]:
        warnings.append("meanAboveMedian")
    if stop_reason != "converged":
        warnings.append("notConverged")
    return list(dict.fromkeys(warnings))


def _provenance(session, shape, layers, is_step, timed):
    depth = measured()
    if layers != shape.layers:
        how = "the rest in proportion" if timed else "what lies outside them by compulsory bytes, the rest in proportion"
        depth = _note("extrapolated", detail=f"{layers} of {shape.layers} layers measured; {how}")
    throughput = derived("batch over the mean step" if is_step else "as if the step were these operations alone")
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
