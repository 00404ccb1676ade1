using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>A grid of predictions, and the points of it that cannot be: their model does not divide over so many devices.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Possible">The predictions, at least one.</param>
/// <param name="Impossible">The other points, each with why.</param>
internal sealed record PredictionGrid(
    string Model,
    IReadOnlyList<RooflinePrediction> Possible,
    IReadOnlyList<ExcludedChoice> Impossible
)
{
    /// <summary>Predicts every point on every number of devices of every kind.</summary>
    /// <param name="model">The model.</param>
    /// <param name="points">Formats, batches and contexts.</param>
    /// <param name="degrees">Numbers of devices that share each layer.</param>
    /// <param name="hardware">The kinds of devices.</param>
    /// <exception cref="InputException">No point is possible, or one is not for another reason than the number of devices.</exception>
    public static PredictionGrid Of(
        ModelShape model,
        IReadOnlyList<PointConditions> points,
        IReadOnlyList<int> degrees,
        IReadOnlyList<HardwareEntry> hardware
    )
    {
        List<RooflinePrediction> possible = [];
        List<ExcludedChoice> impossible = [];
        foreach (PointConditions point in points)
        {
            foreach (int degree in degrees)
            {
                try
                {
                    DecodeStepPlan plan = Plan(model, point, degree);
                    possible.AddRange(hardware.Select(entry => RooflinePrediction.Of(plan, entry)));
                }
                catch (InputException why) when (degree > 1 && IsPossible(model, point))
                {
                    impossible.AddRange(hardware.Select(entry => Excluded(point, degree, entry, why)));
                }
            }
        }

        return possible.Count > 0
            ? new PredictionGrid(model.Name, possible, impossible)
            : throw new InputException(string.Join(' ', impossible.Select(point => point.Reason).Distinct()));
    }

    /// <summary>The points that cannot be, a row each; no table where there are none.</summary>
    public IEnumerable<ResultTable> ImpossibleTable() => TableOf(Impossible, $"{Model}, predicted");

    /// <summary>Points that cannot be, a row each; no table where there are none.</summary>
    /// <param name="impossible">The points.</param>
    /// <param name="title">What was asked for.</param>
    internal static IEnumerable<ResultTable> TableOf(IReadOnlyList<ExcludedChoice> impossible, string title) =>
        impossible.Count == 0 ? [] : [ChoiceTable.Excluded(title, impossible)];

    private static ExcludedChoice Excluded(
        PointConditions point,
        int degree,
        HardwareEntry hardware,
        InputException why
    ) =>
        new(
            new HardwareUnits(hardware.Name, degree).ToString(),
            $"{point.Weights.Name()} weights, {point.Kv.Name()} KV, batch {point.Batch}, context {point.ContextTokens}",
            ExcludedChoice.CannotSplit,
            why.Message
        );

    /// <summary>Whether one device could be asked for the point, so that it is the number of devices that is not accepted.</summary>
    private static bool IsPossible(ModelShape model, PointConditions point)
    {
        try
        {
            _ = Plan(model, point, 1);
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }

    private static DecodeStepPlan Plan(ModelShape model, PointConditions point, int tensorParallel) =>
        DecodeStepPlan.Create(
            Reaching(model, point.ContextTokens),
            StepConditions.Uniform(FormatsOf(point), point.Batch, point.ContextTokens, tensorParallel) with
            {
                KvBlockTokens = point.KvBlockTokens,
            }
        );

    /// <summary>The formats of a point, with the activations of which predictions are made.</summary>
    internal static StepFormats FormatsOf(PointConditions point) =>
        new()
        {
            Weights = point.Weights,
            LmHead = point.LmHead,
            Kv = point.Kv,
            Activations = ActivationFormat.Bf16,
        };

    /// <summary>
    /// The model for a context, however long: bytes and operations can be counted beyond what it is made for, and its name says so.
    /// </summary>
    private static ModelShape Reaching(ModelShape model, int contextTokens) =>
        contextTokens <= model.MaxContextTokens
            ? model
            : model with
            {
                Name = $"{model.Name} beyond its {model.MaxContextTokens} tokens",
                MaxContextTokens = contextTokens,
            };
}
