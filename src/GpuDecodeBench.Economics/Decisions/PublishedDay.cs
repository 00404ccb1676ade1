namespace GpuDecodeBench.Economics.Decisions;

/// <summary>A day that an operator published.</summary>
public sealed record PublishedDay
{
    /// <summary>Its name for <c>--preset</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required string Title { get; init; }

    /// <summary>The key of the source; see <see cref="DayCatalogue.Sources"/>.</summary>
    public required string Source { get; init; }

    /// <summary>When it was published.</summary>
    public required string Date { get; init; }

    /// <summary>The five conditions, as far as they were published.</summary>
    public required DayConditions Conditions { get; init; }

    /// <summary>The inputs, in the units of <see cref="DayEquations.Inputs"/>.</summary>
    public required IReadOnlyList<DayFigure> Inputs { get; init; }

    /// <summary>What the operator says came out, in the units of <see cref="DayEquations.All"/>.</summary>
    public required IReadOnlyList<DayFigure> Published { get; init; }
}
