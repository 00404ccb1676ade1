"""The keys and values that a dump's device stored, and whether they are what should have been stored.

A cache rounds each number to one of two codes next to it. A number halfway between them may go either way, as the last bit of the
arithmetic before it has it; both are right, and from there on the computations differ by far more than that bit. So the stored
number is checked against one's own, and then taken for the cache: what remains to compare is arithmetic alone.
"""

from safetensors_file import BadInput

import numpy

# How far a number may lie from one's own beyond the rounding, relative to its head's root mean square: single precision's
# error of a few matrix products, and far less than any defect.
ARITHMETIC = 1e-4

# Significand bits, exponent of the smallest normal number, largest number: docs/formats.md, "The codes".
_FLOATS = {"bf16": (8, -126, numpy.inf), "fp16": (11, -14, 65504.0), "fp8": (4, -6, 448.0)}


class StoredKv:
    """The stored keys and values, or latents, of a dump."""

    def __init__(self, steps, layers, latent=False):
        self._steps = steps
        self._format = steps.metadata.get("kv_format")
        if self._format not in (*_FLOATS, "int8"):
            raise BadInput(f"{steps.path}: kv_format {self._format} is not accepted; give bf16, fp16, fp8 or int8.")
        names = ("latents",) if latent else ("keys", "values")
        self._stored = [[steps.read(f"{name}.{layer}") for name in names] for layer in range(layers)]
        self._scales = steps.read("kv_layer_scales", (layers, 2)) if self._format == "fp8" else None
        self.wrong = []

    def take(self, step, layer, is_value, own):
        """What the cache holds for one's own keys or values, batch x heads x dimension; notes where it should not."""
        return self._compare(step, layer, int(is_value), "value" if is_value else "key", own)

    def take_latent(self, step, layer, own):
        """What the cache holds for one's own latents, batch x dimension, the rotated key part last."""
        return self._compare(step, layer, 0, "latent", own)

    def peek_latent(self, step, layer):
        """What the cache holds, unchecked."""
        return self._stored[layer][0][step].astype(numpy.float64)

    def _compare(self, step, layer, part, title, own):
        name = f"{title} of layer {layer}"
        stored = self._stored[layer][part][step].astype(numpy.float64)
        if stored.shape != own.shape:
            raise BadInput(f"{self._steps.path}: a {name} has the shape {list(stored.shape)}, not {list(own.shape)}.")
        size = numpy.sqrt(numpy.mean(own * own, axis=-1, keepdims=True))
        scale = 1.0 if self._scales is None else float(self._scales[layer][part])
        room, largest = self._half_step(stored, own, scale)
        distance = numpy.abs(stored - numpy.clip(own, -largest, largest))
        if not (distance <= room + ARITHMETIC * size).all():
            excess = float(((distance - room) / size).max())
            self.wrong.append(f"step {step}: a {name} is off by {excess:.1e} of its head's size beyond rounding")
        return stored

    def _half_step(self, stored, own, scale):
        """Half the distance between codes at each number, and the largest number that there is a code for."""
        if self._format == "int8":
            # A scale a head, rounded up to FP16: at most one part in 2^10 above the largest magnitude / 127.
            return numpy.abs(own).max(axis=-1, keepdims=True) / 254 * (1 + 2.0**-9), numpy.inf
        bits, least, largest = _FLOATS[self._format]
        _, exponent = numpy.frexp(numpy.maximum(numpy.abs(stored), numpy.abs(own)) / scale)
        return numpy.ldexp(scale, numpy.maximum(exponent - 1, least) - bits), largest * scale
