using GpuDecodeBench.Ptx.Counters;
using GpuDecodeBench.Ptx.Memory;

namespace GpuDecodeBench.Ptx.Ordering;

/// <summary>What launches that may still run do to one allocation.</summary>
internal sealed class RunningAccesses
{
    public List<(PastLaunch Launch, TouchedBytes Bytes)> Writers { get; } = [];

    public List<(PastLaunch Launch, TouchedBytes Bytes)> Readers { get; } = [];

    /// <summary>The latest launch that an access to a range conflicts with; null where none.</summary>
    public (PastLaunch Launch, long Offset, bool Wrote)? Conflict(long offset, long count, AccessKind kind) =>
        Latest(Writers, offset, count) is { } writer ? (writer.Launch, writer.Offset, true)
        : kind is AccessKind.Write or AccessKind.Atomic && Latest(Readers, offset, count) is { } reader
            ? (reader.Launch, reader.Offset, false)
        : null;

    private static (PastLaunch Launch, long Offset)? Latest(
        List<(PastLaunch Launch, TouchedBytes Bytes)> launches,
        long offset,
        long count
    )
    {
        for (var i = launches.Count - 1; i >= 0; i--)
        {
            var found = launches[i].Bytes.FirstWithin(offset, count);
            if (found >= 0)
            {
                return (launches[i].Launch, found);
            }
        }
        return null;
    }
}
