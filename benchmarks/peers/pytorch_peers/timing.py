"""Clocks and the rule when to stop.

On a GPU the work is captured in a CUDA graph and events are recorded around its replays. One replay goes ahead of the first event, so
that the device is busy when the launch arrives and the launch itself is not timed. Single operations are timed as the program times its own:
launched one by one, with an event between each and the next, behind a kernel that waits until all of them are queued. On a CPU it is the
monotonic clock around the call.
"""

import gc
import time

from .failures import Unavailable
from .order_statistics import SMALLEST_COUNT, median_interval

GOAL = 0.01
"""The median's interval over the median at which sampling stops, as in the program's quick preset."""

LONGEST_SECONDS = 5
"""The quick preset's, too."""

WARM_SECONDS = 0.15
"""So long the device works before the first sample, or a quarter of the time where that is less: a GPU that waited for the host has low clocks."""

LONGEST_WAIT_CYCLES = 2**27
"""Some 70 ms."""

MOST_SAMPLES = 2000
CONVERGED, TIME_LIMIT = "converged", "timeLimit"


class CpuClock:
    """Calls of the work, as they are."""

    name = "monotonic clock around the call"

    def prepare(self, work):
        """The work as it is timed: once run, so that nothing of the first call is left."""
        work()
        return work

    def sample(self, work):
        begun = time.perf_counter()
        work()
        return time.perf_counter() - begun

    def sample_apart(self, calls):
        """Seconds of all calls together."""

        def work():
            for call in calls:
                call()

        return self.sample(work)


class CudaClock:
    """Replays of the captured work."""

    name = "CUDA events around replays of a captured graph"

    def __init__(self, torch):
        self._torch = torch
        self._begin = torch.cuda.Event(enable_timing=True)
        self._end = torch.cuda.Event(enable_timing=True)
        self._between = []
        self._wait_cycles = 2**20

    def prepare(self, work):
        """The captured work's replay. Three calls on another stream come first, as capturing needs it."""
        torch = self._torch
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                work()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        # Were another graph collected meanwhile, the capture would fail (https://github.com/pytorch/pytorch/pull/161037).
        gc.disable()
        try:
            with torch.cuda.graph(graph):
                work()
        except RuntimeError as error:
            raise Unavailable(f"the work cannot be captured in a CUDA graph ({one_line(error)}).") from error
        finally:
            gc.enable()
        graph.replay()
        torch.cuda.synchronize()
        return graph.replay

    def sample(self, replay):
        replay()
        self._begin.record()
        replay()
        self._end.record()
        self._end.synchronize()
        return self._begin.elapsed_time(self._end) / 1e3

    def sample_apart(self, calls):
        """Seconds of all calls together, each between two events."""
        torch = self._torch
        while len(self._between) <= len(calls):
            self._between.append(torch.cuda.Event(enable_timing=True))
        events = self._between[: len(calls) + 1]
        while True:
            torch.cuda._sleep(self._wait_cycles)
            self._begin.record()
            events[0].record()
            for call, after in zip(calls, events[1:]):
                call()
                after.record()
            queued_in_time = not self._begin.query()
            events[-1].synchronize()
            if queued_in_time or self._wait_cycles >= LONGEST_WAIT_CYCLES:
                return sum(before.elapsed_time(after) for before, after in zip(events, events[1:])) / 1e3
            # The host was slower than the wait, so some of the time was its own.
            self._wait_cycles *= 2


def measure(sample, seconds):
    """Samples, in seconds, of what sample() times, and why sampling stopped; never fewer than have an interval."""
    begun = time.monotonic()
    deadline = begun + min(seconds, LONGEST_SECONDS)
    samples = []
    for warm_up in range(MOST_SAMPLES):
        sample()
        if warm_up > 0 and time.monotonic() >= begun + min(WARM_SECONDS, seconds / 4):
            break
    while True:
        samples.append(sample())
        if len(samples) < SMALLEST_COUNT:
            continue
        if len(samples) >= 20 and len(samples) % 10 == 0:
            median, low, high = median_interval(samples)
            if high - low <= GOAL * median:
                return samples, CONVERGED
        if time.monotonic() >= deadline or len(samples) >= MOST_SAMPLES:
            return samples, TIME_LIMIT


def one_line(error):
    """An error's text as it may stand in a sentence."""
    text = " ".join(str(error).split()).rstrip(".")
    return text if len(text) <= 200 else text[:197] + "..."
