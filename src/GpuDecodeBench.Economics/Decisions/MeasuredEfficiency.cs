using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>
/// The share of the roofline's speed that a run reached, in place of the one that is assumed: the lowest, the median and the highest of
/// its valid points. The roofline is the datasheet's, as it is for predictions; where no datasheet is known, that of the run's own
/// ceilings. Of another device, model or format it is an extrapolation.
/// </summary>
public static class MeasuredEfficiency
{
    /// <summary>The efficiency of a run as an input.</summary>
    /// <param name="record">The run.</param>
    /// <exception cref="InputException">No valid point can be held against a datasheet or a ceiling.</exception>
    public static ModelInput Of(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        RooflineCeilings? datasheet = record.Device.Specification is { MemoryBytesPerSecond: double rate } known
            ? new RooflineCeilings(rate, known.Bf16FlopsPerSecond)
            : null;
        double[] shares =
        [
            .. record
                .Points.Where(point => point.Valid)
                .Select(point => RooflineSeconds(point, datasheet) / point.StepSeconds.Median)
                .OfType<double>()
                .Where(share => double.IsFinite(share) && share > 0)
                .Select(share => Math.Min(1, share))
                .Order(),
        ];
        if (shares.Length == 0)
        {
            throw new InputException(
                "No valid point of the record can be held against a datasheet or a read ceiling; give --efficiency."
            );
        }

        string yardstick = datasheet is null ? "the run's own ceilings, as no datasheet is known" : "the datasheet";
        string points = shares.Length == 1 ? "one valid point" : $"{shares.Length} valid points";
        return new ModelInput(
            PredictedCase.Efficiency,
            "share of the roofline's speed that is reached",
            "1",
            Median(shares),
            ProvenanceNote.Extrapolated(
                $"from {points} of {record.Model.Name} on {record.Device.Name}, against {yardstick}"
            )
        )
        {
            Low = shares[0],
            High = shares[^1],
        };
    }

    private static double? RooflineSeconds(PointRecord point, RooflineCeilings? datasheet) =>
        datasheet is null
            ? point.RooflineSeconds
            : Roofline.Of(point.WeightReadBytes + point.KvReadBytes, point.Flops, datasheet).Seconds;

    private static double Median(double[] sorted) =>
        sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
