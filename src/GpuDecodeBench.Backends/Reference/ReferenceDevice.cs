using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Reference;

/// <summary>The reference's device: one thread of the host, plain loops in double precision.</summary>
public sealed class ReferenceDevice : IDecodeDevice
{
    internal static DeviceDescription TheDescription { get; } =
        new()
        {
            Id = ReferenceBackend.BackendName,
            Name = "double-precision reference",
            Backend = ReferenceBackend.BackendName,
            Threads = 1,
            Detail = "proves results; far too slow to measure",
            IsForMeasuring = false,
        };

    /// <inheritdoc />
    public DeviceDescription Description => TheDescription;

    /// <inheritdoc />
    public ActivationFormat Activations => ActivationFormat.Fp32;

    /// <inheritdoc />
    public long? AvailableBytes => null;

    /// <inheritdoc />
    public DeviceCeilings MeasureCeilings(TimeSpan limit, CancellationToken cancellation) => new();

    /// <inheritdoc />
    public double? ReadOnceBytesPerSecond() => null;

    /// <inheritdoc />
    public IDeviceModel LoadModel(
        DecodeStepPlan plan,
        ulong seed,
        IProgress<double>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Conditions.TensorParallel != 1)
        {
            throw new DeviceUnavailableException(
                $"The reference runs on one device; tensor-parallel degree {plan.Conditions.TensorParallel} can only be predicted."
            );
        }

        return new ReferenceModel(seed);
    }

    /// <inheritdoc />
    public void Dispose() { }

    private sealed class ReferenceModel(ulong seed) : IDeviceModel
    {
        // Weights are made anew from the seed whenever they are needed.
        public long AllocatedBytes => 0;

        public ulong Seed => seed;

        public IDecodeSession OpenSession(DecodeStepPlan plan, StepInputs inputs, CancellationToken cancellation)
        {
            inputs.RequireFit(plan);
            return new ReferenceSession(plan, seed, inputs);
        }

        public void Dispose() { }
    }
}
