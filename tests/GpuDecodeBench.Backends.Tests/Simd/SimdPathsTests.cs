using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Backends.Tests.Simd;

public class SimdPathsTests
{
    [Theory]
    [InlineData("avx512", SimdPath.Avx512)]
    [InlineData("avx2", SimdPath.Avx2)]
    [InlineData("portable", SimdPath.Portable)]
    [InlineData(" AVX2 ", SimdPath.Avx2)]
    public void AForcedPathIsTakenWhetherOrNotTheProcessorHasIt(string forced, SimdPath expected) =>
        Assert.Equal(expected, SimdPaths.Choose(forced));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void WithoutASwitchTheBestPathOfTheProcessorIsTaken(string? forced)
    {
        Assert.Equal(SimdPaths.Best, SimdPaths.Choose(forced));
        Assert.Equal(SimdPaths.All.First(SimdPaths.IsSupported), SimdPaths.Best);
    }

    [Theory]
    [InlineData("sse")]
    [InlineData("avx-512")]
    [InlineData("0")]
    public void AnUnknownNameIsRefusedWithTheNamesThatAreAccepted(string forced)
    {
        string message = Assert.Throws<InputException>(() => SimdPaths.Choose(forced)).Message;
        Assert.Contains($"{SimdPaths.Variable} '{forced}'", message, StringComparison.Ordinal);
        Assert.Contains("avx512, avx2 or portable", message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThePortablePathIsThereOnEveryProcessor() => Assert.True(SimdPaths.IsSupported(SimdPath.Portable));
}
