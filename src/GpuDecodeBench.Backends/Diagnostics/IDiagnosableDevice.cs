namespace GpuDecodeBench.Backends.Diagnostics;

/// <summary>
/// A device that can be examined: not how fast it decodes, but whether it is what it says, and healthy. Everything that is
/// allocated is freed before a method returns. An emulated device does the same with tiny sizes.
/// </summary>
public interface IDiagnosableDevice
{
    /// <summary>What the driver says of the device.</summary>
    DeviceFacts ReadFacts();

    /// <summary>Fills memory with words that tell where they belong, then reads all of it back; twice, the second time inverted.</summary>
    /// <param name="request">How much and how long.</param>
    /// <param name="progress">Receives the share that is done, from 0 to 1.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="DeviceUnavailableException">No memory at all is to be had.</exception>
    MemoryTestResult TestMemory(MemoryTestRequest request, IProgress<double>? progress, CancellationToken cancellation);

    /// <summary>Reads working sets from 1 MiB to well beyond any cache, each again and again, in ascending order.</summary>
    /// <param name="limit">The time that it may take; larger sets are left out where it does not suffice.</param>
    /// <param name="cancellation">Ends it early.</param>
    IReadOnlyList<WorkingSetRate> SweepReads(TimeSpan limit, CancellationToken cancellation);

    /// <summary>
    /// Copies between host and device, page-locked and not, both ways. Empty where the device's memory is the host's; page-locked
    /// rates are missing where the system gives no such memory.
    /// </summary>
    /// <param name="limit">The time that it may take.</param>
    /// <param name="cancellation">Ends it early.</param>
    IReadOnlyList<HostCopyRate> CopyHostMemory(TimeSpan limit, CancellationToken cancellation);

    /// <summary>
    /// Runs the same short piece of work, some 100 µs of arithmetic that needs no memory, again and again: alone on a device each
    /// takes as long as the one before it.
    /// </summary>
    /// <param name="count">How often.</param>
    /// <param name="limit">The time that it may take.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <returns>Seconds of each, in order.</returns>
    IReadOnlyList<double> TimeShortKernels(int count, TimeSpan limit, CancellationToken cancellation);

    /// <summary>Keeps the device busy for a time.</summary>
    /// <param name="kind">With what.</param>
    /// <param name="duration">How long.</param>
    /// <param name="whileBusy">
    /// Called about ten times a second with the seconds since the load began, while work is under way where the device allows that,
    /// else right after it.
    /// </param>
    /// <param name="cancellation">Ends it early.</param>
    IReadOnlyList<LoadBatch> RunLoad(
        LoadKind kind,
        TimeSpan duration,
        Action<double> whileBusy,
        CancellationToken cancellation
    );
}
