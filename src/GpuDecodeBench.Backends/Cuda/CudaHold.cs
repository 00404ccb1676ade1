using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// Keeps a stream busy for a moment, so that what is given to it next is there in full before it begins: no time between pieces of
/// work is the host's.
/// </summary>
internal static class CudaHold
{
    /// <summary>What a host takes to begin with anything, and to launch a graph of one kernel, generously.</summary>
    private const ulong BaseNanoseconds = 50_000;

    /// <summary>What each kernel of a graph adds to launching it, generously.</summary>
    private const ulong NodeNanoseconds = 500;

    /// <summary>What a host takes to launch one kernel and record one event, generously.</summary>
    private const ulong LaunchNanoseconds = 10_000;

    /// <summary>How long a stream is held for a graph, in nanoseconds.</summary>
    /// <param name="kernels">The graph's kernels.</param>
    public static ulong ForGraph(int kernels) => BaseNanoseconds + (NodeNanoseconds * (ulong)kernels);

    /// <summary>How long a stream is held for kernels that are launched, and events that are recorded, one by one, in nanoseconds.</summary>
    /// <param name="launches">Kernels, and events among them.</param>
    public static ulong ForLaunches(int launches) => BaseNanoseconds + (LaunchNanoseconds * (ulong)launches);

    /// <summary>Holds a stream back while work is given to it.</summary>
    /// <param name="device">The device; one that only proves results is not held back.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="nanoseconds">How long.</param>
    public static void Launch(CudaDevice device, CudaStream stream, ulong nanoseconds)
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
        stream.Launch(launch, new WaitArguments { Nanoseconds = nanoseconds }, "waiting");
    }
}
