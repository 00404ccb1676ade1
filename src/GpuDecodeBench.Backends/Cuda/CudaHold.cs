using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// Keeps a stream busy for a moment, so that what is given to it next is there in full before it begins: no time between pieces of
/// work is the host's.
/// </summary>
internal static class CudaHold
{
    /// <summary>Longer than a host takes to launch a graph, and shorter than most steps.</summary>
    private const ulong GraphNanoseconds = 100_000;

    /// <summary>What a host takes to launch one kernel and record one event, generously.</summary>
    private const ulong LaunchNanoseconds = 10_000;

    /// <summary>Holds a stream back while work is given to it.</summary>
    /// <param name="device">The device; one that only proves results is not held back.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="launches">Kernels launched one by one; 0 for a graph.</param>
    public static void Launch(CudaDevice device, CudaStream stream, int launches)
    {
        if (!device.Description.IsForMeasuring)
        {
            return;
        }

        var launch = new CudaLaunch(
            device.Kernels.Get("stream", "wait_nanoseconds"),
            new CudaDim3(1),
            new CudaDim3(1),
            0,
            ProgrammaticDependent: false
        );
        ulong wait = launches == 0 ? GraphNanoseconds : LaunchNanoseconds * (ulong)launches;
        stream.Launch(launch, new WaitArguments { Nanoseconds = wait }, "waiting");
    }
}
