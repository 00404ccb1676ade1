"""The matrix products of a layer, and of the LM head, each alone and all in a row: y = x W^T for x of batch x K and W of N x K.

Bytes: the matrix once for the whole batch. Bound by memory at small batches. Every layer has matrices of its own, and the work goes
through all of them, so that what a call reads was evicted since it was last read.
"""

from .checks import Check
from .failures import Unavailable
from .order_statistics import median_interval
from .record import PeerRecord, point
from .shapes import linear, times
from .timing import measure

CHECKED_ROWS = 16


def run(session, peer, shape, formats, batches, has_head):
    """Yields the peer's record after each point; formats are measured one after the other."""
    what = "the products of a layer" + (" and of the LM head" if has_head else "; the LM head is not measured")
    record = PeerRecord(session, f"{peer}/{shape.name}", shape, f"{what}; no step, and the context means nothing here.")
    points = [(format, batch) for format in formats for batch in batches]
    record.notes += [f"{format.name}: {format.note}." for format in formats]
    for format in formats:
        try:
            products = _Products(session, shape, format, has_head)
        except Unavailable as reason:
            record.notes.append(f"{format.name} was not measured: {reason}")
            record.write()
            continue
        for batch in batches:
            left = len(points) - points.index((format, batch))
            products.measure(record, batch, session.share_of_peer(left))
            yield record
        del products
        session.release()


class _Products:
    """The matrices of some layers in one format."""

    def __init__(self, session, shape, format, has_head):
        self._session, self._shape, self._format = session, shape, format
        sizes = shape.layer_products()
        smallest = min(format.bytes_of(*size) for size in sizes.values())
        self._layers = session.copies(smallest, shape.layers)
        head_bytes = format.bytes_of(*shape.head_product) if has_head else 0
        self._bytes = self._layers * sum(format.bytes_of(*size) for size in sizes.values()) + head_bytes
        session.require_memory(self._bytes)
        self._matrices = {
            name: [format.matrix(*size) for _ in range(self._layers)] for name, size in sizes.items()
        }
        self._sizes = dict(sizes)
        if has_head:
            self._sizes["lm_head"] = shape.head_product
            self._matrices["lm_head"] = [format.matrix(*shape.head_product)]

    def measure(self, record, batch, seconds):
        session, format = self._session, self._format
        inputs = {
            name: format.input(session.normal(batch, columns, dtype=session.torch.bfloat16))
            for name, (_, columns) in self._sizes.items()
        }
        check = self._check(inputs)
        if not check.passed:
            session.refuse(record, f"{format.name} weights, batch {batch}", check)
            return
        each = seconds / (len(self._sizes) + 1)
        operations = []
        for name, (rows, columns) in self._sizes.items():
            calls = [lambda matrix=matrix: format.product(matrix, inputs[name]) for matrix in self._matrices[name]]
            samples, _ = measure(lambda: session.clock.sample_apart(calls), each)
            operation = times(
                linear(name, rows, columns, batch, format.bytes_of(rows, columns)), len(self._matrices[name])
            )
            operations.append({**operation, "seconds": median_interval(samples)[0]})
        prepared = session.clock.prepare(lambda: self._all(inputs))
        samples, reason = measure(lambda: session.clock.sample(prepared), each)
        warm = [] if min(o["weightReadBytes"] for o in operations) >= session.cold_bytes else ["mayBeWarm"]
        conditions = {
            "weights": format.name,
            "lmHead": format.name if "lm_head" in self._sizes else "bf16",
            "kv": "bf16",
            "kvBlockTokens": None,
            "activations": format.activations,
            "batch": batch,
            "context": 1,
        }
        memory = {"plannedBytes": self._bytes, "allocatedBytes": session.allocated_bytes(self._bytes)}
        record.add(
            point(session, self._shape, conditions, self._layers, samples, reason, operations, check, memory, warm)
        )

    def _all(self, inputs):
        """In the step's order; what one product gives does not go into the next, as nothing stands between them here."""
        for layer in range(self._layers):
            for name in self._shape.layer_products():
                self._format.product(self._matrices[name][layer], inputs[name])
        for matrix in self._matrices.get("lm_head", ()):
            self._format.product(matrix, inputs["lm_head"])

    def _check(self, inputs):
        """The first rows, the last, and some between them, of the first layer's matrix and the last's."""
        check = Check()
        for name, matrices in self._matrices.items():
            x = self._format.dense_input(inputs[name])
            count = self._sizes[name][0]
            rows = sorted({round(i * (count - 1) / (CHECKED_ROWS - 1)) for i in range(CHECKED_ROWS)})
            for matrix in (matrices[0], matrices[-1]):
                result = self._format.product(matrix, inputs[name])
                check.add(name, result[:, rows], x @ self._format.dense(matrix, rows).t(), self._format.bound)
        return check
