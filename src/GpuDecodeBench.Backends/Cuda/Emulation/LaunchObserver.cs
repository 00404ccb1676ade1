using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Ptx;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>Told what a launch did.</summary>
internal delegate void LaunchObserver(string kernel, CudaDim3 grid, CudaDim3 block, LaunchCounters counters);
