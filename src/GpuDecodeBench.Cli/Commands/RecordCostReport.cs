using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
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
    private readonly List<ExcludedChoice> _impossible = [];
    private int _possible;

    /// <summary>All points.</summary>
    /// <param name="record">The run.</param>
    /// <param name="degrees">Tensor-parallel degrees to carry points over to; null for the points as they were measured.</param>
    /// <exception cref="InputException">Levers or physics are asked for on other numbers of devices than were measured.</exception>
    public IEnumerable<ResultTable> Of(RunRecord record, IReadOnlyList<int>? degrees)
    {
        RefuseCarriedSteps(record, degrees);
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
        IEnumerable<ResultTable> possible = scenario is null ? each.Prepend(Plain(record, degrees)) : each;
        return possible.Concat(Deferred(() => Impossible($"{record.Model.Name}, carried over from one device")));
    }

    /// <summary>
    /// Levers and physics start from a step as it was measured. One that is carried over to several devices is its bytes' time and the
    /// link; another batch or format of it would rest on two guesses at once, of which neither was measured.
    /// </summary>
    private void RefuseCarriedSteps(RunRecord record, IReadOnlyList<int>? degrees)
    {
        string? asked =
            questions.Levers is not null ? "--levers"
            : questions.Physics ? "--physics"
            : null;
        if (
            asked is not null
            && degrees is not null
            && degrees.Any(degree => record.Points.Any(point => point.TensorParallel != degree))
        )
        {
            throw new InputException(
                $"--tensor-parallel {string.Join(',', degrees)} cannot be given together with {asked} for a record: levers and physics start from its steps as they were measured, on {Devices(record)}. Leave one of the two out, or give --model and --gpu instead of --from for a prediction."
            );
        }
    }

    private static string Devices(RunRecord record)
    {
        int[] counts = [.. record.Points.Select(point => point.TensorParallel).Distinct().Order()];
        return $"{string.Join(" or ", counts)} device{(counts is [1] ? "" : "s")}";
    }

    /// <summary>What is only known once the tables before it were made.</summary>
    private static IEnumerable<ResultTable> Deferred(Func<IEnumerable<ResultTable>> tables)
    {
        foreach (ResultTable table in tables())
        {
            yield return table;
        }
    }

    /// <summary>The points that could not be carried over, a row each.</summary>
    /// <exception cref="InputException">None could.</exception>
    private IEnumerable<ResultTable> Impossible(string title) =>
        _impossible.Count > 0 && _possible == 0
            ? throw new InputException(string.Join(' ', _impossible.Select(one => one.Reason).Distinct()))
            : PredictionGrid.TableOf(_impossible, title);

    /// <summary>A point on some numbers of devices; a number that is not possible is kept with why.</summary>
    private IEnumerable<T> OnDegrees<T>(
        RunRecord record,
        PointRecord point,
        IReadOnlyList<int> degrees,
        Func<int, T> carry
    )
    {
        foreach (int degree in degrees)
        {
            T carried;
            try
            {
                carried = carry(degree);
            }
            catch (InputException why) when (degree != point.TensorParallel)
            {
                _impossible.Add(
                    new ExcludedChoice(
                        new HardwareUnits(DecisionOptions.NameOf(record), degree).ToString(),
                        $"{point.Weights} weights, {point.Kv} KV, batch {point.Batch}, context {point.Context}",
                        ExcludedChoice.CannotSplit,
                        why.Message
                    )
                );
                continue;
            }

            _possible++;
            yield return carried;
        }
    }

    private ResultTable Plain(RunRecord record, IReadOnlyList<int>? degrees)
    {
        if (degrees is not null)
        {
            record = record with { Points = [.. record.Points.SelectMany(point => Carried(record, point, degrees))] };
            if (_possible == 0)
            {
                _ = Impossible("");
            }
        }

        IReadOnlyList<CostResult> costs = RecordCost.All(record, questions.Options);
        foreach (CostResult cost in costs)
        {
            tally.Add(cost.Cost is not null, cost.Unavailable?.Detail);
        }

        return CostTable.From(record, costs, questions.Explain);
    }

    private IEnumerable<PointRecord> Carried(RunRecord record, PointRecord point, IReadOnlyList<int> degrees) =>
        OnDegrees(
            record,
            point,
            degrees,
            degree => degree == point.TensorParallel ? point : TensorProjection.Of(record, point, degree).ToPoint()
        );

    private IEnumerable<ResultTable> Layers(
        RunRecord record,
        PointRecord point,
        Scenario scenario,
        IReadOnlyList<int>? degrees
    ) =>
        OnDegrees(
                record,
                point,
                degrees ?? [point.TensorParallel],
                degree =>
                    degree == point.TensorParallel
                        ? CostCaseFactory.Of(record, point, scenario)
                        : CostCaseFactory.Of(TensorProjection.Of(record, point, degree), scenario)
            )
            .SelectMany(priced => CostReport.Of(priced, scenario, questions.Report, tally));

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
