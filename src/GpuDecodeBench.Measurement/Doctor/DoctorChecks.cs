using GpuDecodeBench.Measurement.Doctor.Checks;

namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>All checks, in the order in which they are shown.</summary>
public static class DoctorChecks
{
    /// <summary>The checks.</summary>
    public static IReadOnlyList<IDoctorCheck> All { get; } =
    [
        new IdentityCheck(),
        new PartitionCheck(),
        new MemoryPatternCheck(),
        new ReadBandwidthCheck(),
        new CpuBandwidthCheck(),
        new CacheSizeCheck(),
        new ComputeRateCheck(),
        new MatrixRateCheck(),
        new ContentionCheck(),
        new ProcessesCheck(),
        new CpuQuotaCheck(),
        new CpuStealCheck(),
        new CpuOthersCheck(),
        new LoadSteadyCheck(),
        new ThrottlingCheck(),
        new TemperatureCheck(),
        new MemoryTemperatureCheck(),
        new CpuFrequencyCheck(),
        new PowerLimitCheck(),
        new ApplicationClocksCheck(),
        new EccCheck(),
        new MemoryRowsCheck(),
        new PcieLinkCheck(),
        new PcieBandwidthCheck(),
        new LinksCheck(),
        new ModeCheck(),
        new DriverCheck(),
        new HugePagesCheck(),
        new HostClockCheck(),
    ];
}
