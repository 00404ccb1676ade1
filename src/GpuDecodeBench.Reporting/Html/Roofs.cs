using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Charts;

namespace GpuDecodeBench.Reporting.Html;

/// <summary>The roofs of a run: the highest that was measured, the lowest where it differs visibly, and the datasheet's.</summary>
internal sealed class Roofs
{
    private const double VisibleDifference = 1.1;

    public Roofs(RunRecord record, double[] risingCeilings)
    {
        double? arithmetic = Possible(record.Ceilings.FlopsPerSecond.Value);
        List<Roof> all = [];
        if (risingCeilings[^1] / risingCeilings[0] > VisibleDifference)
        {
            all.Add(new Roof("measured roof, lowest", risingCeilings[0], arithmetic, false));
        }

        all.Add(
            new Roof(all.Count == 0 ? "measured roof" : "measured roof, highest", risingCeilings[^1], arithmetic, false)
        );
        if (Possible(record.Device.Specification?.MemoryBytesPerSecond) is double datasheet)
        {
            all.Add(
                new Roof("datasheet's roof", datasheet, Possible(record.Device.Specification!.Bf16FlopsPerSecond), true)
            );
        }

        All = all;
    }

    /// <summary>A rate that a device can have; a record may hold zero, which says nothing.</summary>
    public static double? Possible(double? rate) => rate >= 1 ? rate : null;

    public IReadOnlyList<Roof> All { get; }

    public IEnumerable<double> Ridges => All.Select(roof => roof.Ridge).OfType<double>();

    /// <summary>The roofs as lines across the whole chart.</summary>
    public IEnumerable<ChartSeries> Series(AxisScale x, double scale) =>
        All.Select(roof => new ChartSeries(
            roof.Name,
            ChartPalette.Neutral,
            [
                .. new[] { x.Low, roof.Ridge, x.High }
                    .OfType<double>()
                    .Where(intensity => intensity >= x.Low && intensity <= x.High)
                    .Distinct()
                    .Select(intensity => new ChartPoint(intensity, roof.At(intensity) / scale)),
            ]
        )
        {
            Line = roof.IsDatasheet ? LineStyle.Dashed : LineStyle.Solid,
            HasMarks = false,
        });
}
