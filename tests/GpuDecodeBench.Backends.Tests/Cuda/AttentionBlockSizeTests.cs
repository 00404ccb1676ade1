using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>
/// Block tables of 32 and 64 tokens name the same pages as tables of 16, and attention over them gives the same results to the bit.
/// Those with blocks of 16 are held against the reference elsewhere.
/// </summary>
public sealed class AttentionBlockSizeTests
{
    private const int Seed = 20_261_129;

    /// <summary>Pages of the longest sequence, in whole blocks of 64 tokens.</summary>
    private const int TablePages = 12;

    private static readonly int[] s_contexts = [1, 40, 130, 64, 177];

    private static readonly GroupedQueryAttention s_grouped = new()
    {
        Heads = 6,
        KvHeads = 2,
        HeadDimension = 64,
        Window = 100,
        Rope = new RopeShape { Theta = 10_000 },
    };

    private static readonly MultiHeadLatentAttention s_latent = TestModels.Latents(5);

    public static TheoryData<int, KvFormat> Cases
    {
        get
        {
            var cases = new TheoryData<int, KvFormat>();
            foreach (int architecture in new[] { 75, 90 })
            {
                foreach (KvFormat format in FormatNames.AllKvFormats)
                {
                    cases.Add(architecture, format);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void GroupedHeadsComeToTheSameWhateverTheBlocks(int architecture, KvFormat format) =>
        AssertSame(architecture, s_grouped, new KvLayout(format, s_grouped.KvHeads, s_grouped.HeadDimension), 64);

    [Theory]
    [MemberData(nameof(Cases))]
    public void LatentsComeToTheSameWhateverTheBlocks(int architecture, KvFormat format) =>
        AssertSame(architecture, s_latent, new KvLayout(format, 1, 576) { IsLatent = true }, 512);

    private static void AssertSame(int architecture, AttentionShape attention, KvLayout layout, int valueDimension)
    {
        var random = new Random(Seed);
        using var device = (CudaDevice)new EmulatorBackend(architecture).Open(EmulatorBackend.BackendName);
        CudaContext context = device.Context;
        int pages = s_contexts.Length * TablePages;
        using var cache = new CudaKvCache(context, 0, layout, pages, new SyntheticKv(Seed, 0, layout));
        // Bytes without bit 6 are finite numbers below 2 in every format.
        cache.Buffer.CopyFrom(RandomBytes(random, cache.Bytes, 0xBF));
        int width = attention.Heads * layout.HeadDimension;
        using CudaBuffer queries = context.Allocate(2L * s_contexts.Length * width, "queries");
        queries.CopyFrom(RandomBytes(random, queries.Bytes, 0xBF));
        using CudaBuffer contexts = context.Allocate(sizeof(int) * s_contexts.Length, "contexts");
        contexts.CopyFrom(MemoryMarshal.AsBytes<int>(s_contexts));
        using CudaBuffer table = context.Allocate(sizeof(int) * pages, "block table");
        using CudaBuffer output = context.Allocate(2L * s_contexts.Length * attention.Heads * valueDimension, "output");
        int[] blocksOf64 = [.. Enumerable.Range(0, pages / 4)];
        random.Shuffle(blocksOf64);
        AttentionChoice choice = AttentionChoice.Of(
            attention,
            layout,
            s_contexts,
            device.Kernels.HasMatrixInstructions,
            (_, _, _) => 1
        );
        Assert.Equal(1, choice.Splits);

        byte[] Results(int blockPagesLog2, IEnumerable<int> blocks)
        {
            table.CopyFrom(MemoryMarshal.AsBytes<int>(blocks.ToArray()));
            using CudaStream stream = context.CreateStream();
            stream.Launch(
                new CudaLaunch(
                    device.Kernels.Get(choice.Module, choice.Kernel),
                    choice.Grid(s_contexts.Length),
                    new CudaDim3(choice.Threads)
                ),
                new AttentionArguments
                {
                    Queries = queries.Address,
                    Output = output.Address,
                    Cache = cache.Address,
                    Contexts = contexts.Address,
                    BlockTables = table.Address,
                    PageBytes = (ulong)cache.PageBytes,
                    HeadBytes = cache.HeadBytes,
                    QueryStride = width,
                    OutputStride = attention.Heads * valueDimension,
                    MaxBlocks = TablePages >> blockPagesLog2,
                    BlockPagesLog2 = blockPagesLog2,
                    Tokens = s_contexts.Length,
                    Heads = attention.Heads,
                    KvHeads = layout.KvHeads,
                    Dimension = layout.HeadDimension,
                    ValueDimension = valueDimension,
                    Window = attention.Window ?? 0,
                    Splits = 1,
                    ScoreScale = 0.125f,
                    KeyScale = 1,
                    ValueScale = 1,
                },
                "attention"
            );
            stream.Synchronize();
            var results = new byte[output.Bytes];
            output.CopyTo(results);
            return results;
        }

        byte[] expected = Results(0, blocksOf64.SelectMany(block => Enumerable.Range(4 * block, 4)));
        Assert.Contains(expected, each => each != 0);
        Assert.Equal(expected, Results(1, blocksOf64.SelectMany(block => Enumerable.Range(2 * block, 2))));
        Assert.Equal(expected, Results(2, blocksOf64));
        Assert.NotEqual(expected, Results(2, Enumerable.Reverse(blocksOf64)));
    }

    private static byte[] RandomBytes(Random random, long count, byte mask)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] &= mask;
        }

        return bytes;
    }
}
