using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>The CPU as a device.</summary>
internal sealed class CpuDevice : IDecodeDevice
{
    private readonly CpuTeam _team;
    private readonly IHostInformation _host;

    public CpuDevice(DeviceDescription description, IHostInformation host)
    {
        Description = description;
        _host = host;
        _team = new CpuTeam(description.Threads ?? 1);
    }

    public DeviceDescription Description { get; }

    public ActivationFormat Activations => ActivationFormat.Fp32;

    public long? AvailableBytes => _host.AvailableMemoryBytes;

    public DeviceCeilings MeasureCeilings(TimeSpan limit, CancellationToken cancellation) =>
        new CpuCeilings(_team, Description.LastLevelCacheBytes, AvailableBytes).Measure(limit, cancellation);

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
                $"The CPU backend runs on one device; tensor-parallel degree {plan.Conditions.TensorParallel} can only be predicted."
            );
        }

        return CpuModel.Load(_team, plan, seed, progress, cancellation);
    }

    public void Dispose() => _team.Dispose();
}
