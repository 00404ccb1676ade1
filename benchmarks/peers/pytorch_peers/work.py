"""Which peers measure what: the program's grid of models, batches and contexts, for a GPU and for a CPU."""

from dataclasses import dataclass

from . import attention, formats, products, step
from .failures import Unavailable


@dataclass(frozen=True)
class Choice:
    """What was asked for; each method gives the peer's parts, which take the session and yield records."""

    shapes: object
    batches: list | None
    contexts: list | None
    layers: int | None
    compile_modes: tuple
    on_gpu: bool

    def step(self):
        batch = (self.batches or [1])[0]
        context = (self.contexts or [2048 if self.on_gpu else 64])[0]
        parts = []
        # What takes long to compile comes last.
        for mode in (None, *self.compile_modes):
            for shape in self.shapes("llama-3.1-8b", "llama-3.2-1b"):
                layers = min(self.layers or shape.layers, shape.layers)
                for weights in ("bf16", "int4"):

                    def part(session, shape=shape, weights=weights, layers=layers, mode=mode):
                        return step.run(session, shape, weights, batch, context, layers, mode)

                    parts.append(part)
        return parts

    def linear(self):
        return self._products(
            "linear", lambda session: _available(session, "linear", (_sixteen("bf16"), _sixteen("fp16"))), has_head=True
        )

    def fp8(self):
        # Scales of rows and of a tensor are two kernels under one format's name, so each has a record of its own.
        return [
            *self._products("fp8-tensor-wise", lambda session: [formats.Fp8(session, False)]),
            *self._products("fp8-row-wise", lambda session: [formats.Fp8(session, True)]),
        ]

    def int4(self):
        return self._products("int4", lambda session: [formats.Int4(session)])

    def attention(self):
        grid = [(batch, context) for batch in (1, 8, 32) for context in (4096, 32768)] + [(1, 131072)]
        if not self.on_gpu:
            grid = [(1, 64), (2, 256)]
        if self.batches or self.contexts:
            batches, contexts = self.batches or [1], self.contexts or [grid[0][1]]
            grid = [(batch, context) for batch in batches for context in contexts]
        return [
            lambda session, shape=shape: attention.run(session, shape, grid) for shape in self.shapes("llama-3.1-8b")
        ]

    def _products(self, peer, make, has_head=False):
        batches = self.batches or ([1, 4, 16, 64] if self.on_gpu else [1, 4])

        def part(session, shape):
            yield from products.run(session, peer, shape, make(session), batches, has_head)

        return [
            lambda session, shape=shape: part(session, shape) for shape in self.shapes("llama-3.1-8b", "llama-3.3-70b")
        ]


def _sixteen(name):
    return lambda session: formats.SixteenBits(session, name)


def _available(session, peer, makers):
    """The formats that this PyTorch has; what it lacks is said."""
    made, reasons = [], []
    for make in makers:
        try:
            made.append(make(session))
        except Unavailable as reason:
            reasons.append(str(reason))
    if not made:
        raise Unavailable(" ".join(reasons))
    for reason in reasons:
        print(f"{peer}: not measured: {reason}", flush=True)
    return made
