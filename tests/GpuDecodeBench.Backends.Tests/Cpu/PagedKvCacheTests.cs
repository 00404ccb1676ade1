using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Tests.Cpu;

/// <summary>Whatever is stored in the cache comes out again, and no two places share a byte.</summary>
public class PagedKvCacheTests
{
    private const int Blocks = 3;
    private const int Heads = 2;

    public static TheoryData<KvFormat, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<KvFormat, int>();
            foreach (KvFormat format in FormatNames.AllKvFormats)
            {
                foreach (int dimension in (int[])[1, 2, 3, 24, 31, 32, 33, 64, 65, 96, 128, 130])
                {
                    shapes.Add(format, dimension);
                }
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void EveryHeadOfEveryTokenComesOutAsItWentIn(KvFormat format, int dimension)
    {
        var synthetic = new SyntheticKv(1, 0, new KvLayout(format, Heads, dimension));
        using var cache = new PagedKvCache(synthetic.Layout, Blocks, synthetic);
        var codes = new byte[dimension * synthetic.Layout.BytesPerElement];
        foreach ((int block, int slot, int head, bool isValue) in Places())
        {
            ushort scale = synthetic.FillHead(block, slot, head, isValue, codes);
            cache.Store(block, slot, head, isValue, codes, scale);
        }

        var loaded = new byte[codes.Length];
        foreach ((int block, int slot, int head, bool isValue) in Places())
        {
            ushort scale = synthetic.FillHead(block, slot, head, isValue, codes);
            Assert.Equal(scale, cache.Load(block, slot, head, isValue, loaded));
            Assert.Equal(codes, loaded);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void ClearingABlockLeavesTheOthersAlone(KvFormat format, int dimension)
    {
        var synthetic = new SyntheticKv(1, 0, new KvLayout(format, Heads, dimension));
        using var cache = new PagedKvCache(synthetic.Layout, Blocks, synthetic);
        byte[] ones = [.. Enumerable.Repeat((byte)0x5A, dimension * synthetic.Layout.BytesPerElement)];
        foreach ((int block, int slot, int head, bool isValue) in Places())
        {
            cache.Store(block, slot, head, isValue, ones, 0x1234);
        }

        cache.ClearBlock(1);
        var loaded = new byte[ones.Length];
        foreach ((int block, int slot, int head, bool isValue) in Places())
        {
            ushort scale = cache.Load(block, slot, head, isValue, loaded);
            Assert.All(loaded, code => Assert.Equal(block == 1 ? 0 : 0x5A, code));
            Assert.Equal(format == KvFormat.Int8 && block != 1 ? 0x1234 : 0, scale);
        }
    }

    [Theory]
    [InlineData(KvFormat.Fp16)]
    [InlineData(KvFormat.Bf16)]
    [InlineData(KvFormat.Fp8)]
    [InlineData(KvFormat.Int8)]
    public void ABlockOfRegularHeadsTakesNotAByteMoreThanTheFormat(KvFormat format)
    {
        var layout = new KvLayout(format, Heads, 128);
        using var cache = new PagedKvCache(layout, Blocks, new SyntheticKv(1, 0, layout));
        Assert.Equal(Blocks * KvLayout.PageTokens * layout.BytesPerToken, cache.AllocatedBytes);
    }

    private static IEnumerable<(int Block, int Slot, int Head, bool IsValue)> Places() =>
        from block in Enumerable.Range(0, Blocks)
        from slot in Enumerable.Range(0, KvLayout.PageTokens)
        from head in Enumerable.Range(0, Heads)
        from isValue in (bool[])[false, true]
        select (block, slot, head, isValue);
}
