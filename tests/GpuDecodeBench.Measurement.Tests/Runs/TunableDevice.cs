using GpuDecodeBench.Backends;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Tests.Runs;

/// <summary>A scripted device that a test says the tuning of.</summary>
internal sealed class TunableDevice : IDecodeDevice, ITunableDevice
{
    private readonly ScriptedDevice _inner = new();

    /// <summary>The limit that each session was opened under.</summary>
    public List<TimeSpan> Limits { get; } = [];

    public IReadOnlyList<TuningEntry> Given { get; private set; } = [];

    /// <summary>What opening a session finds.</summary>
    public Func<TunableDevice, TuningReport> Find { get; init; } = device => device.Tuning;

    public TuningReport Tuning { get; private set; } = new([], 0, EndedByLimit: false, []);

    public TimeSpan TuningLimit { get; set; }

    public IList<string> Log => _inner.Log;

    /// <summary>What it runs instead of the program's own kernels.</summary>
    public OtherKernels? OtherKernels { get; init; }

    public DeviceDescription Description => _inner.Description with { OtherKernels = OtherKernels };

    public ActivationFormat Activations => _inner.Activations;

    public long? AvailableBytes => _inner.AvailableBytes;

    public void UseTuning(IReadOnlyList<TuningEntry> entries) => Given = entries;

    public DeviceCeilings MeasureCeilings(TimeSpan limit, CancellationToken cancellation) =>
        _inner.MeasureCeilings(limit, cancellation);

    public double? ReadOnceBytesPerSecond() => _inner.ReadOnceBytesPerSecond();

    public IDeviceModel LoadModel(
        DecodeStepPlan plan,
        ulong seed,
        IProgress<double>? progress,
        CancellationToken cancellation
    ) => new Model(this, _inner.LoadModel(plan, seed, progress, cancellation));

    public void Dispose() => _inner.Dispose();

    private sealed class Model(TunableDevice device, IDeviceModel inner) : IDeviceModel
    {
        public long AllocatedBytes => inner.AllocatedBytes;

        public ulong Seed => inner.Seed;

        public IDecodeSession OpenSession(DecodeStepPlan plan, StepInputs inputs, CancellationToken cancellation)
        {
            device.Limits.Add(device.TuningLimit);
            device.Tuning = device.Find(device);
            return inner.OpenSession(plan, inputs, cancellation);
        }

        public void Dispose() => inner.Dispose();
    }
}
