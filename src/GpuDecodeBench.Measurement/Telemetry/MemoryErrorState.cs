namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>What is known of errors in a device's memory.</summary>
public sealed record MemoryErrorState
{
    /// <summary>Whether errors are corrected (ECC).</summary>
    public Reading<bool> IsEccEnabled { get; init; }

    /// <summary>Corrected errors since the driver was loaded.</summary>
    public Reading<long> CorrectedSinceLoad { get; init; }

    /// <summary>Errors that could not be corrected, since the driver was loaded.</summary>
    public Reading<long> UncorrectedSinceLoad { get; init; }

    /// <summary>Corrected errors of the device's life.</summary>
    public Reading<long> CorrectedInAll { get; init; }

    /// <summary>Errors of the device's life that could not be corrected.</summary>
    public Reading<long> UncorrectedInAll { get; init; }

    /// <summary>Rows (or pages) replaced after corrected errors.</summary>
    public Reading<long> RemappedCorrectable { get; init; }

    /// <summary>Rows (or pages) replaced after errors that could not be corrected.</summary>
    public Reading<long> RemappedUncorrectable { get; init; }

    /// <summary>Whether a replacement waits for a reset.</summary>
    public Reading<bool> IsRemappingPending { get; init; }

    /// <summary>Whether a replacement failed: the device should be exchanged.</summary>
    public Reading<bool> HasRemappingFailed { get; init; }
}
