namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>A device's state of which nothing is known, with the reason in every reading.</summary>
internal static class UnavailableState
{
    /// <summary>The state.</summary>
    public static DeviceState For(string code, string detail)
    {
        Reading<T> None<T>() => Reading.Unavailable<T>(code, detail);
        return new DeviceState
        {
            Name = None<string>(),
            Uuid = None<string>(),
            PciBusId = None<string>(),
            DriverVersion = None<string>(),
            RuntimeVersion = None<string>(),
            MemoryTotalBytes = None<long>(),
            MemoryUsedBytes = None<long>(),
            MemoryBusWidthBits = None<int>(),
            PowerLimits = new PowerLimitState
            {
                DefaultWatts = None<double>(),
                EnforcedWatts = None<double>(),
                MinimumWatts = None<double>(),
                MaximumWatts = None<double>(),
            },
            Clocks = new ClockState
            {
                CoreMaximumHz = None<double>(),
                MemoryMaximumHz = None<double>(),
                CoreApplicationHz = None<double>(),
                MemoryApplicationHz = None<double>(),
                CoreDefaultHz = None<double>(),
                MemoryDefaultHz = None<double>(),
            },
            Thermal = new ThermalState
            {
                SlowdownCelsius = None<double>(),
                ShutdownCelsius = None<double>(),
                MemoryMaximumCelsius = None<double>(),
            },
            MemoryErrors = new MemoryErrorState
            {
                IsEccEnabled = None<bool>(),
                CorrectedSinceLoad = None<long>(),
                UncorrectedSinceLoad = None<long>(),
                CorrectedInAll = None<long>(),
                UncorrectedInAll = None<long>(),
                RemappedCorrectable = None<long>(),
                RemappedUncorrectable = None<long>(),
                IsRemappingPending = None<bool>(),
                HasRemappingFailed = None<bool>(),
            },
            Pcie = new PcieState
            {
                Generation = None<int>(),
                MaximumGeneration = None<int>(),
                Width = None<int>(),
                MaximumWidth = None<int>(),
                Replays = None<long>(),
            },
            Links = None<IReadOnlyList<LinkState>>(),
            IsPartitioned = None<bool>(),
            Persistence = None<bool>(),
            ComputeMode = None<string>(),
            Processes = None<IReadOnlyList<ProcessState>>(),
        };
    }
}
