using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>The time of all executions of one operation in a step together, as far as the clock saw them.</summary>
/// <param name="Seconds">The time in seconds; null where it is not known.</param>
/// <param name="Provenance">Where it comes from, where it is not simply measured; null where it is.</param>
internal sealed record OperationTime(double? Seconds, ProvenanceNote? Provenance)
{
    /// <summary>
    /// The sum where every execution was seen. Executions that were not take the mean of those that do the same work (the same bytes
    /// and FLOPs), where half of all or more were seen and each has such a partner: what a layer that was not run takes, by the same
    /// rule (docs/method.md). Else the time is not known: a sum that lacks a part is no time of the operation.
    /// </summary>
    /// <param name="executions">The executions, at least one.</param>
    /// <param name="secondsOf">The time that the clock saw in an execution, in seconds; null where that is no measurement.</param>
    public static OperationTime Of(
        IReadOnlyCollection<PlanOperation> executions,
        Func<PlanOperation, double?> secondsOf
    )
    {
        (PlanOperation Operation, double? Seconds)[] all =
        [
            .. executions.Select(operation => (operation, secondsOf(operation))),
        ];
        int seen = all.Count(one => one.Seconds is not null);
        if (seen == all.Length)
        {
            return new OperationTime(all.Sum(one => one.Seconds!.Value), null);
        }

        double sum = 0;
        foreach (var alike in all.GroupBy(one => Work(one.Operation)))
        {
            double[] known = [.. alike.Select(one => one.Seconds).OfType<double>()];
            if (known.Length == 0 || 2 * seen < all.Length)
            {
                return new OperationTime(
                    null,
                    ProvenanceNote.Unavailable(OperationRecord.TimesUncertain, Words(seen, all.Length))
                );
            }

            sum += known.Average() * alike.Count();
        }

        return new OperationTime(sum, ProvenanceNote.Extrapolated(Words(seen, all.Length)));
    }

    private static string Words(int seen, int all) => $"the clock saw time pass in {seen} of {all} executions";

    private static (long, long, long, long) Work(PlanOperation operation) =>
        (operation.CompulsoryReadBytes, operation.ReadBytes, operation.WriteBytes, operation.Flops);
}
