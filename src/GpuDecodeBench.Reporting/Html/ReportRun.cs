using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Html;

/// <summary>A run with what several sections of a report need of it, worked out once.</summary>
internal sealed class ReportRun
{
    public ReportRun(string id, int headingLevel, ReportInput input, ReportOptions options)
    {
        Id = id;
        HeadingLevel = headingLevel;
        Name = input.Name;
        Record = input.Record;
        Options = options;
        Costs = RecordCost.All(Record, options.Cost);
        Valid = [.. Record.Points.Where(point => point.Valid && point.TokensPerSecond > 0)];
        Fastest = Valid.MaxBy(point => point.TokensPerSecond);
        BestOfFormats = [.. BestOf(Valid)];
        Priced = [.. Valid.Where(point => options.Cost.IncludeInvalid || PointQuality.IsSound(point))];
        FastestPriced = Priced.MaxBy(point => point.TokensPerSecond);
        BestPricedOfFormats = [.. BestOf(Priced)];
        // Without a utilisation there is no cost of paid time, in no scenario.
        Scenarios = RecordCost.UtilizationOf(Record, options.Cost).Value is > 0 and <= 1
            ?
            [
                .. options
                    .Scenarios(Record.Device.Specification?.Name)
                    .Select(scenario => PricedScenario.Of(Record, scenario, options.Cost)),
            ]
            : [];
    }

    /// <summary>What the ids of the run's elements begin with.</summary>
    public string Id { get; }

    /// <summary>The level of a section's heading.</summary>
    public int HeadingLevel { get; }

    /// <summary>The file's name.</summary>
    public string Name { get; }

    public RunRecord Record { get; }

    public ReportOptions Options { get; }

    /// <summary>The costs of the points, in their order.</summary>
    public IReadOnlyList<CostResult> Costs { get; }

    /// <summary>The points that may be used.</summary>
    public IReadOnlyList<PointRecord> Valid { get; }

    /// <summary>The valid point with the most tokens per second; null where no point is valid.</summary>
    public PointRecord? Fastest { get; }

    /// <summary>The fastest valid point of each combination of formats.</summary>
    public IReadOnlyList<PointRecord> BestOfFormats { get; }

    /// <summary>The valid points that may be priced: those whose device did not lower its clocks.</summary>
    public IReadOnlyList<PointRecord> Priced { get; }

    /// <summary>The fastest of them; null where there is none.</summary>
    public PointRecord? FastestPriced { get; }

    /// <summary>The fastest of them for each combination of formats.</summary>
    public IReadOnlyList<PointRecord> BestPricedOfFormats { get; }

    public IReadOnlyList<PricedScenario> Scenarios { get; }

    /// <summary>Why nothing is priced, in a sentence; null where something is.</summary>
    public string? WhyNothingIsPriced =>
        Valid.Count == 0 ? "no valid configuration was measured."
        : Priced.Count == 0 ? "the device lowered its clocks in every valid configuration."
        : null;

    private static IEnumerable<PointRecord> BestOf(IEnumerable<PointRecord> points) =>
        points
            .GroupBy(point => (point.Weights, point.LmHead, point.Kv))
            .Select(group => group.MaxBy(point => point.TokensPerSecond)!);

    /// <summary>The cost of a point.</summary>
    public CostResult CostOf(PointRecord point) =>
        Costs[Enumerable.Range(0, Costs.Count).First(i => ReferenceEquals(Record.Points[i], point))];

    /// <summary>A point's formats, and batch and context where the run has several: short enough for a chart.</summary>
    public string ShortName(PointRecord point)
    {
        string name = point.Weights;
        if (Record.Points.Any(other => other.Weights == point.Weights && other.LmHead != point.LmHead))
        {
            name += $" ({point.LmHead} head)";
        }

        if (PointText.SharedKv(Record) is null)
        {
            name += $"/{point.Kv}";
        }

        if (Record.Points.Select(other => other.Batch).Distinct().Skip(1).Any())
        {
            name += $" b{point.Batch}";
        }

        return PointText.SharedContext(Record) is null ? $"{name} {point.Context}" : name;
    }
}
