"""The greedy run in a dump's steps.safetensors."""

from comparison import BOUNDS
from safetensors_file import BadInput

import numpy


class GreedyRun:
    """Tokens and logits, checked to be those of one run from an empty cache."""

    def __init__(self, file, vocabulary):
        self._about = file.metadata
        activations = self._about.get("activation_format")
        if activations not in BOUNDS:
            raise BadInput(f"{file.path}: activations in {activations} have no bound; accepted are {', '.join(BOUNDS)}.")
        self.bound = BOUNDS[activations]
        self.tokens, positions, self.chosen = (file.read(name) for name in ("tokens", "positions", "next_tokens"))
        if self.tokens.ndim != 2 or self.tokens.size == 0 or not self.tokens.shape == positions.shape == self.chosen.shape:
            raise BadInput(f"{file.path}: tokens, positions and next_tokens are not all steps x batch.")
        self.steps, self.batch = self.tokens.shape
        self.logits = file.read("logits", (self.steps, self.batch, vocabulary))
        low, high = self.tokens.min(), self.tokens.max()
        if low < 0 or high >= vocabulary:
            raise BadInput(f"{file.path}: tokens are from {low} to {high}, but must be below {vocabulary}.")
        if not (positions == numpy.arange(self.steps)[:, None]).all():
            raise BadInput(f"{file.path}: the positions do not count up from 0.")
        if not (self.tokens[1:] == self.chosen[:-1]).all():
            raise BadInput(f"{file.path}: a step's tokens are not those that the step before it chose.")
        if not (self.logits.argmax(axis=-1) == self.chosen).all():
            raise BadInput(f"{file.path}: a chosen token is not the one with the largest logit.")

    def describe(self, model_type):
        """The run in a line."""
        about = self._about
        return (
            f"{about.get('model')} ({model_type}), {about.get('layers')} layers, weights {about.get('weights_format')}, KV"
            f" {about.get('kv_format')}, batch {self.batch}, seed {about.get('seed')}, on {about.get('device')}"
        )
