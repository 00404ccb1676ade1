using Xunit.Abstractions;

[assembly: TestCollectionOrderer("GpuDecodeBench.Backends.Tests.LongestFirst", "GpuDecodeBench.Backends.Tests")]

namespace GpuDecodeBench.Backends.Tests;

/// <summary>
/// Begins with the classes that take longest. xunit runs a class on one thread and takes classes in an order of chance: one of minutes
/// that came last had a core wait for it.
/// </summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>The classes of more than some ten seconds, the longest first. One that is not named here is short, or runs later than it should.</summary>
    private static readonly string[] s_longest =
    [
        nameof(EmulatedTuringTests),
        nameof(Cuda.Traffic.LinearTrafficTests),
        nameof(Cuda.Tuning.EmulatedTuningTests),
        nameof(EmulatedAmpereTests),
        nameof(Cuda.Traffic.LinearVariantTests),
        nameof(Cuda.EarlyLaunchTests),
        nameof(Cuda.Traffic.AttentionTrafficTests),
        nameof(EmulatedHopperTests),
        nameof(Cuda.Ceilings.CudaCeilingsTests),
        nameof(Cuda.Traffic.KernelModulesTests),
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(Place);

    /// <summary>A collection that xunit makes of a class is called "Test collection for" and the class.</summary>
    private static int Place(ITestCollection collection)
    {
        int place = Array.FindIndex(
            s_longest,
            name => collection.DisplayName.EndsWith('.' + name, StringComparison.Ordinal)
        );
        return place < 0 ? s_longest.Length : place;
    }
}
