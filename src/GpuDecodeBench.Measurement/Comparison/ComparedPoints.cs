using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>The points of one side that share their conditions, software, hardware and layers: one for each run.</summary>
/// <param name="Side">What the side is called.</param>
/// <param name="Conditions">The conditions.</param>
/// <param name="Hardware">The hardware, in words.</param>
/// <param name="Points">The points with their runs.</param>
internal sealed record ComparedPoints(
    string Side,
    ComparedConditions Conditions,
    string Hardware,
    IReadOnlyList<(ComparisonRun Run, PointRecord Point)> Points
)
{
    private const string ThrottledCode = "throttled";

    private PointRecord First => Points[0].Point;

    public int LayersMeasured => First.LayersMeasured;

    public int LayersTotal => First.LayersTotal;

    public string Activations => First.Activations;

    /// <summary>The program that measured them; a peer's name says what it is of (benchmarks/README.md).</summary>
    public string Software => Points[0].Run.Record.Tool.Name;

    /// <summary>The program with its version, as the first of the runs has it.</summary>
    public string SoftwareVersion => $"{Software} {Points[0].Run.Record.Tool.Version}";

    public ModelInfo Model => Points[0].Run.Record.Model;

    /// <summary>Whether the device's power limit held its clocks down in some run, which leaves the points valid.</summary>
    public bool IsPowerLimited => Points.Any(one => one.Point.Warnings.Contains(ThrottledCode));

    /// <summary>The codes of what points warn of.</summary>
    public IReadOnlyList<string> Warnings => [.. Points.SelectMany(one => one.Point.Warnings).Distinct()];

    /// <summary>
    /// Whether half of the runs or more warn of something. Of several runs each is one value, and their scatter holds what one of them
    /// went through; what most of them went through it does not.
    /// </summary>
    public bool MostlyWarnsOf(string code) =>
        2 * Points.Count(one => one.Point.Warnings.Contains(code)) >= Points.Count;

    /// <summary>The codes of why points are invalid.</summary>
    public IReadOnlyList<string> InvalidReasons => [.. Points.SelectMany(one => one.Point.InvalidReasons).Distinct()];

    public bool IsThrottled => InvalidReasons.Contains(ThrottledCode);

    /// <summary>The sets of a side in the order of its records.</summary>
    public static IReadOnlyList<ComparedPoints> Of(ComparisonSide side) =>
        [
            .. side
                .Runs.SelectMany(run => run.Record.Points.Select(point => (Run: run, Point: point)))
                .GroupBy(one =>
                    (
                        Conditions: ComparedConditions.Of(one.Run.Record, one.Point),
                        Software: one.Run.Record.Tool.Name,
                        Hardware: HardwareOf(one.Run.Record),
                        one.Point.LayersMeasured,
                        one.Point.Activations
                    )
                )
                .Select(group => new ComparedPoints(side.Name, group.Key.Conditions, group.Key.Hardware, [.. group])),
        ];

    /// <summary>
    /// Whether the other set has the same conditions. Other software need not page its cache, so its blocks may be of another size.
    /// </summary>
    public bool Matches(ComparedPoints other) =>
        Conditions == other.Conditions
        || (
            Software != other.Software
            && Conditions with { KvBlockTokens = 0 } == other.Conditions with { KvBlockTokens = 0 }
        );

    /// <summary>The same set without the points that are invalid; null where none is left.</summary>
    public ComparedPoints? Usable()
    {
        (ComparisonRun, PointRecord)[] usable = [.. Points.Where(one => one.Point.Valid)];
        return usable.Length == 0 ? null : this with { Points = usable };
    }

    /// <summary>The median of each run, over the layers that were measured, in seconds.</summary>
    public IReadOnlyList<double> StepSeconds => [.. Points.Select(one => one.Point.StepSeconds.Median)];

    /// <summary>The middle of the runs' medians, in seconds.</summary>
    public double MedianStepSeconds => OrderStatistics.MedianOf(StepSeconds);

    /// <summary>The middle of the runs' tokens per second.</summary>
    public double MedianTokensPerSecond => OrderStatistics.MedianOf(Points.Select(one => one.Point.TokensPerSecond));

    /// <summary>The read ceiling beside each point, in bytes per second; null where one has none.</summary>
    public IReadOnlyList<double>? Ceilings
    {
        get
        {
            double?[] ceilings = [.. Points.Select(one => CeilingOf(one.Run.Record, one.Point))];
            return ceilings.All(ceiling => ceiling > 0) ? [.. ceilings.OfType<double>()] : null;
        }
    }

    /// <summary>Whether every point is bound by memory, so that the read ceiling is its yardstick.</summary>
    public bool IsMemoryBound => Points.All(one => one.Point.Bound is null or "memory");

    public static double? CeilingOf(RunRecord record, PointRecord point) =>
        point.ReadCeilingBytesPerSecond ?? record.Ceilings.ReadBytesPerSecond.Value;

    /// <summary>The device, with the threads that were used and the backend where they are not plain from its name.</summary>
    public static string HardwareOf(RunRecord record)
    {
        string threads = record.Environment.CpuThreadsUsed is int used
            ? $", {used} thread{(used == 1 ? "" : "s")}"
            : "";
        return $"{record.Device.Name} ({record.Device.Backend}{threads})";
    }
}
