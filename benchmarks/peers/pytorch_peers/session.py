"""What all peers of one run share: PyTorch, the device, its clock and ceilings, the random numbers, and the time that is left."""

import datetime
import gc
import math
import time

from . import machine
from .failures import Unavailable
from .record import figure, unavailable
from .timing import CpuClock, CudaClock, measure

CACHE_UNLESS_TOLD = 128 * 2**20
"""Where the device does not tell its cache, working sets are made for one this large; the record says cacheUnknown."""

SHORTEST_POINT_SECONDS = 0.3


class Session:
    """One run of the program."""

    def __init__(self, torch, gpu_index, out, deadline, seed, command):
        """gpu_index is None for the CPU; deadline is one of time.monotonic()."""
        on_gpu = gpu_index is not None
        if on_gpu and gpu_index >= (torch.cuda.device_count() if torch.cuda.is_available() else 0):
            raise Unavailable(f"PyTorch {torch.__version__} finds no device cuda:{gpu_index} here.")
        if on_gpu:
            torch.cuda.set_device(gpu_index)
        else:
            # As many as the program uses, whatever this build of PyTorch would take by itself.
            torch.set_num_threads(machine.usable_processors())
        self.torch = torch
        self.on_gpu = on_gpu
        self.where = torch.device(f"cuda:{gpu_index}" if on_gpu else "cpu")
        self.out = out
        self.seed = seed
        self.command = command
        self.deadline = deadline
        self.clock = CudaClock(torch) if on_gpu else CpuClock()
        self.environment = machine.environment(torch, on_gpu)
        self.device = machine.device(torch, gpu_index)
        self.generator = torch.Generator(device=self.where).manual_seed(seed)
        self.cold_bytes = 4 * (self.device["lastLevelCacheBytes"] or CACHE_UNLESS_TOLD)
        self.refused = False
        self.written = False
        self._peer_deadline = self.deadline
        self.ceilings = self._measure_ceilings()

    @staticmethod
    def now():
        return datetime.datetime.now(datetime.timezone.utc).isoformat()

    @property
    def seconds_left(self):
        return self.deadline - time.monotonic()

    def begin_peer(self, seconds):
        """Gives the next part so much of the time."""
        self._peer_deadline = time.monotonic() + seconds

    def share_of_peer(self, points):
        """An equal part of what the current peer has left, for the first of so many points."""
        return max(SHORTEST_POINT_SECONDS, (self._peer_deadline - time.monotonic()) / max(1, points))

    def normal(self, *shape, dtype, scale=1.0):
        """Gaussian numbers, made on the device."""
        numbers = self.torch.randn(*shape, generator=self.generator, device=self.where, dtype=self.torch.float32)
        return numbers.mul_(scale).to(dtype)

    def integers(self, high, *shape, dtype):
        """Whole numbers from 0 to high - 1, evenly."""
        return self.torch.randint(0, high, shape, generator=self.generator, device=self.where, dtype=dtype)

    def copies(self, bytes_each, most, least=2):
        """How many distinct weights or caches are read before the first one's turn comes again, so that no cache has kept it."""
        wanted = max(least, math.ceil(self.cold_bytes / bytes_each))
        return min(most, wanted)

    def require_memory(self, needed_bytes):
        """Refuses what would not fit."""
        if self.on_gpu:
            free = self.torch.cuda.mem_get_info()[0]
        else:
            free = self.environment["memoryAvailableBytes"] or math.inf
        if needed_bytes > 0.9 * free:
            raise Unavailable(f"{needed_bytes / 1e9:.1f} GB are needed and {free / 1e9:.1f} GB are free.")

    def allocated_bytes(self, planned_bytes):
        """What PyTorch has allocated on the GPU; on a CPU it does not tell, and the tensors' bytes stand for it."""
        return self.torch.cuda.memory_allocated() if self.on_gpu else planned_bytes

    def refuse(self, record, what, check):
        """A configuration whose results are wrong: it is not timed, and the record says so."""
        self.refused = True
        record.notes.append(f"{what}: not timed, because its check failed ({'; '.join(check.failures)}).")
        record.write()
        print(f"{record.name}: {record.notes[-1]}", flush=True)

    def describe(self):
        """The device and what it was seen to read."""
        read = self.ceilings["readBytesPerSecond"]
        print(f"{self.environment['runtime']} on {self.device['name']}; {read['value'] / 1e9:.1f} GB/s by {read['method']}")
        print(f"{'peer and model':<44} {'weights':<8} {'batch':>5} {'context':>7} {'operation':<14} {'time/us':>10} {'GB/s':>8}")

    def show(self, record, shown):
        """Prints the points that are new; shown counts them by record."""
        for point in record.points[shown.get(record.name, 0) :]:
            self.written = True
            rows = [(o["name"], o["seconds"] / o["count"], o, o["count"]) for o in point["operations"]]
            if not rows:
                rows = [("step", point["stepSeconds"]["median"], point, 1)]
            for name, seconds, counted, count in rows:
                rate = (counted["weightReadBytes"] + counted["kvReadBytes"]) / count / seconds
                print(
                    f"{record.name:<44} {point['weights']:<8} {point['batch']:>5} {point['context']:>7} {name:<14} "
                    f"{seconds * 1e6:>10.2f} {rate / 1e9:>8.1f}",
                    flush=True,
                )
        if not shown.get(record.name) and not record.points:
            print(f"{record.name}: {record.notes[-1]}", flush=True)
        shown[record.name] = len(record.points)

    def release(self):
        """Gives memory that is no longer used back to the device. A model knows its own parts, so cycles are collected."""
        gc.collect()
        if self.on_gpu:
            self.torch.cuda.empty_cache()

    def _measure_ceilings(self):
        """The plainest work that reads, copies or writes: PyTorch's own sum, copy and fill. The best of the samples counts."""
        torch = self.torch
        elements = (2**30 if self.on_gpu else min(self.cold_bytes, 2**28)) // 4
        source = self.normal(elements, dtype=torch.float32)
        target = torch.empty_like(source)
        total = torch.empty((), dtype=torch.float32, device=self.where)
        size = elements * 4

        def rate(work, moved, method):
            prepared = self.clock.prepare(work)
            samples, _ = measure(lambda: self.clock.sample(prepared), 0.3)
            return figure(moved / min(samples), f"{method} over {size / 1e9:.2f} GB, the best of {len(samples)}")

        ceilings = {
            "readBytesPerSecond": rate(lambda: torch.sum(source, dim=0, out=total), size, "torch.sum of float32 numbers"),
            "copyBytesPerSecond": rate(lambda: target.copy_(source), 2 * size, "copy_ of float32 numbers, read and written"),
            "writeBytesPerSecond": rate(lambda: target.fill_(1.0), size, "fill_ of float32 numbers"),
            "flopsPerSecond": {"provenance": unavailable("notMeasured", "the peer measures no arithmetic alone")},
        }
        del source, target
        self.release()
        return ceilings
