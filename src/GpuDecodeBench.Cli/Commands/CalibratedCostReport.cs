using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The tables of what steps cost that a calibration predicts for the device it was made on.</summary>
internal sealed class CalibratedCostReport(CostQuestions questions, CostTally tally)
{
    /// <summary>All predictions.</summary>
    /// <param name="predictions">The predictions, at least one, all by one calibration.</param>
    /// <exception cref="InputException">Something is asked for that rests on a datasheet.</exception>
    public IEnumerable<ResultTable> Of(IReadOnlyList<CalibratedPrediction> predictions)
    {
        if (questions.Physics || questions.Levers is not null)
        {
            throw new InputException(
                $"{(questions.Physics ? "--physics" : "--levers")} needs --gpu or --from; it rests on a datasheet or a measured point, not on a calibration."
            );
        }

        RunRecord record = predictions[0].Report.Set.Records[0];
        IEnumerable<ResultTable> derivations = questions.Explain
            ? predictions.Select(prediction => CalibratedTable.From(prediction, explain: true))
            : [];
        return derivations.Concat(
            questions.ScenarioOf(record.Device.Specification?.Name) is Scenario asked
                ? ByLayers(predictions, RecordCostReport.WithRent(asked, record, questions.Options))
                : [Plain(predictions)]
        );
    }

    private IEnumerable<ResultTable> ByLayers(IReadOnlyList<CalibratedPrediction> predictions, Scenario scenario) =>
        predictions.SelectMany(prediction =>
            CostReport.Of(CostCaseFactory.Of(prediction, scenario), scenario, questions.Report, tally)
        );

    private ResultTable Plain(IReadOnlyList<CalibratedPrediction> predictions)
    {
        (CalibratedPrediction Prediction, CostResult Cost)[] costs =
        [
            .. predictions.Select(prediction => (prediction, CalibratedCost.Of(prediction, questions.Options))),
        ];
        foreach ((_, CostResult cost) in costs)
        {
            tally.Add(cost.Cost is not null, cost.Unavailable?.Detail);
        }

        return CostTable.From(costs, questions.Explain);
    }
}
