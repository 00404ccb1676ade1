using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>A step that a lever may lead to: everything that its plan and its time depend on.</summary>
public sealed record StepTarget
{
    /// <summary>The model.</summary>
    public required ModelShape Model { get; init; }

    /// <summary>The formats.</summary>
    public required StepFormats Formats { get; init; }

    /// <summary>Sequences decoded together.</summary>
    public required int Batch { get; init; }

    /// <summary>Tokens of context of each sequence.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>Devices that share each layer.</summary>
    public int TensorParallel { get; init; } = 1;

    /// <summary>Tokens in a block of the paged cache.</summary>
    public int KvBlockTokens { get; init; } = StepConditions.DefaultKvBlockTokens;

    /// <summary>The device, of the catalogue; null for one that was measured and is kept.</summary>
    public HardwareEntry? Hardware { get; init; }

    /// <summary>The step of a plan whose sequences have one length.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="hardware">The device; null for the one that was measured.</param>
    public static StepTarget Of(DecodeStepPlan plan, HardwareEntry? hardware)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new StepTarget
        {
            Model = plan.Model,
            Formats = plan.Conditions.Formats,
            Batch = plan.Conditions.Batch,
            ContextTokens = plan.Conditions.ContextTokens.Max(),
            TensorParallel = plan.Conditions.TensorParallel,
            KvBlockTokens = plan.Conditions.KvBlockTokens,
            Hardware = hardware,
        };
    }
}
