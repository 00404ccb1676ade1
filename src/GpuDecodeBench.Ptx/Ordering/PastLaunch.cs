using GpuDecodeBench.Ptx.Counters;

namespace GpuDecodeBench.Ptx.Ordering;

/// <summary>A launch that may still run while later ones do.</summary>
/// <param name="Number">Its place among the launches of its chain, from 1.</param>
/// <param name="Kernel">Its kernel's name.</param>
/// <param name="Written">What it wrote, by the allocation's index; atomics included.</param>
/// <param name="Read">
/// What it read. Nothing where it lets no kernel start before its CTAs have ended: its reads are over then, while what it wrote may not
/// be visible yet.
/// </param>
internal sealed record PastLaunch(
    long Number,
    string Kernel,
    IReadOnlyList<(int Allocation, TouchedBytes Bytes)> Written,
    IReadOnlyList<(int Allocation, TouchedBytes Bytes)> Read
)
{
    public static PastLaunch Of(long number, string kernel, WorkerCounters counters, bool letsNextStart) =>
        new(
            number,
            kernel,
            Touched(counters, static use => use.Written),
            letsNextStart ? Touched(counters, static use => use.Read) : []
        );

    private static List<(int Allocation, TouchedBytes Bytes)> Touched(
        WorkerCounters counters,
        Func<AllocationUse, PagedBitmap> which
    )
    {
        var all = new List<(int Allocation, TouchedBytes Bytes)>();
        foreach (var (allocation, use) in counters.Uses)
        {
            if (TouchedBytes.Of(which(use)) is { } touched)
            {
                all.Add((allocation, touched));
            }
        }
        return all;
    }
}
