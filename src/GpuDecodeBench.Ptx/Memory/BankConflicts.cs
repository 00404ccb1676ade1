using System.Numerics;

namespace GpuDecodeBench.Ptx.Memory;

/// <summary>Counts the passes a request to shared memory needs beyond the fewest its width allows.</summary>
internal static unsafe class BankConflicts
{
    private const int Banks = 32;

    /// <summary>8-byte requests go by half warps, 16-byte requests by quarter warps.</summary>
    public static int Count(uint mask, ulong* addresses, int bytes)
    {
        if (Consecutive(mask, addresses, bytes))
        {
            return 0;
        }
        var lanesPerPass =
            bytes >= 16 ? 8
            : bytes == 8 ? 16
            : 32;
        var extra = 0;
        for (var first = 0; first < 32; first += lanesPerPass)
        {
            var part = mask & (uint)(((1ul << lanesPerPass) - 1) << first);
            if (part != 0)
            {
                extra += Worst(part, addresses, bytes) - 1;
            }
        }
        return extra;
    }

    private static bool Consecutive(uint mask, ulong* addresses, int bytes)
    {
        if (mask != uint.MaxValue)
        {
            return BitOperations.PopCount(mask) == 1;
        }
        var stride = addresses[1] - addresses[0];
        if (stride != 0 && stride != (ulong)bytes)
        {
            return false;
        }
        for (var lane = 1; lane < 32; lane++)
        {
            if (addresses[lane] - addresses[lane - 1] != stride)
            {
                return false;
            }
        }
        return true;
    }

    private static int Worst(uint lanes, ulong* addresses, int bytes)
    {
        var words = stackalloc uint[Banks * 32];
        var counts = stackalloc int[Banks];
        new Span<int>(counts, Banks).Clear();
        var worst = 1;
        for (; lanes != 0; lanes &= lanes - 1)
        {
            var address = addresses[BitOperations.TrailingZeroCount(lanes)];
            var last = (uint)((address + (ulong)bytes - 1) >> 2);
            for (var word = (uint)(address >> 2); word <= last; word++)
            {
                var bank = (int)(word & (Banks - 1));
                var known = new ReadOnlySpan<uint>(words + (bank * 32), counts[bank]);
                if (!known.Contains(word))
                {
                    words[(bank * 32) + counts[bank]++] = word;
                    worst = Math.Max(worst, counts[bank]);
                }
            }
        }
        return worst;
    }
}
