"""Models' shapes and the bytes and FLOPs of their decode steps, counted as the plan counts them (docs/method.md).

Needs nothing but Python. The shapes are those of src/GpuDecodeBench.Workload/Data/models.json; PeerRecordTests hold names, bytes and
FLOPs of a peer's record against the plan's.

What the plan has and a peer has not: a paged cache, so no block table and no lengths are read. Token ids and positions count four
bytes each as in the plan, although PyTorch's have eight.
"""

from dataclasses import dataclass

INDEX_BYTES = 4
ACTIVATION_BYTES = 2
INT4_GROUP = 128


@dataclass(frozen=True)
class Shape:
    """A dense Llama."""

    name: str
    source: str
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dimension: int
    intermediate: int
    vocabulary: int
    max_context: int
    rope_theta: float
    rope_scaling: dict | None
    tied: bool
    published_parameters: int | None
    norm_epsilon: float = 1e-5

    @property
    def query_rows(self):
        return self.heads * self.head_dimension

    @property
    def kv_rows(self):
        return self.kv_heads * self.head_dimension

    @property
    def parameters(self):
        layer = sum(rows * columns for rows, columns in self.layer_products().values()) + 2 * self.hidden
        heads = self.vocabulary * self.hidden * (1 if self.tied else 2)
        return self.layers * layer + self.hidden + heads

    def layer_products(self):
        """Rows and columns of a layer's matrices, by the operation's name."""
        return {
            "qkv_proj": (self.query_rows + 2 * self.kv_rows, self.hidden),
            "o_proj": (self.hidden, self.query_rows),
            "gate_up_proj": (2 * self.intermediate, self.hidden),
            "down_proj": (self.hidden, self.intermediate),
        }

    @property
    def head_product(self):
        return self.vocabulary, self.hidden


def _llama3(factor):
    return {
        "rope_type": "llama3",
        "factor": factor,
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192,
    }


_META = "https://huggingface.co/meta-llama"
SHAPES = {
    shape.name: shape
    for shape in (
        Shape("tiny", "made for tests by this project: no such model was published",
              4, 256, 8, 2, 32, 704, 2048, 4096, 1e4, None, False, None),
        Shape("llama-3.2-1b", f"{_META}/Llama-3.2-1B/blob/main/config.json",
              16, 2048, 32, 8, 64, 8192, 128256, 131072, 5e5, _llama3(32.0), True, 1235814400),
        Shape("llama-3.1-8b", f"{_META}/Llama-3.1-8B/blob/main/config.json",
              32, 4096, 32, 8, 128, 14336, 128256, 131072, 5e5, _llama3(8.0), False, 8030261248),
        Shape("llama-3.3-70b", f"{_META}/Llama-3.3-70B-Instruct/blob/main/config.json",
              80, 8192, 64, 8, 128, 28672, 128256, 131072, 5e5, _llama3(8.0), False, 70553706496),
    )
}  # fmt: skip


def _operation(name, kind, weight=0, kv_read=0, kv_write=0, read=0, write=0, flops=0):
    return {
        "name": name,
        "kind": kind,
        "count": 1,
        "readBytes": weight + kv_read + read,
        "writeBytes": write + kv_write,
        "weightReadBytes": weight,
        "kvReadBytes": kv_read,
        "flops": flops,
    }


def linear(name, rows, columns, batch, weight_bytes):
    """The matrix once for the whole batch, batch x columns in, batch x rows out."""
    return _operation(
        name,
        "linear",
        weight=weight_bytes,
        read=batch * columns * ACTIVATION_BYTES,
        write=batch * rows * ACTIVATION_BYTES,
        flops=2 * batch * rows * columns,
    )


def attention(shape, batch, context):
    """Queries and the context's keys and values (16 bits) in; 2 D FLOPs a query head and token for the score, 2 D for the sum."""
    queries = batch * shape.query_rows * ACTIVATION_BYTES
    return _operation(
        "attention",
        "attention",
        kv_read=batch * context * 2 * shape.kv_rows * 2,
        read=queries,
        write=queries,
        flops=batch * context * 4 * shape.query_rows,
    )


def step(shape, layers, batch, context, product_bytes):
    """The operations of a step over some layers, each with all its executions together, in the plan's order.

    product_bytes(name, rows, columns) gives a matrix's bytes.
    """
    hidden = batch * shape.hidden
    norm = dict(kind="rmsNorm", weight=shape.hidden * 2, read=hidden * 2, write=hidden * 2, flops=4 * hidden)
    residual = dict(kind="residual", read=2 * hidden * 2, write=hidden * 2, flops=hidden)
    turned = batch * (shape.query_rows + shape.kv_rows)
    gated = batch * shape.intermediate
    products = {
        name: linear(name, rows, columns, batch, product_bytes(name, rows, columns))
        for name, (rows, columns) in shape.layer_products().items()
    }
    layer = [
        _operation("attn_norm", **norm),
        products["qkv_proj"],
        _operation(
            "rope",
            "rope",
            read=turned * 2 + batch * (INDEX_BYTES + 4 * shape.head_dimension),
            write=turned * 2,
            flops=3 * turned,
        ),
        _operation("kv_append", "kvAppend", read=batch * 2 * shape.kv_rows * 2, kv_write=batch * 2 * shape.kv_rows * 2),
        attention(shape, batch, context),
        products["o_proj"],
        _operation("attn_residual", **residual),
        _operation("ffn_norm", **norm),
        products["gate_up_proj"],
        _operation("activation", "gatedActivation", read=2 * gated * 2, write=gated * 2, flops=5 * gated),
        products["down_proj"],
        _operation("ffn_residual", **residual),
    ]
    logits = batch * shape.vocabulary
    return [
        _operation("embedding", "embedding", weight=hidden * 2, read=batch * INDEX_BYTES, write=hidden * 2),
        *(times(operation, layers) for operation in layer),
        _operation("final_norm", **norm),
        linear("lm_head", *shape.head_product, batch, product_bytes("lm_head", *shape.head_product)),
        _operation("argmax", "argmax", read=logits * 2, write=batch * INDEX_BYTES, flops=logits),
    ]


def times(operation, count):
    """An operation executed so often."""
    scaled = {key: value * count for key, value in operation.items() if isinstance(value, int)}
    return {**operation, **scaled, "count": count}
