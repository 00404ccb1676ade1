using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>
/// The share of the datasheet's roofline that a run reached, in place of the one that is assumed: the lowest, the median and the highest
/// of its valid points. Of another device, model or format it is an extrapolation.
/// </summary>
public static class MeasuredEfficiency
{
    /// <summary>The efficiency of a run as an input.</summary>
    /// <param name="record">The run.</param>
    /// <exception cref="InputException">No valid point has a bandwidth that can be held against a datasheet or a ceiling.</exception>
    public static ModelInput Of(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        PointRecord[] valid = [.. record.Points.Where(point => point.Valid)];
        double[] ofSpecification = [.. valid.Select(point => point.MbuOfSpec).OfType<double>().Order()];
        double[] ofCeiling = [.. valid.Select(point => point.MbuOfCeiling).OfType<double>().Order()];
        (double[] shares, string yardstick) =
            ofSpecification.Length > 0
                ? (ofSpecification, "the datasheet's bandwidth")
                : (ofCeiling, "the read ceiling, as no datasheet of the device is known");
        if (shares.Length == 0)
        {
            throw new InputException(
                "No valid point of the record has a bandwidth that can be held against a datasheet or a read ceiling; give --efficiency."
            );
        }

        return new ModelInput(
            PredictedCase.Efficiency,
            "share of the roofline's speed that is reached",
            "1",
            Math.Min(1, Median(shares)),
            ProvenanceNote.Extrapolated(
                $"of {yardstick} by {shares.Length} valid {(shares.Length == 1 ? "point" : "points")} of {record.Model.Name} on {record.Device.Name}"
            )
        )
        {
            Low = Math.Min(1, shares[0]),
            High = Math.Min(1, shares[^1]),
        };
    }

    private static double Median(double[] sorted) =>
        sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
