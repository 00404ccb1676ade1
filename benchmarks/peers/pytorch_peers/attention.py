"""One query token a sequence over its cache: softmax(q K^T / sqrt(D)) V, the query heads in groups on fewer KV heads.

Bytes: the context's keys and values, 16 bits. The cache is contiguous, batch x KV heads x context x D, which is kinder than the paged
one of the program: no block table is read, and addresses are known ahead. Each layer has a cache of its own, and the work goes through
all of them.
"""

from .checks import Check
from .failures import Unavailable
from .order_statistics import median_interval
from .record import PeerRecord, point
from .shapes import attention, times
from .timing import measure, one_line

BOUND = 1e-2
"""Rounding the result to bf16 moves it by 2^-9 at most; kernels may round the softmax's weights to bf16 as well."""

FUSED = ("cudnn", "flash")
"""PyTorch's fused kernels that know grouped heads (aten/src/ATen/native/transformers/cuda/sdp_utils.cpp). Left to itself it takes the first
one that can, by an order that was made for prompts; the one or the other is faster for a single query token."""

TRIAL_SECONDS = 0.15


class GroupedAttention:
    """scaled_dot_product_attention with enable_gqa (PyTorch 2.5 and later). Never executed on CUDA so far."""

    def __init__(self, session):
        functional = session.torch.nn.functional
        self._torch, self._session = session.torch, session
        if not hasattr(functional, "scaled_dot_product_attention"):
            raise Unavailable(f"PyTorch {session.torch.__version__} has no scaled_dot_product_attention.")
        self._attend = functional.scaled_dot_product_attention
        if session.on_gpu:
            self._allow(*FUSED, "math")
        query, keys = (session.normal(1, heads, 8, 64, dtype=session.torch.bfloat16) for heads in (4, 2))
        try:
            self(query[:, :, :1], keys, keys)
        except (TypeError, RuntimeError) as error:
            raise Unavailable(
                f"scaled_dot_product_attention has no grouped heads in PyTorch {session.torch.__version__} "
                f"({one_line(error)}); repeating the keys instead would be other work."
            ) from error

    def __call__(self, query, keys, values):
        return self._attend(query, keys, values, enable_gqa=True)

    def choose(self, query, caches):
        """On a GPU tries the fused kernels on these caches and leaves the fastest one alone allowed; says which, and the times of all."""
        if not self._session.on_gpu:
            return f"kernel {self.backend(query, *caches[0])}"

        def work():
            for keys, values in caches:
                self(query, keys, values)

        times, refusals = {}, []
        for name in FUSED:
            self._allow(name)
            try:
                self(query, *caches[0])
                prepared = self._session.clock.prepare(work)
                samples, _ = measure(lambda: self._session.clock.sample(prepared), TRIAL_SECONDS)
                times[name] = median_interval(samples)[0] / len(caches)
            except (RuntimeError, Unavailable) as error:
                refusals.append(f"{name} does not run ({one_line(error)})")
        self._allow(*([min(times, key=times.get)] if times else (*FUSED, "math")))
        tried = [f"{name} {seconds * 1e6:.1f} us a layer" for name, seconds in times.items()]
        return f"kernel {self.backend(query, *caches[0])}, of those tried the fastest: {'; '.join(tried + refusals)}"

    def _allow(self, *names):
        """Lets PyTorch take these kernels alone, here, in captures and in what is compiled."""
        switches = self._torch.backends.cuda
        for name in ("flash", "cudnn", "mem_efficient", "math"):
            getattr(switches, f"enable_{name}_sdp", lambda _: None)(name in names)

    def backend(self, query, keys, values):
        """Which of its kernels PyTorch takes, as far as it tells."""
        try:
            choice = self._torch._fused_sdp_choice(query, keys, values, enable_gqa=True)
            return self._torch.nn.attention.SDPBackend(choice).name
        except (AttributeError, TypeError, ValueError, RuntimeError):
            return "not told"


def run(session, shape, grid):
    """Yields the record after each (batch, context) of the grid."""
    record = PeerRecord(
        session,
        f"attention/{shape.name}",
        shape,
        "scaled_dot_product_attention with enable_gqa over a contiguous bf16 cache; no step, and the weights mean nothing here.",
    )
    attend = GroupedAttention(session)
    for index, (batch, context) in enumerate(grid):
        try:
            _measure(session, record, shape, attend, batch, context, session.share_of_peer(len(grid) - index))
        except Unavailable as reason:
            record.notes.append(f"batch {batch}, context {context} was not measured: {reason}")
            record.write()
        session.release()
        yield record


def _measure(session, record, shape, attend, batch, context, seconds):
    bf16 = session.torch.bfloat16
    operation = attention(shape, batch, context)
    layers = session.copies(operation["kvReadBytes"], shape.layers)
    planned = layers * operation["kvReadBytes"]
    session.require_memory(planned)
    size = batch, shape.kv_heads, context, shape.head_dimension
    caches = [(session.normal(*size, dtype=bf16), session.normal(*size, dtype=bf16)) for _ in range(layers)]
    query = session.normal(batch, shape.heads, 1, shape.head_dimension, dtype=bf16)
    chosen = attend.choose(query, caches)
    check = Check()
    for keys, values in (caches[0], caches[-1]):
        result = attend(query, keys, values)
        for sequence in {0, batch - 1}:
            expected = reference(session.torch, query[sequence, :, 0].double(), keys[sequence], values[sequence])
            check.add("attention", result[sequence, :, 0], expected, BOUND)
    if not check.passed:
        session.refuse(record, f"batch {batch}, context {context}", check)
        return
    record.notes.append(f"batch {batch}, context {context}: {chosen}.")

    def work():
        for keys, values in caches:
            attend(query, keys, values)

    calls = [lambda pair=pair: attend(query, *pair) for pair in caches]
    alone, _ = measure(lambda: session.clock.sample_apart(calls), seconds / 2)
    prepared = session.clock.prepare(work)
    samples, reason = measure(lambda: session.clock.sample(prepared), seconds / 2)
    conditions = {
        "weights": "bf16",
        "lmHead": "bf16",
        "kv": "bf16",
        "kvBlockTokens": context,
        "activations": "bf16",
        "batch": batch,
        "context": context,
    }
    operations = [{**times(operation, layers), "seconds": median_interval(alone)[0]}]
    memory = {"plannedBytes": planned, "allocatedBytes": session.allocated_bytes(planned)}
    record.add(point(session, shape, conditions, layers, samples, reason, operations, check, memory))


def reference(torch, query, keys, values):
    """One sequence in float64, one KV head at a time: queries are heads x D, keys and values KV heads x tokens x D."""
    group = query.shape[0] // keys.shape[0]
    parts = []
    for head in range(keys.shape[0]):
        scores = query[head * group : (head + 1) * group] @ keys[head].double().t() * query.shape[1] ** -0.5
        parts.append(scores.softmax(dim=-1) @ values[head].double())
    return torch.cat(parts)
