"""Reads safetensors files with numpy alone: eight bytes of header length, a JSON header, then the tensors.

BF16, which numpy does not have, is widened to float32, exactly.
"""

import json
import os

import numpy


class BadInput(Exception):
    """Something given cannot be used; the message is one sentence."""


_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8"}


class SafetensorsFile:
    """The tensors and the metadata of a file. Tensors are read when they are asked for."""

    def __init__(self, path):
        self.path = path
        try:
            size = os.path.getsize(path)
            with open(path, "rb") as file:
                length = int.from_bytes(file.read(8), "little")
                if length > size - 8:
                    raise BadInput(f"{path}: the header has {length} bytes, but the file only {size}.")
                header = json.loads(file.read(length))
        except OSError as error:
            raise BadInput(f"{path}: this file cannot be read ({error.strerror}).") from error
        except ValueError as error:
            raise BadInput(f"{path}: the header is not JSON ({error}).") from error
        self._start = 8 + length
        try:
            self.metadata = header.pop("__metadata__", {})
            self._entries = {
                name: (entry["dtype"], [int(n) for n in entry["shape"]], *map(int, entry["data_offsets"]))
                for name, entry in header.items()
            }
            end = max((entry[3] for entry in self._entries.values()), default=0)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise BadInput(f"{path}: the header is not that of a safetensors file.") from error
        if self._start + end != size:
            raise BadInput(f"{path}: the header describes {self._start + end} bytes, but the file has {size}.")

    def names(self):
        """The names of the tensors."""
        return set(self._entries)

    def read(self, name, shape=None, index=None):
        """A tensor, or one entry of its first dimension; floats as they are (BF16 as float32), of the shape asked for."""
        if name not in self._entries:
            raise BadInput(f"{self.path}: the tensor {name} is missing.")
        dtype, found, begin, end = self._entries[name]
        if dtype not in _TYPES:
            raise BadInput(f"{self.path}: {name} is of type {dtype}; accepted are {', '.join(_TYPES)}.")
        if shape is not None and found != list(shape):
            raise BadInput(f"{self.path}: {name} has the shape {found}, not {list(shape)}.")
        kind = numpy.dtype(_TYPES[dtype])
        count = int(numpy.prod(found, dtype=numpy.int64))
        if begin < 0 or count * kind.itemsize != end - begin:
            raise BadInput(f"{self.path}: {name} has {end - begin} bytes, not {count * kind.itemsize}.")
        if index is not None:
            found = found[1:]
            count = int(numpy.prod(found, dtype=numpy.int64))
            begin += index * count * kind.itemsize
        values = numpy.fromfile(self.path, dtype=kind, count=count, offset=self._start + begin)
        if dtype == "BF16":
            values = (values.astype(numpy.uint32) << 16).view(numpy.float32)
        return values.reshape(found)
