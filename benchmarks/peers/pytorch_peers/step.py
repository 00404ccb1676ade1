"""A whole decode step of a Llama in PyTorch (llama.py), captured in a CUDA graph by hand: as written, and by torch.compile.

Bytes: every layer's weights and cache once; the working set is the model itself. As written each operation is a kernel; compiled,
Triton kernels do what lies between the products. Neither the capture nor torch.compile on CUDA was ever executed so far.
"""

import time

from .attention import GroupedAttention
from .checks import Check
from .failures import Unavailable
from .formats import Int4, SixteenBits
from .llama import Llama
from .record import PeerRecord, point
from .shapes import step
from .timing import measure, one_line

LAYER_BOUND = 5e-2
"""On what a layer adds: some ten roundings to bf16, and one of the residual stream, which is several times as large."""

STORED_BOUND = 2e-2
LOGITS_BOUND = 2e-2
SAME = 1e-12
"""The chosen token's logit is the largest one, to the bit."""

COMPILE_SECONDS = {"default": 12, "max-autotune-no-cudagraphs": 25}
"""Less than this left, and torch.compile is not begun."""


def run(session, shape, weights, batch, context, layers, mode):
    """Yields the record; mode is torch.compile's, None for the step as it is written."""
    head_format = SixteenBits(session, "bf16")
    format = head_format if weights == "bf16" else Int4(session)
    attend = GroupedAttention(session)
    if not hasattr(session.torch.nn.functional, "rms_norm"):
        raise Unavailable(f"PyTorch {session.torch.__version__} has no rms_norm.")
    variant, how = ("as-written", "operation by operation") if mode is None else (f"compiled-{mode}", f"torch.compile, {mode}")
    record = PeerRecord(
        session,
        f"step-{variant}/{shape.name}-{weights}",
        shape,
        f"a whole step over a contiguous bf16 cache; {how}.",
    )
    try:
        _measure(session, record, shape, format, head_format, attend, batch, context, layers, mode)
    except Unavailable as reason:
        record.notes.append(f"not measured: {reason}")
        record.write()
    session.release()
    yield record


def _measure(session, record, shape, format, head_format, attend, batch, context, layers, mode):
    operations = _operations(shape, layers, batch, context, format, head_format)
    planned = sum(operation["weightReadBytes"] + operation["kvReadBytes"] for operation in operations)
    planned += shape.vocabulary * shape.hidden * 2
    if mode is not None:
        _require_compiler(session, mode)
    session.require_memory(planned)
    model = Llama(session, shape, layers, format, head_format, attend, batch, context)
    query = session.normal(batch, shape.heads, 1, shape.head_dimension, dtype=session.torch.bfloat16)
    record.notes += [f"{format.name}: {format.note}.", f"attention: {attend.choose(query, model.caches)}."]
    if mode is not None:
        _compile(record, model, mode)
    check, prepared = _check(session, model, layers)
    if not check.passed:
        session.refuse(record, f"{format.name} weights, batch {batch}, context {context}", check)
        return
    samples, reason = measure(lambda: session.clock.sample(prepared), session.share_of_peer(1))
    conditions = {
        "weights": format.name,
        "lmHead": head_format.name,
        "kv": "bf16",
        "kvBlockTokens": context,
        "activations": "bf16",
        "batch": batch,
        "context": context,
    }
    memory = {"plannedBytes": planned, "allocatedBytes": session.allocated_bytes(planned)}
    record.add(point(session, shape, conditions, layers, samples, reason, operations, check, memory))


def _operations(shape, layers, batch, context, format, head_format):
    def bytes_of(name, rows, columns):
        return (head_format if name == "lm_head" else format).bytes_of(rows, columns)

    return step(shape, layers, batch, context, bytes_of)


def _require_compiler(session, mode):
    if not hasattr(session.torch, "compile"):
        raise Unavailable(f"PyTorch {session.torch.__version__} has no torch.compile.")
    if session.seconds_left < COMPILE_SECONDS[mode]:
        raise Unavailable(f"{session.seconds_left:.0f} s are left, too few for torch.compile.")


def _compile(record, model, mode):
    begun = time.monotonic()
    model.compile(mode)
    try:
        model.step()
    except Exception as error:  # Whatever the compiler raises: it is a reason, not a defect of this program.
        raise Unavailable(f"torch.compile failed ({one_line(error)}).") from error
    record.notes.append(f"Compiling took {time.monotonic() - begun:.1f} s, before the clock started.")


def _check(session, model, layers):
    """The first layer and the last, some logits, the choice; then once more what is timed, all of its outputs poisoned."""
    check = Check()
    shape = model.shape
    seen = []
    logits, chosen = model.step(seen)
    at = model.context - 1
    for index in sorted({0, layers - 1}):
        added, key, value = model.layer_reference(index, seen[index])
        check.add(f"layer {index}", seen[index + 1].double() - seen[index].double(), added, LAYER_BOUND)
        keys, values = model.caches[index]
        check.add("kv_append, keys", keys[:, :, at], key, STORED_BOUND)
        check.add("kv_append, values", values[:, :, at], value, STORED_BOUND)
    count = shape.vocabulary
    rows = sorted({round(i * (count - 1) / 63) for i in range(64)})
    check.add("lm_head", logits[:, rows], model.logits_reference(seen[-1], rows), LOGITS_BOUND)
    best = logits.gather(1, chosen[:, None]).flatten()
    check.add("argmax", best, logits.max(-1).values, SAME)
    outputs = {}

    def work():
        outputs["logits"], outputs["chosen"] = model.step()

    prepared = session.clock.prepare(work)
    for tensor in (outputs["logits"], *(cache[:, :, at] for pair in model.caches for cache in pair)):
        tensor.fill_(float("nan"))
    outputs["chosen"].fill_(-1)
    prepared()
    check.add("logits as timed", outputs["logits"], logits, LOGITS_BOUND)
    timed = outputs["chosen"]
    inside = bool(((timed >= 0) & (timed < count)).all())
    taken = outputs["logits"].gather(1, timed.clamp(0, count - 1)[:, None]).flatten()
    check.add("argmax as timed", taken if inside else taken * float("nan"), outputs["logits"].max(-1).values, SAME)
    return check, prepared
