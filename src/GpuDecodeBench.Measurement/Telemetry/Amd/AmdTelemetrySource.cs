namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>
/// An AMD GPU's sensors by <c>libamd_smi.so</c>, or by <c>librocm_smi64.so</c> where that is missing. Written to the libraries' headers
/// and not yet run on hardware.
/// </summary>
public sealed class AmdTelemetrySource : ITelemetrySource
{
    private readonly IAmdDevice _device;
    private readonly AmdGpuMetrics _metrics = AmdGpuMetrics.Create();
    private readonly AmdThrottle _throttle = new();
    private readonly bool _hasEnergy;
    private readonly bool _hasMetrics;

    internal AmdTelemetrySource(IAmdDevice device)
    {
        _device = device;
        AmdStatus metrics = device.ReadMetrics(_metrics.Table);
        AmdStatus energy = device.ReadEnergy(out _);
        _hasMetrics = metrics == AmdStatus.Success;
        _hasEnergy = energy == AmdStatus.Success;

        // Where limits are counted, a reason is a difference: this reading is the first of the two.
        _throttle.Read(_metrics);
        Capabilities = Describe(metrics, energy);
    }

    /// <inheritdoc />
    public string Name => _device.Kind == AmdLibraryKind.AmdSmi ? "amdsmi" : "rocmsmi";

    /// <inheritdoc />
    public string Description =>
        $"{_device.Library}, written to the headers and not yet run on hardware; the whole socket.";

    /// <inheritdoc />
    public IReadOnlyList<TelemetryCapability> Capabilities { get; }

    /// <summary>0.1 s: not documented by AMD, and not yet measured; the metrics table is made anew at most every millisecond.</summary>
    public double UpdatePeriodSeconds => 0.1;

    /// <summary>Opens the sensors of the device at a place of the PCI bus; unavailable with the reason where that does not work.</summary>
    /// <param name="pciBusId">For example <c>0000:c1:00.0</c>.</param>
    /// <exception cref="ArgumentException">It is no such place.</exception>
    public static Reading<AmdTelemetrySource> Open(string pciBusId) =>
        Open(pciBusId, AmdLibrarySearch.ForThisMachine());

    /// <summary>As <see cref="Open(string)"/>, looking for the libraries elsewhere.</summary>
    internal static Reading<AmdTelemetrySource> Open(string pciBusId, AmdLibrarySearch search)
    {
        PciAddress address =
            PciAddress.Parse(pciBusId)
            ?? throw new ArgumentException(
                $"'{pciBusId}' is no place on the PCI bus; write domain:bus:device.function, for example 0000:c1:00.0.",
                nameof(pciBusId)
            );

        // The older library is a way out where the newer is missing or too old to open the device, and nowhere else: what one says of a
        // device that is lost or forbidden, the other would say again.
        AmdStatus status = AmdStatus.SymbolMissing;
        AmdLibraryFile? newer = AmdLibraryFile.Load(AmdSmiDevice.Names, search, out string? whyNotNewer);
        if (newer is not null)
        {
            if (AmdSmiDevice.Open(newer, address, out status) is { } device)
            {
                return Reading.Of(new AmdTelemetrySource(device));
            }

            if (status != AmdStatus.SymbolMissing)
            {
                return AmdReasons.Unavailable<AmdTelemetrySource>(AmdLibraryKind.AmdSmi, status);
            }
        }

        AmdLibraryFile? older = AmdLibraryFile.Load(RocmSmiDevice.Names, search, out string? whyNotOlder);
        if (older is null)
        {
            return newer is null
                ? Reading.Unavailable<AmdTelemetrySource>(AmdReasons.LibraryMissing, $"{whyNotNewer}. {whyNotOlder}.")
                : AmdReasons.Unavailable<AmdTelemetrySource>(AmdLibraryKind.AmdSmi, status);
        }

        return RocmSmiDevice.Open(older, address, out status) is { } found
            ? Reading.Of(new AmdTelemetrySource(found))
            : AmdReasons.Unavailable<AmdTelemetrySource>(AmdLibraryKind.RocmSmi, status);
    }

    /// <inheritdoc />
    public TelemetrySample Read()
    {
        double before = TelemetryClock.NowSeconds;
        AmdStatus energy = _device.ReadEnergy(out double joules);
        AmdStatus metrics = _device.ReadMetrics(_metrics.Table);
        double seconds = (before + TelemetryClock.NowSeconds) / 2;
        string? failure =
            (_hasEnergy ? AmdReasons.Code(_device.Kind, energy) : null)
            ?? (_hasMetrics ? AmdReasons.Code(_device.Kind, metrics) : null);
        if (metrics != AmdStatus.Success)
        {
            return new TelemetrySample
            {
                Seconds = seconds,
                EnergyJoules = energy == AmdStatus.Success ? joules : null,
                FailureCode = failure,
            };
        }

        return new TelemetrySample
        {
            Seconds = seconds,
            EnergyJoules = energy == AmdStatus.Success ? joules : null,
            PowerInstantWatts = _metrics.PowerInstantWatts,
            PowerAverageWatts = _metrics.PowerAverageWatts,
            CoreClockHz = _metrics.CoreClockHz,
            MemoryClockHz = _metrics.MemoryClockHz,
            TemperatureCelsius = _metrics.TemperatureCelsius,
            MemoryTemperatureCelsius = _metrics.MemoryTemperatureCelsius,
            ThrottleReasons = _throttle.Read(_metrics),
            CoreUtilization = _metrics.CoreUtilization,
            MemoryUtilization = _metrics.MemoryUtilization,
            FailureCode = failure,
        };
    }

    /// <inheritdoc />
    public DeviceState ReadState()
    {
        AmdGpuMetrics metrics = AmdGpuMetrics.Create();
        return _device.ReadState(
            _device.ReadMetrics(metrics.Table) == AmdStatus.Success ? metrics : AmdGpuMetrics.Empty
        );
    }

    /// <inheritdoc />
    public void Dispose() => _device.Dispose();

    private IReadOnlyList<TelemetryCapability> Describe(AmdStatus metrics, AmdStatus energy)
    {
        TelemetryCapability Table(TelemetryQuantity quantity, bool isTold, string field) =>
            Capability(
                quantity,
                "gpuMetrics",
                metrics != AmdStatus.Success ? metrics
                    : isTold ? AmdStatus.Success
                    : AmdStatus.NotAvailable,
                field
            );

        bool isThrottleTold =
            _metrics.ThrottleBits is not null || _metrics.Residency(AmdGpuMetrics.Offsets.PowerResidency) is not null;
        return
        [
            Capability(TelemetryQuantity.EnergyCounter, "energyCount", energy, "accumulator of the whole socket"),
            Table(TelemetryQuantity.PowerInstant, _metrics.PowerInstantWatts is not null, "current_socket_power"),
            Table(TelemetryQuantity.PowerAverage, _metrics.PowerAverageWatts is not null, "average_socket_power"),
            Table(
                TelemetryQuantity.CoreClock,
                _metrics.CoreClockHz is not null,
                "current_gfxclks, their mean, or current_gfxclk"
            ),
            Table(TelemetryQuantity.MemoryClock, _metrics.MemoryClockHz is not null, "current_uclk"),
            Table(
                TelemetryQuantity.Temperature,
                _metrics.TemperatureCelsius is not null,
                "temperature_hotspot, or temperature_edge"
            ),
            Table(
                TelemetryQuantity.MemoryTemperature,
                _metrics.MemoryTemperatureCelsius is not null,
                "temperature_mem, or the hottest of temperature_hbm"
            ),
            Table(
                TelemetryQuantity.ThrottleReasons,
                isThrottleTold,
                "indep_throttle_status, and the residencies of limits"
            ),
            Table(TelemetryQuantity.CoreUtilization, _metrics.CoreUtilization is not null, "average_gfx_activity"),
            Table(TelemetryQuantity.MemoryUtilization, _metrics.MemoryUtilization is not null, "average_umc_activity"),
        ];
    }

    private TelemetryCapability Capability(TelemetryQuantity quantity, string method, AmdStatus status, string scope) =>
        new(
            quantity,
            $"{Name}.{method}",
            AmdReasons.Code(_device.Kind, status),
            status == AmdStatus.Success ? scope : AmdReasons.Detail(status)
        );
}
