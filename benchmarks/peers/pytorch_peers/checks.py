"""A peer's results against a reference in float64, before anything is timed."""

import math


class Check:
    """Relative L2 errors with their bounds. What is not finite never passes."""

    def __init__(self):
        self._worst = None
        self._count = 0
        self.failures = []

    @property
    def passed(self):
        return self._count > 0 and not self.failures

    def add(self, name, result, reference, bound):
        """Both are tensors of one shape; the reference is what the result should be."""
        self._count += 1
        error = relative_error(result, reference)
        if not error <= bound:
            self.failures.append(f"{name}: relative error {error:.2g} is above {bound:.2g}")
        # An error that is not a number is the worst of all.
        rank = math.inf if math.isnan(error) else error / bound
        if self._worst is None or rank > self._worst[0]:
            self._worst = rank, name, error, bound

    def record(self):
        """A record's verification."""
        _, name, error, bound = self._worst
        return {
            "passed": self.passed,
            "checkedOperations": self._count,
            "worst": name,
            "worstRelativeError": error if math.isfinite(error) else None,
            "bound": bound,
        }


def relative_error(result, reference):
    """The L2 norm of the difference over the reference's; NaN where anything is not finite or the reference is zero."""
    result, reference = result.double(), reference.double()
    if result.shape != reference.shape:
        return math.nan
    norm = reference.norm().item()
    error = (result - reference).norm().item()
    return error / norm if math.isfinite(norm) and math.isfinite(error) and norm > 0 else math.nan
