"""What the peer runs on, for its record: what Linux and PyTorch tell, and nothing that is not known."""

import glob
import os
import platform
import re

ARCHITECTURES = {"x86_64": "X64", "aarch64": "Arm64"}


def _read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def _kibibytes(text, name):
    found = re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else None


def cpu_name():
    """The processor as Linux names it; the program's own records have the same name."""
    found = re.search(r"^model name\s*:\s*(.+)$", _read("/proc/cpuinfo"), re.MULTILINE)
    return found[1].strip() if found else None


def caches():
    """The first processor's data and unified caches."""
    found = []
    for folder in sorted(glob.glob("/sys/devices/system/cpu/cpu0/cache/index*")):
        kind = _read(f"{folder}/type").strip()
        size = re.fullmatch(r"(\d+)K", _read(f"{folder}/size").strip())
        if kind in ("Data", "Unified") and size:
            sharing = _processors(_read(f"{folder}/shared_cpu_list"))
            found.append(
                {
                    "level": int(_read(f"{folder}/level")),
                    "type": kind,
                    "sizeBytes": int(size[1]) * 1024,
                    "instances": max(1, (os.cpu_count() or 1) // max(1, sharing)),
                }
            )
    return found


def _processors(text):
    """How many a list such as 0-3,8 names."""
    count = 0
    for part in filter(None, text.strip().split(",")):
        first, _, last = part.partition("-")
        count += int(last or first) - int(first) + 1
    return count


def usable_processors():
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _system():
    found = re.search(r'^PRETTY_NAME="?([^"\n]+)', _read("/etc/os-release"), re.MULTILINE)
    return found[1] if found else platform.system()


def environment(torch, on_gpu):
    """A record's environment; the software stands where .NET stands in the program's own."""
    memory = _read("/proc/meminfo")
    cuda = f", CUDA {torch.version.cuda}" if torch.version.cuda else ""
    driver = re.search(r"Module.*?\s(\d+\.\d+(\.\d+)?)\s", _read("/proc/driver/nvidia/version"))
    return {
        "operatingSystem": _system(),
        "kernel": platform.release(),
        "runtime": f"Python {platform.python_version()}, PyTorch {torch.__version__}{cuda}",
        "architecture": ARCHITECTURES.get(platform.machine(), platform.machine()),
        "cpuModel": cpu_name(),
        "cpuLogicalCores": os.cpu_count(),
        "cpuUsableCores": usable_processors(),
        "cpuThreadsUsed": None if on_gpu else torch.get_num_threads(),
        "cpuFeatures": [],
        "caches": caches(),
        "memoryTotalBytes": _kibibytes(memory, "MemTotal"),
        "memoryAvailableBytes": _kibibytes(memory, "MemAvailable"),
        "driver": driver[1] if on_gpu and driver else None,
    }


def device(torch, gpu_index):
    """A record's device. Names and backends are the program's own, so that both records say the same of one device."""
    if gpu_index is None:
        levels = caches()
        return {
            "id": "cpu",
            "name": cpu_name() or platform.processor() or "CPU",
            "backend": "cpu",
            "detail": None,
            "memoryBytes": _kibibytes(_read("/proc/meminfo"), "MemTotal"),
            "lastLevelCacheBytes": max((cache["sizeBytes"] * cache["instances"] for cache in levels), default=None),
        }
    properties = torch.cuda.get_device_properties(gpu_index)
    return {
        "id": f"cuda:{gpu_index}",
        "name": properties.name,
        "backend": "cuda",
        "detail": f"compute capability {properties.major}.{properties.minor}, {properties.multi_processor_count} multiprocessors",
        "memoryBytes": properties.total_memory,
        # The name has been capitalised in both ways.
        "lastLevelCacheBytes": getattr(properties, "L2_cache_size", None) or getattr(properties, "l2_cache_size", None),
    }
