using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>The CPU as a device.</summary>
internal sealed partial class CpuDevice : IDecodeDevice
{
    private readonly CpuTeam _team;
    private readonly CpuKernels _kernels;
    private readonly CpuTensorStore _store;
    private readonly IHostInformation _host;
    private CpuCeilings? _ceilings;

    public CpuDevice(DeviceDescription description, IHostInformation host, CpuKernels kernels)
    {
        Description = description;
        _host = host;
        _kernels = kernels;
        _team = new CpuTeam(description.Threads ?? 1);
        _store = new CpuTensorStore(_team);
    }

    public DeviceDescription Description { get; }

    public ActivationFormat Activations => ActivationFormat.Fp32;

    public long? AvailableBytes => _host.AvailableMemoryBytes;

    public DeviceCeilings MeasureCeilings(TimeSpan limit, CancellationToken cancellation)
    {
        _ceilings ??= new CpuCeilings(_team, _kernels, Description.LastLevelCacheBytes, AvailableBytes);
        return _ceilings.Measure(limit, cancellation);
    }

    public double? ReadOnceBytesPerSecond() => _ceilings?.ReadOnce(_store.LargestMatrix);

    public IReadOnlyList<double>? ReadThreadWaitSeconds() => _team.ReadWaitSeconds();

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

        return CpuModel.Load(_team, _kernels, _store, plan, seed, progress, cancellation);
    }

    public void Dispose()
    {
        _ceilings?.Dispose();
        _team.Dispose();
    }
}
