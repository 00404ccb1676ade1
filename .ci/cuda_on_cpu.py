#!/usr/bin/env python3
"""Runs benchmarks/peers/torch_peers.py as on a GPU, with a torch.cuda made of CPU tensors, so that the lines for GPUs run somewhere. By hand.

    .ci/cuda_on_cpu.py --models tiny --only step,linear,attention,int4,fp8 --batch 2 --context 64 --seconds 120 --out DIR
    FAULT=capture .ci/cuda_on_cpu.py …      captures fail; also compiler, cudnn, fp8 (results 10 % off)

Needs PyTorch 2.6 (Debian trixie: python3-torch). What it stands in for has the rules of the real thing, by PyTorch's sources:

- A graph's capture records operators, leaves nothing of what they did, and forbids what reads values on the host. Replays repeat them.
- _scaled_mm takes sizes, strides, scales and types as aten/src/ATen/native/cuda/ScaledBlas.cpp asks for them.
- INT4 is packed and read by the bit order of aten/src/ATen/native/cuda/int4mm.cu, a lane of 32 at a time.
- Of the attention kernels those run that are switched on; torch.compile gives back what it was given.

Times mean nothing. Sizes are this machine's: the ceilings move megabytes, and caches are a few kilobytes large.
"""

import contextlib
import dataclasses
import os
import sys
import time
import types

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "benchmarks", "peers"))
sys.argv += ["--device", "cuda:0"]

import torch  # noqa: E402
import torch_peers  # noqa: E402
from pytorch_peers import session, shapes  # noqa: E402
from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402
from torch.utils._pytree import tree_leaves  # noqa: E402

FAULT = os.environ.get("FAULT", "")
MEMORY_BYTES = 143771 << 20
READS_VALUES = ("_local_scalar_dense", "nonzero", "is_nonzero", "equal")


class Capture(TorchDispatchMode):
    """The operators of one capture."""

    current = None

    def __init__(self):
        super().__init__()
        self._calls, self._before = [], []

    def __torch_dispatch__(self, function, _, arguments=(), options=None):
        options = options or {}
        name = function.name().split("::")[1].split(".")[0]
        if name in READS_VALUES:
            raise RuntimeError(f"operation not permitted when stream is capturing: {name}")
        schema = function._schema.arguments
        given = {argument.name: value for argument, value in zip(schema, arguments)} | options
        changed = [
            given[argument.name]
            for argument in schema
            if argument.alias_info is not None and argument.alias_info.is_write and given.get(argument.name) is not None
        ]
        self._before += [(tensor, tensor.clone()) for tensor in changed]
        result = function(*arguments, **options)
        is_view = not changed and any(returned.alias_info is not None for returned in function._schema.returns)
        self._calls.append((function, arguments, options, result, bool(changed), is_view))
        return result

    def undo(self):
        """As if nothing had run yet: what was changed is as before, results are not numbers."""
        for tensor, before in reversed(self._before):
            tensor.copy_(before)
        for *_, result, changes, is_view in self._calls:
            if not changes and not is_view:
                for tensor in tree_leaves(result):
                    if isinstance(tensor, torch.Tensor) and tensor.is_floating_point():
                        tensor.fill_(float("nan"))

    def replay(self):
        for function, arguments, options, result, changes, is_view in self._calls:
            if is_view:
                continue
            again = function(*arguments, **options)
            if not changes:
                for tensor, value in zip(tree_leaves(result), tree_leaves(again)):
                    if isinstance(tensor, torch.Tensor):
                        tensor.copy_(value)


def outside_captures(value=None):
    """A call that a capture forbids."""

    def call(*_, **__):
        if Capture.current is not None:
            raise RuntimeError("operation not permitted when stream is capturing")
        return value

    return call


class Event:
    """Host time; the first three queries find the device done already, as behind a host that is too slow."""

    _queries = 0

    def __init__(self, enable_timing=False):
        assert enable_timing, "elapsed_time needs enable_timing"
        self._at = None

    def record(self):
        outside_captures()()
        self._at = time.perf_counter()

    def query(self):
        outside_captures()()
        Event._queries += 1
        return Event._queries <= 3

    def synchronize(self):
        outside_captures()()
        assert self._at is not None, "the event was not recorded"

    def elapsed_time(self, later):
        return (later._at - self._at) * 1e3


class Stream:
    def wait_stream(self, other):
        assert isinstance(other, Stream)


class CudaGraph:
    captured = None

    def replay(self):
        outside_captures()()
        self.captured.replay()


@contextlib.contextmanager
def graph(into):
    assert Capture.current is None, "a capture within a capture"
    if FAULT == "capture":
        raise RuntimeError("CUDA error: operation not permitted when stream is capturing")
    Capture.current = Capture()
    try:
        with Capture.current:
            yield
        into.captured = Capture.current
    finally:
        Capture.current = None
    into.captured.undo()


def scaled_mm(first, second, scale_a, scale_b, out_dtype=None, use_fast_accum=False):
    assert first.dtype == second.dtype == torch.float8_e4m3fn and scale_a.dtype == scale_b.dtype == torch.float32
    assert first.dim() == second.dim() == 2 and first.shape[1] == second.shape[0]
    assert first.stride(1) == 1 and second.stride(0) == 1, "the first must be row-major, the second column-major"
    assert first.shape[1] % 16 == 0 and second.shape[0] % 16 == 0 and second.shape[1] % 16 == 0, "multiples of 16"

    def row_wise(matrix, scale):
        return scale.dim() == 2 and tuple(scale.shape) == (matrix.shape[0], 1) and scale.is_contiguous()

    is_tensor_wise = scale_a.numel() == scale_b.numel() == 1
    assert is_tensor_wise or (row_wise(first, scale_a) and row_wise(second.t(), scale_b.t())), "scales"
    product = (first.float() @ second.float()) * scale_a * scale_b
    return (product * 1.1 if FAULT == "fp8" else product).to(out_dtype)


def lanes(tiles):
    """Rows that the 32 lanes of each tile of 8 have, and the lanes' numbers."""
    lane = torch.arange(32)
    return torch.arange(tiles)[:, None] * 8 + (lane // 4)[None], lane


def convert(pairs, inner_tiles):
    """rows x columns / 2 bytes to rows / 8 x columns / (16 inner tiles) x 32 x inner tiles / 2 words."""
    assert pairs.dtype == torch.uint8 and pairs.dim() == 2 and pairs.is_contiguous() and inner_tiles in (2, 4, 8)
    assert pairs.shape[1] * 2 % (inner_tiles * 16) == 0
    packed = torch.empty(-(-pairs.shape[0] // 8), pairs.shape[1] // (inner_tiles * 8), 32, inner_tiles // 2, dtype=torch.int64)
    rows, lane = lanes(packed.shape[0])
    for outer in range(packed.shape[1]):
        for pair in range(inner_tiles // 2):
            base = (outer * inner_tiles + 2 * pair) * 8 + lane % 4
            word = torch.zeros_like(rows)
            for i, offset in enumerate((0, 4, 8, 12)):
                byte = pairs.long()[rows, (base + offset).expand_as(rows)]
                word |= ((byte & 15) << (16 + 4 * i)) | ((byte >> 4) << (4 * i))
            packed[:, outer, :, pair] = word
    return packed.sub(2**32 * (packed >= 2**31)).int()


def unpack(packed):
    """What matrix instructions take for codes: a word's halves are neighbours along the columns."""
    inner_tiles = packed.shape[3] * 2
    codes = torch.empty(packed.shape[0] * 8, packed.shape[1] * inner_tiles * 16)
    rows, lane = lanes(packed.shape[0])
    for outer in range(packed.shape[1]):
        for pair in range(inner_tiles // 2):
            word = packed[:, outer, :, pair].long() & 0xFFFFFFFF
            for i in range(4):
                column = (outer * inner_tiles + 2 * pair + i // 2) * 16 + 8 * (i % 2) + 2 * (lane % 4)
                codes[rows, column.expand_as(rows)] = ((word >> (4 * i)) & 15).float() - 8
                codes[rows, (column + 1).expand_as(rows)] = ((word >> (16 + 4 * i)) & 15).float() - 8
    return codes


def int4_product(x, packed, group, scales_and_zeros):
    assert x.dtype == torch.bfloat16 and x.is_contiguous() and x.dim() == 2
    assert packed.dtype == torch.int32 and packed.is_contiguous() and packed.dim() == 4 and packed.shape[2] == 32
    assert packed.shape[1] == x.shape[1] // (packed.shape[3] * 32) and group in (32, 64, 128, 256)
    assert tuple(scales_and_zeros.shape) == (x.shape[1] // group, packed.shape[0] * 8, 2)
    if not hasattr(packed, "weights"):
        scales, zeros = (part.t().float().repeat_interleave(group, 1) for part in scales_and_zeros.unbind(2))
        packed.weights = (unpack(packed) * scales + zeros).to(torch.bfloat16).float()
    return (x.float() @ packed.weights.t()).to(torch.bfloat16)


ALLOWED = {"cudnn": 3, "flash": 1, "mem_efficient": 2, "math": 0}
"""The attention kernels that are switched on, by name, with PyTorch's numbers."""


def switch(name, number):
    def call(is_on):
        ALLOWED.pop(name, None)
        if is_on:
            ALLOWED[name] = number

    return call


def attend(query, keys, values, **options):
    if not set(ALLOWED) - {"mem_efficient"} or (FAULT == "cudnn" and set(ALLOWED) == {"cudnn"}):
        raise RuntimeError("No available kernel. Aborting execution.")
    return torch.nn.functional.scaled_dot_product_attention(query, keys, values, **options)


def compiled(function, **_):
    def fails(*_):
        raise RuntimeError("Failed to find C compiler.")

    return fails if FAULT == "compiler" else function


class Beside:
    """A module, but for what is given in its place."""

    def __init__(self, module, **own):
        self.__dict__.update(own)
        self._module = module

    def __getattr__(self, name):
        return getattr(self._module, name)


CUDA = types.SimpleNamespace(
    is_available=lambda: True,
    device_count=lambda: 1,
    set_device=outside_captures(),
    get_device_properties=lambda _: types.SimpleNamespace(
        name="NVIDIA H200", major=9, minor=0, multi_processor_count=132, total_memory=MEMORY_BYTES, L2_cache_size=4096
    ),
    mem_get_info=outside_captures((MEMORY_BYTES, MEMORY_BYTES)),
    memory_allocated=lambda: 1,
    empty_cache=outside_captures(),
    synchronize=outside_captures(),
    current_stream=Stream,
    stream=lambda _: contextlib.nullcontext(),
    _sleep=outside_captures(),
    Event=Event,
    Stream=Stream,
    CUDAGraph=CudaGraph,
    graph=graph,
)
SWITCHES = {f"enable_{name}_sdp": switch(name, number) for name, number in ALLOWED.items()}
TORCH = Beside(
    torch,
    cuda=CUDA,
    device=lambda _: torch.device("cpu"),
    Generator=lambda device: torch.Generator(),
    compile=compiled,
    backends=Beside(torch.backends, cuda=Beside(torch.backends.cuda, **SWITCHES)),
    nn=Beside(torch.nn, functional=Beside(torch.nn.functional, scaled_dot_product_attention=attend)),
    ops=Beside(torch.ops, aten=Beside(torch.ops.aten, _convert_weight_to_int4pack=convert, _weight_int4pack_mm=int4_product)),
    _scaled_mm=scaled_mm,
    _fused_sdp_choice=lambda *_, **__: next(iter(ALLOWED.values())),
)


class Session(session.Session):
    """A session of the stand-in."""

    def __init__(self, _, *others):
        super().__init__(TORCH, *others)

    def normal(self, *shape, **options):
        # Of the ceilings' gigabyte a part will do.
        return super().normal(*(min(size, 2**20) for size in shape), **options)


if __name__ == "__main__":
    session.Session = Session
    # Groups of 128 need whole ones.
    shapes.SHAPES["tiny"] = dataclasses.replace(shapes.SHAPES["tiny"], intermediate=768, vocabulary=512)
    sys.exit(torch_peers.main())
