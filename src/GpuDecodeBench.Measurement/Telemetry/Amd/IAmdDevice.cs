namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>One device, asked through either of AMD's libraries.</summary>
internal interface IAmdDevice : IDisposable
{
    /// <summary>Which library.</summary>
    AmdLibraryKind Kind { get; }

    /// <summary>The library's file and version.</summary>
    string Library { get; }

    /// <summary>
    /// Fills the metrics table. Bytes that the library does not write keep what they held, so that a field it does not have yet is seen.
    /// </summary>
    AmdStatus ReadMetrics(Span<byte> table);

    /// <summary>The energy accumulator.</summary>
    /// <param name="joules">Energy from a start of its own, in joules.</param>
    AmdStatus ReadEnergy(out double joules);

    /// <summary>What seldom changes. Asked from another thread than the rest.</summary>
    /// <param name="metrics">The metrics table as just read, or one of 0xFF alone.</param>
    DeviceState ReadState(AmdGpuMetrics metrics);
}
