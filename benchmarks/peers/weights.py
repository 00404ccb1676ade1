"""The weights of a checkpoint, read anew whenever they are needed: a model need not fit into memory."""

import numpy

BLOCK_ROWS = 4096


class Weights:
    """Tensors by their names, and products with them."""

    def __init__(self, file):
        self._file = file
        self._known = set()

    def read(self, name, *shape, index=None):
        """A tensor of this shape, or one entry of its first dimension, in float64."""
        self._known.add(name)
        return self._file.read(name, shape, index).astype(numpy.float64)

    def knows(self, name):
        """Says that a tensor belongs to the model although no step may read it: that of an expert that no token chooses."""
        self._known.add(name)

    def unused(self):
        """Tensors of the file that belong to no part of the model."""
        return self._file.names() - self._known

    def linear(self, x, name, rows, columns, bias=False):
        """x times the transposed matrix name.weight, rows x columns, plus name.bias where there is one."""
        product = self.product(x, name + ".weight", rows, columns)
        return product + self.read(name + ".bias", rows) if bias else product

    def product(self, x, name, rows, columns):
        """x times a transposed matrix."""
        # In float64, but never with a whole matrix in it: the LM head of a large vocabulary would take gigabytes.
        self._known.add(name)
        weight = self._file.read(name, (rows, columns))
        blocks = (weight[first : first + BLOCK_ROWS].astype(numpy.float64) for first in range(0, rows, BLOCK_ROWS))
        return numpy.concatenate([x @ block.T for block in blocks], axis=-1)
