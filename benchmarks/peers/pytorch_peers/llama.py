"""A Llama's decode step in PyTorch: embedding, the layers, final norm, LM head, argmax; and its reference in float64.

One token a sequence at position context - 1: its key and value are appended to a contiguous cache, and context of them are read.
Activations are bf16, the residual stream too; every layer has weights and a cache of its own.
"""

import math

from .attention import reference as attention_reference


class Llama:
    """The weights, the cache, and the step over them. Everything stays where it is, so that a graph can be captured."""

    def __init__(self, session, shape, layers, format, head_format, attend, batch, context):
        torch = session.torch
        self.torch, self.shape, self.format, self._head_format = torch, shape, format, head_format
        self.attend, self.batch, self.context = attend, batch, context
        bf16 = torch.bfloat16

        def norm():
            return 1 + session.normal(shape.hidden, dtype=bf16, scale=0.1)

        self.embedding = session.normal(shape.vocabulary, shape.hidden, dtype=bf16)
        if shape.tied:
            self.embedding.mul_(shape.hidden**-0.5)
        self.head = self.embedding if shape.tied else head_format.matrix(*shape.head_product)
        self.final_norm = norm()
        self.layers, self.caches = [], []
        size = batch, shape.kv_heads, context, shape.head_dimension
        for _ in range(layers):
            matrices = [format.matrix(*rows_columns) for rows_columns in shape.layer_products().values()]
            self.layers.append((norm(), norm(), *matrices))
            self.caches.append((session.normal(*size, dtype=bf16), session.normal(*size, dtype=bf16)))
        self.tokens = session.integers(shape.vocabulary, batch, dtype=torch.int64)
        self.position = torch.tensor([context - 1], device=session.where)
        angles = (context - 1) * torch.tensor(frequencies(shape), dtype=torch.float64)
        self.cosine, self.sine = (
            torch.cat([f(angles)] * 2).to(device=session.where, dtype=bf16) for f in (torch.cos, torch.sin)
        )
        self.layer_forward, self.head_forward = self.layer, self.head_part

    def compile(self, mode):
        """The layer and the head by torch.compile: layers have one shape, so one compilation serves all of them."""
        self.layer_forward = self.torch.compile(self.layer, mode=mode, dynamic=False)
        self.head_forward = self.torch.compile(self.head_part, mode=mode, dynamic=False)

    def step(self, seen=None):
        """Logits and next tokens; seen takes each layer's input and the last one's output."""
        x = self.torch.nn.functional.embedding(self.tokens, self.embedding)
        for weights, cache in zip(self.layers, self.caches):
            if seen is not None:
                seen.append(x.clone())
            x = self.layer_forward(x, *weights, *cache)
        if seen is not None:
            seen.append(x.clone())
        return self.head_forward(x)

    def layer(self, x, attention_norm, feed_norm, qkv, output, gate_up, down, keys, values):
        functional, shape = self.torch.nn.functional, self.shape
        normed = functional.rms_norm(x, (shape.hidden,), attention_norm, shape.norm_epsilon)
        query, key, value = self.format.product(qkv, normed).split([shape.query_rows, shape.kv_rows, shape.kv_rows], -1)
        query, key, value = (
            part.view(self.batch, -1, 1, shape.head_dimension) for part in (query, key, value)
        )
        query, key = self._turn(query), self._turn(key)
        keys.index_copy_(2, self.position, key)
        values.index_copy_(2, self.position, value)
        attended = self.attend(query, keys, values).reshape(self.batch, shape.query_rows)
        x = x + self.format.product(output, attended)
        normed = functional.rms_norm(x, (shape.hidden,), feed_norm, shape.norm_epsilon)
        gate, up = self.format.product(gate_up, normed).chunk(2, -1)
        return x + self.format.product(down, functional.silu(gate) * up)

    def head_part(self, x):
        normed = self.torch.nn.functional.rms_norm(x, (self.shape.hidden,), self.final_norm, self.shape.norm_epsilon)
        logits = self._head_format.product(self.head, normed)
        return logits, logits.argmax(-1)

    def _turn(self, heads):
        first, second = heads.chunk(2, -1)
        return heads * self.cosine + self.torch.cat([-second, first], -1) * self.sine

    def layer_reference(self, index, x):
        """What layer index must add to x, and the key and value that it must store, in float64 from the values that are there."""
        torch, shape = self.torch, self.shape
        attention_norm, feed_norm, *matrices = self.layers[index]
        keys, values = self.caches[index]
        x = x.double()

        def product(which, y):
            # One matrix in float64 at a time.
            return y @ self.format.dense(matrices[which]).t()

        rows = product(0, self._norm(x, attention_norm)).split([shape.query_rows, shape.kv_rows, shape.kv_rows], -1)
        query, key, value = (part.view(self.batch, -1, shape.head_dimension) for part in rows)
        cosine, sine = self.cosine.double(), self.sine.double()

        def turn(heads):
            first, second = heads.chunk(2, -1)
            return heads * cosine + torch.cat([-second, first], -1) * sine

        attended = torch.stack(
            [attention_reference(torch, turn(query)[i], keys[i], values[i]).flatten() for i in range(self.batch)]
        )
        middle = x + product(1, attended)
        gate, up = product(2, self._norm(middle, feed_norm)).chunk(2, -1)
        added = middle - x + product(3, torch.nn.functional.silu(gate) * up)
        return added, turn(key), value

    def logits_reference(self, x, rows):
        """Some of the logits in float64."""
        return self._norm(x.double(), self.final_norm) @ self._head_format.dense(self.head, rows).t()

    def _norm(self, x, weight):
        return x * (x.square().mean(-1, keepdim=True) + self.shape.norm_epsilon).rsqrt() * weight.double()


def frequencies(shape):
    """Radians a token of each pair of a head's elements, with Llama 3.1's scaling where the shape has it (rope_type llama3)."""
    half = shape.head_dimension // 2
    plain = [shape.rope_theta ** (-i / half) for i in range(half)]
    scaling = shape.rope_scaling
    if scaling is None:
        return plain
    low, high, factor = (scaling[key] for key in ("low_freq_factor", "high_freq_factor", "factor"))

    def scaled(frequency):
        turns = scaling["original_max_position_embeddings"] * frequency / (2 * math.pi)
        smooth = min(1.0, max(0.0, (turns - low) / (high - low)))
        return (1 - smooth) * frequency / factor + smooth * frequency

    return [scaled(frequency) for frequency in plain]
