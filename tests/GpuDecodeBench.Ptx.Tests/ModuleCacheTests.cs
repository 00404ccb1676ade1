namespace GpuDecodeBench.Ptx.Tests;

/// <summary>Modules that were read once are not read again, and serve several devices.</summary>
public sealed class ModuleCacheTests
{
    [Fact]
    public void TheSameTextIsReadOnce()
    {
        var cache = new PtxModuleCache(2);
        var first = cache.Load(Text(1));
        Assert.Same(first, cache.Load(Text(1)));
        Assert.NotSame(first, cache.Load(Text(2)));
    }

    [Fact]
    public void TheModuleNotAskedForLongestGoesFirst()
    {
        var cache = new PtxModuleCache(2);
        var first = cache.Load(Text(1));
        var second = cache.Load(Text(2));
        Assert.Same(first, cache.Load(Text(1)));
        _ = cache.Load(Text(3));
        Assert.Same(first, cache.Load(Text(1)));
        Assert.NotSame(second, cache.Load(Text(2)));
    }

    [Fact]
    public void TextThatIsNoModuleIsRefusedEachTime()
    {
        var cache = new PtxModuleCache(1);
        Assert.Throws<PtxException>(() => cache.Load(Snippet.Text("jump.around %d0;")));
        Assert.Throws<PtxException>(() => cache.Load(Snippet.Text("jump.around %d0;")));
    }

    [Fact]
    public void OneModuleServesTwoDevicesAtOnce()
    {
        var kernel = new PtxModuleCache(1).Load(Text(5)).Kernels["k"];
        ulong[] sums = new ulong[8];
        Parallel.For(
            0,
            sums.Length,
            i =>
            {
                using var device = new EmulatedDevice(new() { Workers = 1 });
                var input = device.Upload<ulong>("in", [(ulong)i, 0, 0]);
                var output = device.GlobalMemory.Allocate(8, "out");
                device.Run(kernel, 1, 1, new Parameters().Add(input).Add(output));
                sums[i] = device.Download<ulong>(output, 1)[0];
            }
        );
        Assert.Equal([.. Enumerable.Range(0, sums.Length).Select(i => (ulong)i + 5)], sums);
    }

    private static string Text(int addend) => Snippet.Text($"add.s64 %d0, %d1, {addend};");
}
