using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The tables of what a run's points cost, as measured or carried over to several devices.</summary>
internal sealed class RecordCostReport(CostQuestions questions, CostTally tally, TextWriter diagnostics)
{
    /// <summary>All points.</summary>
    /// <param name="record">The run.</param>
    /// <param name="degrees">Tensor-parallel degrees to carry points over to; null for the points as they were measured.</param>
    public IEnumerable<ResultTable> Of(RunRecord record, IReadOnlyList<int>? degrees)
    {
        Scenario? scenario = questions.ScenarioOf(record.Device.Specification?.Name) is Scenario asked
            ? WithRent(asked, record, questions.Options)
            : null;
        bool needsEach = scenario is not null || questions.Physics || questions.Levers is not null;
        PointRecord[] points = needsEach ? Sound(record) : [];
        IEnumerable<ResultTable> each = points.SelectMany(point =>
            Physics(record, point, scenario)
                .Concat(scenario is null ? [] : Layers(record, point, scenario, degrees))
                .Concat(Levers(record, point, scenario))
        );
        return scenario is null ? each.Prepend(Plain(record, degrees)) : each;
    }

    private ResultTable Plain(RunRecord record, IReadOnlyList<int>? degrees)
    {
        if (degrees is not null)
        {
            record = record with { Points = [.. record.Points.SelectMany(point => Carried(record, point, degrees))] };
        }

        IReadOnlyList<CostResult> costs = RecordCost.All(record, questions.Options);
        foreach (CostResult cost in costs)
        {
            tally.Add(cost.Cost is not null, cost.Unavailable?.Detail);
        }

        return CostTable.From(record, costs, questions.Explain);
    }

    private static IEnumerable<PointRecord> Carried(RunRecord record, PointRecord point, IReadOnlyList<int> degrees) =>
        degrees.Select(degree =>
            degree == point.TensorParallel ? point : TensorProjection.Of(record, point, degree).ToPoint()
        );

    private IEnumerable<ResultTable> Layers(
        RunRecord record,
        PointRecord point,
        Scenario scenario,
        IReadOnlyList<int>? degrees
    ) =>
        (degrees ?? [point.TensorParallel]).SelectMany(degree =>
        {
            CostCase priced =
                degree == point.TensorParallel
                    ? CostCaseFactory.Of(record, point, scenario)
                    : CostCaseFactory.Of(TensorProjection.Of(record, point, degree), scenario);
            return CostReport.Of(priced, scenario, questions.Report, tally);
        });

    private IEnumerable<ResultTable> Physics(RunRecord record, PointRecord point, Scenario? scenario) =>
        questions.Physics
            ? CostReport.Physics(
                new MeasuredSteps(record, point),
                scenario,
                "from the plan of a measured step",
                questions.Explain
            )
            : [];

    private IEnumerable<ResultTable> Levers(RunRecord record, PointRecord point, Scenario? scenario)
    {
        if (questions.Levers is not LeverSettings levers)
        {
            return [];
        }

        Scenario setting =
            scenario
            ?? questions.ScenarioOrPlain(
                record.Device.Specification?.Name,
                RecordCost.PriceOf(record, questions.Options),
                RecordCost.UtilizationOf(record, questions.Options)
            );
        return CostReport.Levers(new MeasuredSteps(record, point), setting, levers, questions.Explain);
    }

    /// <summary>The scenario; where it knows no rent of the device (of CPUs it does not), with the price of the record, or of its threads.</summary>
    internal static Scenario WithRent(Scenario scenario, RunRecord record, CostOptions options)
    {
        Figure price = RecordCost.PriceOf(record, options);
        return price.Value is not > 0
            ? scenario
            : scenario with
            {
                Inputs =
                [
                    .. scenario.Inputs.Select(input =>
                        input is { Symbol: "rent", Value: null }
                            ? new ModelInput(input.Symbol, input.Name, input.Unit.Text, price.Value, price.Provenance)
                            : input
                    ),
                ],
            };
    }

    /// <summary>The points that may be priced; those left out are named, so that none is missed.</summary>
    private PointRecord[] Sound(RunRecord record)
    {
        if (questions.Options.IncludeInvalid)
        {
            return [.. record.Points];
        }

        foreach (PointRecord point in record.Points.Where(point => !PointQuality.IsSound(point)))
        {
            diagnostics.WriteLine(
                $"Left out: {point.Weights} weights, {point.Kv} KV, batch {point.Batch}, context {point.Context}: {ReasonWords.OfAll(PointQuality.ReasonsAgainst(point))}; --include-invalid prices it, marked so."
            );
        }

        PointRecord[] sound = [.. record.Points.Where(PointQuality.IsSound)];
        return sound.Length > 0
            ? sound
            : throw new InputException(
                "The record has no valid point to price that was not throttled; --include-invalid prices the others, marked so."
            );
    }
}
