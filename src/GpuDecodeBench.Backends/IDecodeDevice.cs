using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends;

/// <summary>An open device.</summary>
public interface IDecodeDevice : IDisposable
{
    /// <summary>What the device is.</summary>
    DeviceDescription Description { get; }

    /// <summary>The format in which its kernels keep activations.</summary>
    ActivationFormat Activations { get; }

    /// <summary>Memory that could be allocated now, in bytes; null where it is not known.</summary>
    long? AvailableBytes { get; }

    /// <summary>Measures what the device can do at most, with the resources that steps use.</summary>
    /// <param name="limit">The time that it may take, all ceilings together.</param>
    /// <param name="cancellation">Ends it early.</param>
    DeviceCeilings MeasureCeilings(TimeSpan limit, CancellationToken cancellation);

    /// <summary>
    /// Reads once through the ceiling's working set with the kernel that was found best: a few milliseconds, for following the
    /// ceiling while steps are measured. Null before <see cref="MeasureCeilings"/>, and where the device has no ceiling.
    /// </summary>
    /// <returns>Bytes per second of this pass.</returns>
    double? ReadOnceBytesPerSecond();

    /// <summary>
    /// How long each of the threads that steps run on had work and no processor since it began, in seconds. To be called by the thread
    /// that runs steps, between them. Null where steps do not run on the host's processors, or the system does not tell.
    /// </summary>
    IReadOnlyList<double>? ReadThreadWaitSeconds() => null;

    /// <summary>Makes the plan's synthetic weights on the device.</summary>
    /// <param name="plan">The plan whose tensors are wanted.</param>
    /// <param name="seed">The seed of every weight.</param>
    /// <param name="progress">Receives the share that is done, from 0 to 1.</param>
    /// <param name="cancellation">Ends it early; what was allocated is freed.</param>
    /// <exception cref="DeviceUnavailableException">The memory is not to be had.</exception>
    IDeviceModel LoadModel(
        DecodeStepPlan plan,
        ulong seed,
        IProgress<double>? progress,
        CancellationToken cancellation
    );
}
