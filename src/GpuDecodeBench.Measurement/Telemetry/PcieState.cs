namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>A device's PCI Express link. It runs slower while idle.</summary>
public sealed record PcieState
{
    /// <summary>The generation now.</summary>
    public Reading<int> Generation { get; init; }

    /// <summary>The highest generation that device and slot have in common.</summary>
    public Reading<int> MaximumGeneration { get; init; }

    /// <summary>Lanes now.</summary>
    public Reading<int> Width { get; init; }

    /// <summary>The most lanes that device and slot have in common.</summary>
    public Reading<int> MaximumWidth { get; init; }

    /// <summary>Packets that were sent again, since the driver was loaded.</summary>
    public Reading<long> Replays { get; init; }
}
