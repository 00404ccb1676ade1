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
    private const int PlainLatentColumns = 512;

    /// <summary>The only head dimension with kernels for sixteen heads at once.</summary>
    private const int WideGroupDimension = 128;

    /// <summary>DeepSeek's latent and rotated elements, which the kernels on matrix instructions are made for.</summary>
    private const int LatentDimension = 576;
    private const int LatentValues = 512;
    private const int LatentThreads = 256;

    /// <summary>Blocks that a multiprocessor holds: the kernels take about 200 registers a thread.</summary>
    private const int BlocksPerMultiprocessorHere = 2;

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
        Kernels kernels = layout.IsLatent
            ? Latent(attention, layout, hasMatrix)
            : Grouped(layout, attention, hasMatrix);
        int group = attention.Heads / layout.KvHeads;
        int headBlocks = layout.KvHeads * ((group + kernels.Heads - 1) / kernels.Heads);
        int longest = contextTokens.Max(attention.SpanTokens);
        int splits = SplitsFor(
            (long)headBlocks * kernels.Passes * contextTokens.Count,
            Math.Max(1, longest / kernels.TokensPerSplit),
            multiprocessors * kernels.BlocksPerMultiprocessor
        );
        return new AttentionChoice(kernels.Module, kernels.Name, kernels.Threads, splits, kernels.Passes, headBlocks);
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

    private static Kernels Grouped(KvLayout layout, AttentionShape attention, bool hasMatrix)
    {
        string format = layout.Format.Name();
        int group = attention.Heads / layout.KvHeads;
        if (!hasMatrix || !s_matrixDimensions.Contains(layout.HeadDimension))
        {
            return Plain($"attention_{format}", $"attention_fma_{format}", layout.HeadDimension, PlainColumns);
        }

        // Steps of 32 or 64 tokens, for each of four teams.
        int tokens = Teams * (layout.BytesPerElement == 1 ? 64 : 32);
        int heads = group > 8 && layout.HeadDimension == WideGroupDimension ? 16 : 8;
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"attention_mma_{format}_d{layout.HeadDimension}_h{heads}"
        );
        return new Kernels($"attention_{format}", name, ThreadsHere, heads, 1, tokens, BlocksPerMultiprocessorHere);
    }

    private static Kernels Latent(AttentionShape attention, KvLayout layout, bool hasMatrix)
    {
        string format = layout.Format.Name();
        int values = ((MultiHeadLatentAttention)attention).LatentDimension;
        if (!hasMatrix || layout.HeadDimension != LatentDimension || values != LatentValues)
        {
            return Plain($"attention_latent_{format}", $"attention_latent_fma_{format}", values, PlainLatentColumns);
        }

        int heads = attention.Heads <= 16 ? 16 : 64;
        string name = string.Create(
            CultureInfo.InvariantCulture,
            $"attention_latent_mma_{format}_d{LatentDimension}_h{heads}"
        );
        return new Kernels($"attention_latent_{format}", name, LatentThreads, heads, 1, 32, 1);
    }

    private static Kernels Plain(string module, string name, int columns, int columnsPerPass) =>
        new(
            module,
            name,
            ThreadsHere,
            PlainHeads,
            (columns + columnsPerPass - 1) / columnsPerPass,
            CudaKvCache.PageTokens,
            BlocksPerMultiprocessorHere
        );

    private static double Efficiency(long blocks, int slots)
    {
        double waves = (double)blocks / slots;
        return waves / Math.Ceiling(waves);
    }

    /// <summary>A kernel and what a block of it takes.</summary>
    private readonly record struct Kernels(
        string Module,
        string Name,
        int Threads,
        int Heads,
        int Passes,
        int TokensPerSplit,
        int BlocksPerMultiprocessor
    );
}
