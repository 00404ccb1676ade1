namespace GpuDecodeBench.Economics.Decisions;

/// <summary>The form of <c>Data/days.json</c>.</summary>
internal sealed record DayFile
{
    /// <summary>How to read the file, in sentences.</summary>
    public required IReadOnlyList<string> About { get; init; }

    /// <summary>The sources.</summary>
    public required IReadOnlyList<PriceSource> Sources { get; init; }

    /// <summary>The days.</summary>
    public required IReadOnlyList<PublishedDay> Days { get; init; }
}
