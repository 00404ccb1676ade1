using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml;

/// <summary>This part: what limits power, clocks and temperature.</summary>
internal static partial class NvmlStateReader
{
    private static PowerLimitState PowerLimits(NvmlDevice device)
    {
        const string Constraints = "nvmlDeviceGetPowerManagementLimitConstraints";
        NvmlReturn code = device.Library.Pair(
            NvmlPair.PowerManagementLimitConstraints,
            device.Handle,
            out uint minimum,
            out uint maximum
        );
        return new PowerLimitState
        {
            DefaultWatts = Watts(device, NvmlNumber.PowerManagementDefaultLimit),
            EnforcedWatts = Watts(device, NvmlNumber.EnforcedPowerLimit),
            MinimumWatts = Positive(device, code, Constraints, minimum / MilliwattsPerWatt),
            MaximumWatts = Positive(device, code, Constraints, maximum / MilliwattsPerWatt),
        };
    }

    private static ClockState Clocks(NvmlDevice device) =>
        new()
        {
            CoreMaximumHz = Clock(device, NvmlNumberOf.MaxClockInfo, NvmlKinds.CoreClock),
            MemoryMaximumHz = Clock(device, NvmlNumberOf.MaxClockInfo, NvmlKinds.MemoryClock),
            CoreApplicationHz = Clock(device, NvmlNumberOf.ApplicationsClock, NvmlKinds.CoreClock),
            MemoryApplicationHz = Clock(device, NvmlNumberOf.ApplicationsClock, NvmlKinds.MemoryClock),
            CoreDefaultHz = Clock(device, NvmlNumberOf.DefaultApplicationsClock, NvmlKinds.CoreClock),
            MemoryDefaultHz = Clock(device, NvmlNumberOf.DefaultApplicationsClock, NvmlKinds.MemoryClock),
        };

    private static ThermalState Thermal(NvmlDevice device) =>
        new()
        {
            SlowdownCelsius = Threshold(device, NvmlKinds.SlowdownThreshold),
            ShutdownCelsius = Threshold(device, NvmlKinds.ShutdownThreshold),
            MemoryMaximumCelsius = Threshold(device, NvmlKinds.MemoryThreshold),
        };

    private static Reading<double> Watts(NvmlDevice device, NvmlNumber number)
    {
        NvmlReturn code = device.Library.Number(number, device.Handle, out uint milliwatts);
        return Positive(device, code, Asked(number), milliwatts / MilliwattsPerWatt);
    }

    private static Reading<double> Clock(NvmlDevice device, NvmlNumberOf number, uint kind)
    {
        NvmlReturn code = device.Library.Number(number, device.Handle, kind, out uint megahertz);
        return Positive(device, code, $"nvmlDeviceGet{number}", megahertz * HertzPerMegahertz);
    }

    private static Reading<double> Threshold(NvmlDevice device, uint kind)
    {
        const string Asked = "nvmlDeviceGetTemperatureThreshold";
        NvmlReturn code = device.Library.Number(
            NvmlNumberOf.TemperatureThreshold,
            device.Handle,
            kind,
            out uint celsius
        );
        return Positive(device, code, Asked, (double)celsius);
    }
}
