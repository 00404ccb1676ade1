using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Ptx;

namespace GpuDecodeBench.Backends.Tests.Cuda.Ceilings;

/// <summary>What launches on an emulated device did.</summary>
internal sealed record SeenLaunch(string Kernel, CudaDim3 Grid, CudaDim3 Block, LaunchCounters Counters);

/// <summary>An emulated device whose launches are kept.</summary>
internal sealed class EmulatedCeilings : IDisposable
{
    public EmulatedCeilings(int architecture)
    {
        Device = (CudaDevice)new EmulatorBackend(architecture).Open(EmulatorBackend.BackendName);
        Device.Machine!.OnLaunch += (kernel, grid, block, counters) =>
            Launches.Add(new SeenLaunch(kernel, grid, block, counters));
    }

    public CudaDevice Device { get; }

    public List<SeenLaunch> Launches { get; } = [];

    public void Dispose() => Device.Dispose();
}
