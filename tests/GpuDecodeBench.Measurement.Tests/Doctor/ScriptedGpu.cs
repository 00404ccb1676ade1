using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Diagnostics;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Tests.Doctor;

/// <summary>A healthy H200 by what it answers, which keeps a log of what it was asked.</summary>
internal sealed class ScriptedGpu : IDecodeDevice, IDiagnosableDevice
{
    public List<string> Log { get; } = [];

    /// <summary>Called before each piece of work, with its name.</summary>
    public Action<string>? Before { get; init; }

    /// <summary>The piece of work at which the device fails.</summary>
    public string? FailsAt { get; init; }

    public bool IsEmulated { get; init; }

    public DeviceDescription Description =>
        new()
        {
            Id = "scripted:0",
            Name = "NVIDIA H200",
            Backend = "scripted",
            IsForMeasuring = !IsEmulated,
        };

    public ActivationFormat Activations => ActivationFormat.Bf16;

    public long? AvailableBytes => SyntheticFacts.HealthyH200.Device.FreeBytes;

    public DeviceCeilings MeasureCeilings(TimeSpan limit, CancellationToken cancellation)
    {
        Begin("ceilings");
        return SyntheticFacts.HealthyH200.Ceilings!;
    }

    public double? ReadOnceBytesPerSecond() => null;

    public IDeviceModel LoadModel(
        DecodeStepPlan plan,
        ulong seed,
        IProgress<double>? progress,
        CancellationToken cancellation
    ) => throw new NotSupportedException();

    public DeviceFacts ReadFacts() => SyntheticFacts.HealthyH200.Device with { IsEmulated = IsEmulated };

    public MemoryTestResult TestMemory(
        MemoryTestRequest request,
        IProgress<double>? progress,
        CancellationToken cancellation
    )
    {
        Begin("memory");
        return SyntheticFacts.HealthyH200.Memory!;
    }

    public IReadOnlyList<WorkingSetRate> SweepReads(TimeSpan limit, CancellationToken cancellation)
    {
        Begin("sweep");
        return SyntheticFacts.HealthyH200.Sweep!;
    }

    public IReadOnlyList<HostCopyRate> CopyHostMemory(TimeSpan limit, CancellationToken cancellation)
    {
        Begin("copies");
        return SyntheticFacts.HealthyH200.Copies!;
    }

    public IReadOnlyList<double> TimeShortKernels(int count, TimeSpan limit, CancellationToken cancellation)
    {
        Begin("short");
        return SyntheticFacts.HealthyH200.ShortKernelSeconds!;
    }

    public IReadOnlyList<LoadBatch> RunLoad(
        LoadKind kind,
        TimeSpan duration,
        Action<double> whileBusy,
        CancellationToken cancellation
    )
    {
        Begin($"load {kind}");
        IReadOnlyList<LoadBatch> batches = SyntheticFacts.Steady(kind == LoadKind.Memory ? 4.4e12 : 60e12);
        foreach (LoadBatch batch in batches)
        {
            whileBusy(batch.StartSeconds);
        }

        return batches;
    }

    public void Dispose() { }

    private void Begin(string what)
    {
        Log.Add(what);
        Before?.Invoke(what);
        if (what == FailsAt)
        {
            throw new DeviceFaultException("an illegal address");
        }
    }
}
