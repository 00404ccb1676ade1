"""Matrices in the formats that PyTorch has a product for. Each format makes random matrices, multiplies, and shows their real values.

The interface: name, activations, bound (on the relative error of a product, with its reason), note, matrix(rows, columns), input(x),
product(matrix, x), dense(matrix, rows) in float64, dense_input(x), and bytes_of(rows, columns).

Never executed so far, because no GPU was there: SixteenBits, Fp8 and Int4 on CUDA. What was tried instead: see benchmarks/README.md.
"""

from .failures import Unavailable
from .shapes import INT4_GROUP
from .timing import one_line


class SixteenBits:
    """torch.nn.functional.linear (cuBLAS on a GPU) in bf16 or fp16."""

    note = "torch.nn.functional.linear; activations in the weights' format"

    def __init__(self, session, name):
        torch = session.torch
        self.name = self.activations = name
        self._session = session
        self._linear = torch.nn.functional.linear
        self.dtype = {"bf16": torch.bfloat16, "fp16": torch.float16}[name]
        # Rounding a result moves it by 2^-9 (bf16) or 2^-12 (fp16) at most; cuBLAS may round partial sums as well.
        self.bound = {"bf16": 1e-2, "fp16": 2e-3}[name]
        try:
            self._linear(self.matrix(8, 128), self.matrix(8, 128))
        except RuntimeError as error:
            raise Unavailable(f"this PyTorch has no linear for {name} on this device ({one_line(error)}).") from error

    def matrix(self, rows, columns):
        return self._session.normal(rows, columns, dtype=self.dtype, scale=columns**-0.5)

    def input(self, x):
        return x.to(self.dtype)

    def dense_input(self, x):
        return x.double()

    def product(self, matrix, x):
        return self._linear(x, matrix)

    def dense(self, matrix, rows=slice(None)):
        return matrix[rows].double()

    def bytes_of(self, rows, columns):
        return rows * columns * 2


class Fp8:
    """torch._scaled_mm: E4M3 codes on both sides, float32 scales a row or a tensor, bf16 out.

    By PyTorch's sources (aten/src/ATen/native/cuda/ScaledBlas.cpp): the first matrix is row-major and the second column-major; its
    sizes and the inner one are multiples of 16; a scale of one element each is tensor-wise, (M, 1) with (1, N) row-wise. The rows of
    the first are padded to 16 here, the size that cuBLASLt's FP8 kernels are made for. Activations are FP8 before the clock starts.
    """

    activations = "fp8"
    # Both sides' codes are taken as they are. What is left is bf16's rounding and, with fast accumulation, sums that Hopper cuts to some 14
    # bits after each 32 columns (arXiv 2412.19437, section 3.3.2): half a bit of the sum each time comes to 1 to 3 % after 28672 columns.
    bound = 5e-2
    name = "fp8"

    def __init__(self, session, row_wise):
        torch = session.torch
        self._session = session
        self._row_wise = row_wise
        kind = "row-wise" if row_wise else "tensor-wise"
        self.note = f"torch._scaled_mm, {kind} scales, fast accumulation; activations already FP8, rows padded to 16"
        if not hasattr(torch, "_scaled_mm") or not hasattr(torch, "float8_e4m3fn"):
            raise Unavailable(f"PyTorch {torch.__version__} has no torch._scaled_mm.")
        self._dtype = torch.float8_e4m3fn
        try:
            matrix, x = self.matrix(128, 128), self.input(session.normal(1, 128, dtype=torch.bfloat16))
            self.product(matrix, x)
        except (RuntimeError, TypeError, ValueError, NotImplementedError) as error:
            raise Unavailable(f"torch._scaled_mm with {kind} scales does not run here ({one_line(error)}).") from error

    def _scales(self, *shape):
        """Different for every row, so that a product which mixes them up fails."""
        numbers = self._session.torch.rand(*shape, generator=self._session.generator, device=self._session.where)
        return 0.5 + numbers

    def matrix(self, rows, columns):
        codes = self._session.normal(rows, columns, dtype=self._session.torch.bfloat16).to(self._dtype)
        scales = self._scales(1, rows) if self._row_wise else self._scales(1, 1)
        return codes, scales * columns**-0.5

    def input(self, x):
        torch = self._session.torch
        padded = torch.zeros(max(16, -(-x.shape[0] // 16) * 16), x.shape[1], dtype=x.dtype, device=x.device)
        padded[: x.shape[0]] = x
        scales = self._scales(padded.shape[0], 1) if self._row_wise else self._scales(1, 1)
        return (padded / scales).to(self._dtype), scales, x.shape[0]

    def dense_input(self, x):
        codes, scales, count = x
        return (codes.float().double() * scales.double())[:count]

    def product(self, matrix, x):
        codes, scales = matrix
        out = self._session.torch._scaled_mm(
            x[0], codes.t(), scale_a=x[1], scale_b=scales, out_dtype=self._session.torch.bfloat16, use_fast_accum=True
        )
        # Before 2.5 a pair was returned.
        return (out[0] if isinstance(out, tuple) else out)[: x[2]]

    def dense(self, matrix, rows=slice(None)):
        codes, scales = matrix
        # FP8 cannot be indexed by a list everywhere; its bytes can.
        dense = codes.view(self._session.torch.uint8)[rows].view(self._dtype).float().double()
        return dense * (scales.t()[rows] if self._row_wise else scales).double()

    def bytes_of(self, rows, columns):
        return rows * columns + 4 * (rows if self._row_wise else 1)


class Int4:
    """The packed product of PyTorch: four bits, groups of 128 with a bf16 scale and a bf16 zero each, bf16 activations.

    A weight is (code - 8) * scale + zero. By PyTorch's sources (aten/src/ATen/native/cuda/int4mm.cu) codes go in as bytes of two, the
    first in the high half, and come out in the order of the tensor cores; scales and zeros are groups x rows x 2. On a CPU the operator
    has another name and takes one code an int32 (2.6 and later).
    """

    activations = "bf16"
    name = "int4"
    note = "aten._weight_int4pack_mm, groups of 128, bf16 scales and zeros (32 bits a group; the plan's int4 has 20)"
    # Weights are rounded to bf16 as they are unpacked, results once more.
    bound = 2e-2
    _INNER_TILES = 8

    def __init__(self, session):
        self._session = session
        ending = "" if session.on_gpu else "_for_cpu"
        names = f"_convert_weight_to_int4pack{ending}", f"_weight_int4pack_mm{ending}"
        operators = session.torch.ops.aten
        if not all(hasattr(operators, name) for name in names):
            raise Unavailable(f"PyTorch {session.torch.__version__} has no aten.{names[1]}.")
        self._pack, self._multiply = (getattr(operators, name) for name in names)
        try:
            self.product(self.matrix(64, 256), session.normal(1, 256, dtype=session.torch.bfloat16))
        except (RuntimeError, NotImplementedError) as error:
            raise Unavailable(f"aten.{names[1]} does not run here ({one_line(error)}).") from error

    def matrix(self, rows, columns):
        """The packed matrix, its scales and zeros, and its codes for the check."""
        torch, session = self._session.torch, self._session
        if columns % INT4_GROUP:
            raise Unavailable(f"a matrix of {columns} columns has no whole groups of {INT4_GROUP}.")
        pairs = session.integers(256, rows, columns // 2, dtype=torch.uint8)
        if session.on_gpu:
            packed = self._pack(pairs, self._INNER_TILES)
        else:
            packed = self._pack(_codes(torch, pairs).int(), self._INNER_TILES)
        # Codes minus 8 have a standard deviation of 4.6.
        size = columns // INT4_GROUP, rows, 1
        scales = session.normal(*size, dtype=torch.float32).abs().add_(0.5).mul_(columns**-0.5 / 6)
        zeros = session.normal(*size, dtype=torch.float32, scale=0.2 * columns**-0.5)
        return packed, torch.cat([scales, zeros], dim=2).to(torch.bfloat16).contiguous(), pairs

    def input(self, x):
        return x.to(self._session.torch.bfloat16)

    def dense_input(self, x):
        return x.double()

    def product(self, matrix, x):
        return self._multiply(x, matrix[0], INT4_GROUP, matrix[1])

    def dense(self, matrix, rows=slice(None)):
        codes = _codes(self._session.torch, matrix[2][rows]).double() - 8
        scales, zeros = (part.t().double().repeat_interleave(INT4_GROUP, dim=1) for part in matrix[1][:, rows].unbind(2))
        return codes * scales + zeros

    def bytes_of(self, rows, columns):
        return rows * columns // 2 + rows * (columns // INT4_GROUP) * 4


def _codes(torch, pairs):
    """Bytes of two codes as single ones, the high half first."""
    return torch.stack([pairs >> 4, pairs & 15], dim=2).flatten(1)
