using System.Globalization;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>How attention is launched.</summary>
/// <param name="Module">The module of its kernel.</param>
/// <param name="Kernel">The kernel.</param>
/// <param name="Threads">Threads of a block.</param>
/// <param name="Splits">Parts that a sequence's tokens are divided into.</param>
/// <param name="PassesPerSplit">Blocks that each do a part of the result for the same tokens.</param>
/// <param name="HeadBlocks">Blocks for the heads of a token.</param>
internal readonly record struct AttentionChoice(
    string Module,
    string Kernel,
    int Threads,
    int Splits,
    int PassesPerSplit,
    int HeadBlocks
)
{
    private const int ThreadsHere = 128;
    private const int Teams = 4;

    /// <summary>Heads and columns that a block of the kernels without matrix instructions takes.</summary>
    private const int PlainHeads = 8;
    private const int PlainColumns = 256;

    /// <summary>Blocks that a multiprocessor holds: the kernels take about 200 registers a thread.</summary>
    private const int BlocksPerMultiprocessor = 2;

    private static readonly int[] s_matrixDimensions = [64, 96, 128, 256];

    /// <summary>What should do well without having been measured.</summary>
    public static AttentionChoice Of(
        AttentionShape attention,
        KvLayout layout,
        IReadOnlyList<int> contextTokens,
        bool hasMatrix,
        int multiprocessors
    )
    {
        string format = layout.Format.Name();
        int group = attention.Heads / layout.KvHeads;
        if (attention is not GroupedQueryAttention)
        {
            throw new DeviceUnavailableException(
                "The CUDA backend has no kernels for latent attention yet; accepted: models with grouped-query attention."
            );
        }

        bool usesMatrix = hasMatrix && s_matrixDimensions.Contains(layout.HeadDimension);
        int heads = usesMatrix && group > 8 && layout.HeadDimension == 128 ? 16 : 8;
        int headBlocks = layout.KvHeads * ((group + heads - 1) / heads);
        int passes = usesMatrix ? 1 : (layout.HeadDimension + PlainColumns - 1) / PlainColumns;
        int step = usesMatrix && layout.BytesPerElement == 1 ? 64 : 32;
        int longest = contextTokens.Max(tokens => attention.SpanTokens(tokens));
        int splits = SplitsFor(
            (long)headBlocks * passes * contextTokens.Count,
            Math.Max(1, longest / (step * Teams)),
            multiprocessors * BlocksPerMultiprocessor
        );
        return new AttentionChoice(
            $"attention_{format}",
            usesMatrix
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"attention_mma_{format}_d{layout.HeadDimension}_h{heads}"
                )
                : $"attention_fma_{format}",
            ThreadsHere,
            splits,
            passes,
            headBlocks
        );
    }

    /// <summary>Blocks for a batch.</summary>
    public CudaDim3 Grid(int batch) => new(Splits, HeadBlocks * PassesPerSplit, batch);

    /// <summary>
    /// One split where the blocks fill four fifths of the device; else the fewest splits that reach 85 % of the best share of a
    /// device's waves that any number of splits reaches (FlashAttention's rule).
    /// </summary>
    internal static int SplitsFor(long blocks, int mostSplits, int slots)
    {
        if (blocks >= 0.8 * slots)
        {
            return 1;
        }

        double best = 0;
        for (int splits = 1; splits <= mostSplits; splits++)
        {
            best = Math.Max(best, Efficiency(blocks * splits, slots));
        }

        for (int splits = 1; splits <= mostSplits; splits++)
        {
            if (Efficiency(blocks * splits, slots) >= 0.85 * best)
            {
                return splits;
            }
        }

        return 1;
    }

    private static double Efficiency(long blocks, int slots)
    {
        double waves = (double)blocks / slots;
        return waves / Math.Ceiling(waves);
    }
}
