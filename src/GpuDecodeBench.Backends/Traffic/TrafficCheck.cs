using System.Globalization;

namespace GpuDecodeBench.Backends.Traffic;

/// <summary>What the operations of one name, or of a whole step, read and wrote, beside the plan.</summary>
public sealed record TrafficCheck
{
    /// <summary>The name of the sum over a step.</summary>
    public const string WholeStep = "whole step";

    /// <summary>The operations' name.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes of weights and KV that the plan has them read.</summary>
    public required long PlanReadBytes { get; init; }

    /// <summary>Distinct bytes of weights and KV that their kernels read.</summary>
    public required long ReadBytes { get; init; }

    /// <summary>Bytes that the layout may add, see <see cref="OperationTraffic.PaddingBytes"/>.</summary>
    public required long PaddingBytes { get; init; }

    /// <summary>Bytes that the layout may save, see <see cref="OperationTraffic.SavedBytes"/>.</summary>
    public required long SavedBytes { get; init; }

    /// <summary>Other bytes that the plan has them read: activations, tables.</summary>
    public required long PlanOtherReadBytes { get; init; }

    /// <summary>Other distinct bytes read.</summary>
    public required long OtherReadBytes { get; init; }

    /// <summary>Bytes that the plan has them write.</summary>
    public required long PlanWriteBytes { get; init; }

    /// <summary>Distinct bytes written.</summary>
    public required long WriteBytes { get; init; }

    /// <summary>Distinct bytes read and written that no plan counts.</summary>
    public required long ScratchBytes { get; init; }

    /// <summary>Loads of weights with their scales, and of KV.</summary>
    public required LoadTraffic Loads { get; init; }

    /// <summary>Loads of codes of weights, and of KV.</summary>
    public required LoadTraffic CodeLoads { get; init; }

    /// <summary>Accesses of single threads to local memory.</summary>
    public required long LocalAccesses { get; init; }

    /// <summary>Passes over shared memory that conflicts of banks cost.</summary>
    public required long SharedBankConflicts { get; init; }

    /// <summary>Instructions of all threads.</summary>
    public required long ThreadInstructions { get; init; }

    /// <summary>Whether each of the operations read what the plan says, see <see cref="OperationTraffic.AgreesWithPlan"/>.</summary>
    public required bool Agrees { get; init; }

    /// <summary>What was read of weights and KV beyond the plan's, as a share of it; null where the plan has none.</summary>
    public double? Difference => PlanReadBytes == 0 ? null : (double)(ReadBytes - PlanReadBytes) / PlanReadBytes;

    /// <summary>Operations that read weights or KV, one entry a name in their order, and the whole step.</summary>
    /// <param name="traffic">The step's operations.</param>
    public static IReadOnlyList<TrafficCheck> Of(IReadOnlyList<OperationTraffic> traffic)
    {
        ArgumentNullException.ThrowIfNull(traffic);
        return
        [
            .. traffic
                .GroupBy(operation => operation.Operation.Name)
                .Select(group => Sum(group.Key, [.. group]))
                .Where(check => check.PlanReadBytes > 0 || check.ReadBytes > 0),
            Sum(WholeStep, traffic),
        ];
    }

    /// <summary>What is wrong, one sentence; null where nothing is.</summary>
    public string? Failure =>
        Agrees
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Name} read {ReadBytes} bytes of weights and KV where the plan has {PlanReadBytes} and the layout adds {PaddingBytes} at most and saves {SavedBytes}"
            );

    /// <summary>A step in one sentence, with the operation that differs most from its plan.</summary>
    /// <param name="traffic">The step's operations.</param>
    public static string Sentence(IReadOnlyList<OperationTraffic> traffic)
    {
        IReadOnlyList<TrafficCheck> checks = Of(traffic);
        TrafficCheck step = checks[^1];
        TrafficCheck worst = checks.MaxBy(check => Math.Abs(check.Difference ?? 0))!;
        string verdict = step.Agrees ? "which its layout explains" : "which nothing explains";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"kernels read {step.ReadBytes} distinct bytes of weights and KV where the plan has {step.PlanReadBytes}; {worst.Name} differs most, by {100 * (worst.Difference ?? 0):+0.00;-0.00;0.00} %, {verdict}."
        );
    }

    private static TrafficCheck Sum(string name, IReadOnlyList<OperationTraffic> parts) =>
        new()
        {
            Name = name,
            PlanReadBytes = parts.Sum(part => part.Operation.CompulsoryReadBytes),
            ReadBytes = parts.Sum(part => part.CompulsoryReadBytes),
            PaddingBytes = parts.Sum(part => part.PaddingBytes),
            SavedBytes = parts.Sum(part => part.SavedBytes),
            PlanOtherReadBytes = parts.Sum(part => part.Operation.ActivationReadBytes),
            OtherReadBytes = parts.Sum(part => part.OtherReadBytes),
            PlanWriteBytes = parts.Sum(part => part.Operation.WriteBytes),
            WriteBytes = parts.Sum(part => part.KvWriteBytes + part.ActivationWriteBytes + part.WeightWriteBytes),
            ScratchBytes = parts.Sum(part => part.ScratchReadBytes + part.ScratchWriteBytes),
            Loads = parts.Aggregate(default(LoadTraffic), (sum, part) => sum + part.WeightLoads + part.KvLoads),
            CodeLoads = parts.Aggregate(default(LoadTraffic), (sum, part) => sum + part.CodeLoads + part.KvLoads),
            LocalAccesses = parts.Sum(part => part.LocalAccesses),
            SharedBankConflicts = parts.Sum(part => part.SharedBankConflicts),
            ThreadInstructions = parts.Sum(part => part.ThreadInstructions),
            Agrees = parts.All(part => part.AgreesWithPlan),
        };
}
