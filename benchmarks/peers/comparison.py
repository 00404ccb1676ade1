"""Compares another implementation's logits with a dump's, step by step, and prints the table."""

import numpy

# The largest relative L2 error of a step's logits that passes, by the format in which the device keeps activations;
# numpy_check.py says why.
BOUNDS = {"fp32": 2e-5}


class Comparison:
    """Collects one row a step."""

    def __init__(self, bound):
        self._bound = bound
        self._failed = 0
        self._steps = 0
        print(f"{'step':>4}  {'relative L2 error':>17}  {'bound':>8}  {'argmax':>6}  verdict")

    def add(self, step, ours, theirs, chosen):
        """Compares a step.

        ours: the dump's logits, batch x vocabulary; theirs: the other implementation's; chosen: the dump's next tokens.
        The error is the worst sequence's Euclidean norm of the difference over that of the other's logits. The other's argmax
        must be the dump's token, unless the other itself sees the two logits nearer to each other than its error.
        """
        ours = ours.astype(numpy.float64)
        theirs = theirs.astype(numpy.float64)
        difference = numpy.linalg.norm(ours - theirs, axis=-1)
        norm = numpy.linalg.norm(theirs, axis=-1)
        error = float((difference / norm).max())
        best = theirs.argmax(axis=-1)
        rows = numpy.arange(len(chosen))
        lead = theirs[rows, best] - theirs[rows, chosen]
        spread = 2 * numpy.abs(ours - theirs).max(axis=-1)
        same = best == chosen
        tied = ~same & (lead <= spread)
        argmax = "same" if same.all() else "tied" if (same | tied).all() else "OTHER"
        ok = numpy.isfinite(error) and error <= self._bound and argmax != "OTHER"
        self._failed += not ok
        self._steps += 1
        print(f"{step:>4}  {error:>17.3e}  {self._bound:>8.0e}  {argmax:>6}  {'ok' if ok else 'FAIL'}")

    def finish(self, wrong):
        """Says how it ended, and what was stored wrongly; the exit code."""
        if wrong:
            print(f"Stored keys, values or latents are wrong in {len(wrong)} places: {wrong[0]}.")
        if self._failed:
            print(f"{self._failed} of {self._steps} steps differ.")
        if wrong or self._failed:
            return 1
        print(f"All {self._steps} steps agree.")
        return 0
