namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>What a check found.</summary>
public sealed record CheckResult
{
    /// <summary>The check's name, which is also its anchor in docs/doctor.md.</summary>
    public required string Id { get; init; }

    /// <summary>What it checks, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>What it says.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What was measured or read, in words; null where nothing was.</summary>
    public string? Measured { get; init; }

    /// <summary>What was expected; null where there is no expectation.</summary>
    public string? Expected { get; init; }

    /// <summary>Where the expectation comes from; null where there is none.</summary>
    public string? Source { get; init; }

    /// <summary>What to do about it; null where there is nothing to do.</summary>
    public string? Advice { get; init; }

    /// <summary>Why it was skipped, as a code; null where it was not.</summary>
    public string? ReasonCode { get; init; }
}
