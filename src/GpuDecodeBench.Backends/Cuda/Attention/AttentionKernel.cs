using System.Globalization;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Cuda.Attention;

/// <summary>One of the attention kernels, without its KV format.</summary>
/// <param name="IsLatent">Whether it is for latents.</param>
/// <param name="UsesMatrixInstructions">Whether it needs sm_80; else it takes every shape on every GPU.</param>
/// <param name="Dimension">The one head dimension that it is for; 0 for any.</param>
/// <param name="Heads">Query heads of a block.</param>
/// <param name="Columns">Columns of the result that a block computes at most.</param>
/// <param name="Threads">Threads of a block.</param>
/// <param name="StepTokens">Tokens that a team, or for latents a block, takes at once.</param>
/// <param name="StepsAtOnce">Steps that a block has under way at a time.</param>
/// <param name="BlocksPerMultiprocessor">Blocks that are expected to fit on a multiprocessor by their registers.</param>
internal readonly record struct AttentionKernel(
    bool IsLatent,
    bool UsesMatrixInstructions,
    int Dimension,
    int Heads,
    int Columns,
    int Threads,
    int StepTokens,
    int StepsAtOnce,
    int BlocksPerMultiprocessor
)
{
    private const int LatentDimension = 576;
    private const int LatentValues = 512;

    /// <summary>The kernel for a problem.</summary>
    public static AttentionKernel Of(in AttentionProblem problem, bool hasMatrix)
    {
        KvLayout kv = problem.Kv;
        if (kv.IsLatent)
        {
            return hasMatrix && kv.HeadDimension == LatentDimension && problem.ValueDimension == LatentValues
                ? new AttentionKernel(
                    true,
                    true,
                    LatentDimension,
                    problem.Heads <= 16 ? 16 : 64,
                    LatentValues,
                    256,
                    32,
                    2,
                    1
                )
                : new AttentionKernel(true, false, 0, 8, 512, 128, 16, 4, 4);
        }

        if (!hasMatrix || kv.HeadDimension is not (64 or 96 or 128 or 256))
        {
            return new AttentionKernel(false, false, 0, 8, 256, 128, 16, 4, 4);
        }

        int heads = kv.HeadDimension == 128 && problem.Heads / kv.KvHeads > 8 ? 16 : 8;
        int stepTokens = 64 / kv.BytesPerElement;
        int blocks = kv.HeadDimension <= 96 ? 3 : 2;
        return new AttentionKernel(false, true, kv.HeadDimension, heads, kv.HeadDimension, 128, stepTokens, 4, blocks);
    }

    /// <summary>The module for a KV format.</summary>
    public string Module(KvLayout kv) => (IsLatent ? "attention_latent_" : "attention_") + kv.Format.Name();

    /// <summary>The kernel's name for a KV format.</summary>
    public string Name(KvLayout kv) =>
        (IsLatent ? "attention_latent_" : "attention_")
        + (
            UsesMatrixInstructions
                ? string.Create(CultureInfo.InvariantCulture, $"mma_{kv.Format.Name()}_d{Dimension}_h{Heads}")
                : $"fma_{kv.Format.Name()}"
        );

    /// <summary>Blocks for one new token and one split.</summary>
    public int BlocksPerToken(in AttentionProblem problem)
    {
        int group = problem.Heads / problem.Kv.KvHeads;
        return problem.Kv.KvHeads
            * AttentionChoice.DividedUp(group, Heads)
            * AttentionChoice.DividedUp(problem.ValueDimension, Columns);
    }
}
