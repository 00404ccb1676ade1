namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>What a device's management library says of it beside its sensors. A reading that nobody filled says <c>notAsked</c>.</summary>
public sealed record DeviceState
{
    /// <summary>The device's name.</summary>
    public Reading<string> Name { get; init; }

    /// <summary>Its unique identity, as the maker's tools print it.</summary>
    public Reading<string> Uuid { get; init; }

    /// <summary>Its place on the PCI bus: domain:bus:device.function.</summary>
    public Reading<string> PciBusId { get; init; }

    /// <summary>The driver's version.</summary>
    public Reading<string> DriverVersion { get; init; }

    /// <summary>The newest CUDA (or ROCm) version that the driver supports.</summary>
    public Reading<string> RuntimeVersion { get; init; }

    /// <summary>Memory in all, in bytes.</summary>
    public Reading<long> MemoryTotalBytes { get; init; }

    /// <summary>Memory in use, in bytes.</summary>
    public Reading<long> MemoryUsedBytes { get; init; }

    /// <summary>The width of the memory bus, in bits.</summary>
    public Reading<int> MemoryBusWidthBits { get; init; }

    /// <summary>Power limits.</summary>
    public PowerLimitState PowerLimits { get; init; } = new();

    /// <summary>Clocks.</summary>
    public ClockState Clocks { get; init; } = new();

    /// <summary>Temperatures at which the device slows down or stops.</summary>
    public ThermalState Thermal { get; init; } = new();

    /// <summary>What others took of the processors' time; of CPUs only.</summary>
    public CpuTimeState? CpuTime { get; init; }

    /// <summary>Memory errors.</summary>
    public MemoryErrorState MemoryErrors { get; init; } = new();

    /// <summary>The connection to the host.</summary>
    public PcieState Pcie { get; init; } = new();

    /// <summary>Links to other devices (NVLink, xGMI), one entry a link.</summary>
    public Reading<IReadOnlyList<LinkState>> Links { get; init; }

    /// <summary>Whether the device is cut into instances (MIG), or is one of them.</summary>
    public Reading<bool> IsPartitioned { get; init; }

    /// <summary>Whether the driver stays loaded without users.</summary>
    public Reading<bool> Persistence { get; init; }

    /// <summary>Who may compute: <c>default</c>, <c>exclusiveProcess</c>, <c>prohibited</c>.</summary>
    public Reading<string> ComputeMode { get; init; }

    /// <summary>The processes on the device, this one among them where the library can see it.</summary>
    public Reading<IReadOnlyList<ProcessState>> Processes { get; init; }
}
