using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Physics;

/// <summary>
/// The batches at which something changes, found from plans at those batches: neither the weights of a step (experts) nor what it holds
/// (buffers) grows with the batch as it does at the batch at hand.
/// </summary>
public static class CriticalBatches
{
    /// <summary>
    /// The inputs of <see cref="PhysicsEquations"/> that are batches; unavailable where nothing changes up to
    /// <see cref="StepConditions.LargestBatch"/> sequences.
    /// </summary>
    /// <param name="planAt">The step's plan at a batch.</param>
    /// <param name="physics">The other inputs (<see cref="PhysicsInputs"/>), whose rates, memory and <c>usable</c> share hold.</param>
    public static IReadOnlyList<ModelInput> Inputs(Func<int, DecodeStepPlan> planAt, IReadOnlyList<ModelInput> physics)
    {
        ArgumentNullException.ThrowIfNull(planAt);
        ArgumentNullException.ThrowIfNull(physics);
        ModelInput rate = Find("hbm_rate");
        ModelInput peak = Find("flops_peak");
        ModelInput size = Find("hbm_size");
        ModelInput usable = Find("usable");
        return
        [
            Input(
                "batch_of_ridge",
                "smallest batch with at least the ridge's operations for each byte of weights",
                [peak, rate],
                () => Smallest(IsBoundByArithmetic),
                "none"
            ),
            Input(
                "batch_of_cache",
                "smallest batch whose cache takes more reading than its weights",
                [],
                () => Smallest(batch => planAt(batch).Totals.KvReadBytes > planAt(batch).Totals.WeightReadBytes),
                "none"
            ),
            Input(
                "batch_in_memory",
                "largest batch that fits, with its buffers",
                [size, usable],
                () => Below(Fits),
                "every one"
            ),
        ];

        ModelInput Find(string symbol) => physics.Single(input => input.Symbol == symbol);

        bool IsBoundByArithmetic(int batch)
        {
            DecodeStepPlan step = planAt(batch);
            long operations = step.Totals.Flops - PhysicsInputs.AttentionFlops(step);
            return operations * rate.BaseValue >= step.Totals.WeightReadBytes * peak.BaseValue;
        }

        bool Fits(int batch) =>
            planAt(batch).Memory.TotalBytes <= UsableMemory.Bytes((long)Math.Round(size.BaseValue), usable.BaseValue);
    }

    /// <summary>The largest batch up to which something holds, 0 for none; null where it holds of all that are planned.</summary>
    private static int? Below(Func<int, bool> holds) =>
        BatchSearch.Largest(StepConditions.LargestBatch, holds) switch
        {
            null => 0,
            StepConditions.LargestBatch => null,
            int batch => batch,
        };

    /// <summary>The smallest batch from which something holds; null where it does not up to the largest that is planned.</summary>
    private static int? Smallest(Func<int, bool> holds) => Below(batch => !holds(batch)) + 1;

    private static ModelInput Input(
        string symbol,
        string name,
        ModelInput[] restsOn,
        Func<int?> find,
        string whatOfAllPlanned
    )
    {
        if (Array.Find(restsOn, input => input.Value is null) is ModelInput unknown)
        {
            return new ModelInput(symbol, name, "1", null, unknown.Provenance);
        }

        return find() is int batch
            ? new ModelInput(
                symbol,
                name,
                "1",
                batch,
                DerivedProvenance.Of(restsOn.Select(input => (input.Symbol, input.Provenance)))
            )
            : new ModelInput(
                symbol,
                name,
                "1",
                null,
                ProvenanceNote.Unavailable(
                    "noSuchBatch",
                    $"{name}: {whatOfAllPlanned} up to {StepConditions.LargestBatch}, the largest that is planned"
                )
            );
    }
}
