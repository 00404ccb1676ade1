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

    private static readonly int[] s_matrixDimensions = [64, 96, 128, 256];

    /// <summary>What should do well without having been measured.</summary>
    public static AttentionChoice Of(
        AttentionShape attention,
        KvLayout layout,
        IReadOnlyList<int> contextTokens,
        bool hasMatrix,
        BlocksAtOnce blocksAtOnce
    ) => Candidates(attention, layout, contextTokens, hasMatrix, blocksAtOnce)[0];

    /// <summary>
    /// All that may be fastest, the guess first: each kernel that can do it with the number of splits that suits it, half, twice and
    /// four times as many, but never more than there is work for.
    /// </summary>
    public static IReadOnlyList<AttentionChoice> Candidates(
        AttentionShape attention,
        KvLayout layout,
        IReadOnlyList<int> contextTokens,
        bool hasMatrix,
        BlocksAtOnce blocksAtOnce
    )
    {
        int group = attention.Heads / layout.KvHeads;
        int longest = contextTokens.Max(attention.SpanTokens);
        var found = new List<AttentionChoice>();
        foreach (
            Kernels kernels in layout.IsLatent
                ? Latent(attention, layout, hasMatrix)
                : Grouped(layout, group, hasMatrix)
        )
        {
            int headBlocks = layout.KvHeads * ((group + kernels.Heads - 1) / kernels.Heads);
            int most = Math.Max(1, longest / kernels.TokensPerSplit);
            int guess = SplitsFor(
                (long)headBlocks * kernels.Passes * contextTokens.Count,
                most,
                Math.Max(1, blocksAtOnce(kernels.Module, kernels.Name, kernels.Threads))
            );
            foreach (int splits in SplitsAround(guess, most))
            {
                found.Add(
                    new AttentionChoice(
                        kernels.Module,
                        kernels.Name,
                        kernels.Threads,
                        splits,
                        kernels.Passes,
                        headBlocks
                    )
                );
            }
        }

        return found;
    }

    /// <summary>What of an attention decides how it is best launched.</summary>
    public static string Shape(AttentionShape attention, KvLayout layout, IReadOnlyList<int> contextTokens)
    {
        int shortest = contextTokens.Min();
        int longest = contextTokens.Max();
        string heads = layout.IsLatent
            ? string.Create(CultureInfo.InvariantCulture, $"latents of {layout.HeadDimension}, {attention.Heads} heads")
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{layout.KvHeads} KV heads of {layout.HeadDimension}, groups of {attention.Heads / layout.KvHeads}"
            );
        string contexts =
            shortest == longest
                ? string.Create(CultureInfo.InvariantCulture, $"{contextTokens.Count} x {longest} tokens")
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{contextTokens.Count} x {shortest} to {longest} tokens, {contextTokens.Sum(tokens => (long)tokens)} in all"
                );
        string window = attention.Window is int size
            ? string.Create(CultureInfo.InvariantCulture, $", window {size}")
            : "";
        return $"{layout.Format.Name()} {heads}, {contexts}{window}";
    }

    /// <summary>The choice in words, for records.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Kernel}, {Splits} {(Splits == 1 ? "split" : "splits")}");

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

    private static IEnumerable<int> SplitsAround(int guess, int most) =>
        new[] { guess, guess / 2, 2 * guess, 4 * guess }
            .Where(splits => splits >= 1)
            .Select(splits => splits == guess ? guess : Math.Min(splits, most))
            .Distinct();

    /// <summary>The kernels that can do it, the one that should be fastest first.</summary>
    private static IEnumerable<Kernels> Grouped(KvLayout layout, int group, bool hasMatrix)
    {
        string format = layout.Format.Name();
        Kernels plain = Plain($"attention_{format}", $"attention_fma_{format}", layout.HeadDimension, PlainColumns);
        if (!hasMatrix || !s_matrixDimensions.Contains(layout.HeadDimension))
        {
            return [plain];
        }

        // Steps of 32 or 64 tokens, for each of four teams.
        int tokens = Teams * (layout.BytesPerElement == 1 ? 64 : 32);
        Kernels ForHeads(int heads) =>
            new(
                $"attention_{format}",
                string.Create(CultureInfo.InvariantCulture, $"attention_mma_{format}_d{layout.HeadDimension}_h{heads}"),
                ThreadsHere,
                heads,
                1,
                tokens
            );
        return group > 8 && layout.HeadDimension == WideGroupDimension
            ? [ForHeads(16), ForHeads(8), plain]
            : [ForHeads(8), plain];
    }

    private static IEnumerable<Kernels> Latent(AttentionShape attention, KvLayout layout, bool hasMatrix)
    {
        string format = layout.Format.Name();
        int values = ((MultiHeadLatentAttention)attention).LatentDimension;
        Kernels plain = Plain(
            $"attention_latent_{format}",
            $"attention_latent_fma_{format}",
            values,
            PlainLatentColumns
        );
        if (!hasMatrix || layout.HeadDimension != LatentDimension || values != LatentValues)
        {
            return [plain];
        }

        Kernels ForHeads(int heads) =>
            new(
                $"attention_latent_{format}",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"attention_latent_mma_{format}_d{LatentDimension}_h{heads}"
                ),
                LatentThreads,
                heads,
                1,
                32
            );
        return attention.Heads switch
        {
            <= 16 => [ForHeads(16), plain],
            <= 32 => [ForHeads(32), ForHeads(16), plain],
            _ => [ForHeads(64), ForHeads(32), ForHeads(16), plain],
        };
    }

    private static Kernels Plain(string module, string name, int columns, int columnsPerPass) =>
        new(
            module,
            name,
            ThreadsHere,
            PlainHeads,
            (columns + columnsPerPass - 1) / columnsPerPass,
            CudaKvCache.PageTokens
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
        int TokensPerSplit
    );
}
