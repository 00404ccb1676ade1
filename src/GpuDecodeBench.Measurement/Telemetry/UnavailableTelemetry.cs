namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>A source that tells nothing and says why: what stands in place of sensors that are not to be had.</summary>
public sealed class UnavailableTelemetry : ITelemetrySource
{
    /// <summary>The name where no source was tried at all.</summary>
    public const string NoSource = "none";

    /// <summary>A source that tells nothing.</summary>
    /// <param name="name">The source that was tried, or <see cref="NoSource"/>.</param>
    /// <param name="reasonCode">Why it tells nothing, as a code.</param>
    /// <param name="detail">Why it tells nothing, in a sentence with what would help.</param>
    public UnavailableTelemetry(string name, string reasonCode, string detail)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(reasonCode);
        ArgumentException.ThrowIfNullOrEmpty(detail);
        Name = name;
        ReasonCode = reasonCode;
        Description = detail;
        Capabilities =
        [
            .. Enum.GetValues<TelemetryQuantity>()
                .Select(quantity => new TelemetryCapability(quantity, name, reasonCode, detail)),
        ];
    }

    /// <inheritdoc />
    public string Name { get; }

    /// <summary>Why it tells nothing, as a code.</summary>
    public string ReasonCode { get; }

    /// <inheritdoc />
    public string Description { get; }

    /// <inheritdoc />
    public IReadOnlyList<TelemetryCapability> Capabilities { get; }

    /// <summary>A second: there is never anything new.</summary>
    public double UpdatePeriodSeconds => 1;

    /// <summary>An empty sample with the reason.</summary>
    public TelemetrySample Read() => new() { Seconds = TelemetryClock.NowSeconds, FailureCode = ReasonCode };

    /// <summary>A state whose every reading has the reason.</summary>
    public DeviceState ReadState() => UnavailableState.For(ReasonCode, Description);

    /// <summary>Does nothing.</summary>
    public void Dispose() { }
}
