using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>
/// The share of the roofline's speed that a run reached, in place of the one that is assumed: the lowest, the median and the highest of
/// its points, those left out that <see cref="PointQuality.IsSound"/> is not true of. The share of a point is the roofline of the whole model's
/// step, operation by operation as a prediction has it, over the whole model's mean step, which tokens are paid by. The roofline is the
/// datasheet's, as a prediction's is: a device without a datasheet says nothing of it. Of another device, model or format it is an extrapolation.
/// </summary>
public static class MeasuredEfficiency
{
    /// <summary>The efficiency of a run as an input.</summary>
    /// <param name="record">The run.</param>
    /// <exception cref="InputException">No datasheet of the device is known, or no sound point can be held against it.</exception>
    public static ModelInput Of(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Device.Specification is not { MemoryBytesPerSecond: double rate } known)
        {
            throw new InputException(
                $"No datasheet of {record.Device.Name} is known, and the share of its own ceilings that it reached says nothing of a datasheet, which predictions are held against; give --efficiency."
            );
        }

        var datasheet = new RooflineCeilings(rate, known.Bf16FlopsPerSecond);
        double[] shares =
        [
            .. record
                .Points.Where(PointQuality.IsSound)
                .Select(point => Share(record, point, datasheet))
                .OfType<double>()
                .Where(share => double.IsFinite(share) && share > 0)
                .Select(share => Math.Min(1, share))
                .Order(),
        ];
        if (shares.Length == 0)
        {
            throw new InputException(
                "No point of the record that is valid and was not throttled can be held against the roofline of the whole model; give --efficiency."
            );
        }

        string points = shares.Length == 1 ? "one valid point" : $"{shares.Length} valid points";
        return new ModelInput(
            PredictedCase.Efficiency,
            "share of the roofline's speed that is reached",
            "1",
            Median(shares),
            ProvenanceNote.Extrapolated(
                $"from {points} of {record.Model.Name} on {record.Device.Name}, the whole model's mean step against the datasheet"
            )
        )
        {
            Low = shares[0],
            High = shares[^1],
        };
    }

    /// <summary>The roofline of the whole model over the mean step of the whole model; null where that roofline is not known.</summary>
    private static double? Share(RunRecord record, PointRecord point, RooflineCeilings ceilings) =>
        WholeRooflineSeconds(record, point, ceilings) / RecordCost.StepSecondsOf(point);

    /// <summary>
    /// The roofline of the whole model's step, in seconds: of its plan. Of a model that is not in the catalogue it is that of the operations
    /// that the record holds, where these are all; of some of its layers alone the whole is not known.
    /// </summary>
    private static double? WholeRooflineSeconds(RunRecord record, PointRecord point, RooflineCeilings ceilings) =>
        RecordPlan.TryOf(record, point) is DecodeStepPlan plan ? Roofline.Of(plan, ceilings).Seconds
        : point.LayersMeasured == point.LayersTotal && point.Operations.Count > 0
            ? point.Operations.Sum(operation =>
                Roofline.Of(operation.WeightReadBytes + operation.KvReadBytes, operation.Flops, ceilings).Seconds
            )
        : null;

    private static double Median(double[] sorted) =>
        sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
