using System.Numerics;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>What lanes of a warp exchange.</summary>
internal static unsafe class WarpFunctions
{
    public static Action<Warp, uint> Shuffle(string mode, int a, int b, int c, int d, int p) =>
        (warp, mask) =>
        {
            var values = (uint*)(warp.Registers + a);
            var results = stackalloc uint[32];
            uint valid = 0;
            for (var rest = mask; rest != 0; rest &= rest - 1)
            {
                var lane = BitOperations.TrailingZeroCount(rest);
                var (source, inRange) = Source(
                    mode,
                    lane,
                    ((uint*)(warp.Registers + b))[lane],
                    ((uint*)(warp.Registers + c))[lane]
                );
                source = inRange ? source : lane;
                if ((mask >> source & 1) == 0)
                {
                    throw new FaultSignal(
                        PtxFaultKind.BarrierMisuse,
                        $"shfl reads lane {source}, which does not take part (lanes 0x{mask:X8})",
                        lane
                    );
                }
                results[lane] = values[source];
                valid |= inRange ? 1u << lane : 0;
            }
            var target = (uint*)(warp.Registers + d);
            for (var rest = mask; rest != 0; rest &= rest - 1)
            {
                var lane = BitOperations.TrailingZeroCount(rest);
                target[lane] = results[lane];
            }
            if (p >= 0)
            {
                LaneOperations.SetPredicateLanes(warp, mask, p, valid);
            }
        };

    public static void Match(Warp warp, uint mask, bool all, int a, int bytes, int d, int p)
    {
        var result = stackalloc uint[32];
        uint equal = 0;
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var lane = BitOperations.TrailingZeroCount(rest);
            equal = 0;
            for (var others = mask; others != 0; others &= others - 1)
            {
                var other = BitOperations.TrailingZeroCount(others);
                equal |= Value(warp, a, bytes, lane) == Value(warp, a, bytes, other) ? 1u << other : 0;
            }
            result[lane] = equal;
        }
        var same = equal == mask;
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var lane = BitOperations.TrailingZeroCount(rest);
            ((uint*)(warp.Registers + d))[lane] =
                !all ? result[lane]
                : same ? mask
                : 0;
        }
        if (p >= 0)
        {
            LaneOperations.SetPredicateLanes(warp, mask, p, same ? uint.MaxValue : 0);
        }
    }

    private static ulong Value(Warp warp, int a, int bytes, int lane) =>
        bytes == 4 ? ((uint*)(warp.Registers + a))[lane] : ((ulong*)(warp.Registers + a))[lane];

    // c holds the clamp in bits 0 to 4 and the mask of the sub-warp in bits 8 to 12 (PTX ISA, "shfl.sync").
    private static (int Lane, bool InRange) Source(string mode, int lane, uint b, uint c)
    {
        var delta = (int)(b & 31);
        var clamp = (int)(c & 31);
        var segment = (int)(c >> 8 & 31);
        var maximum = (lane & segment) | (clamp & ~segment);
        var minimum = lane & segment;
        return mode switch
        {
            "up" => (lane - delta, lane - delta >= maximum),
            "down" => (lane + delta, lane + delta <= maximum),
            "bfly" => (lane ^ delta, (lane ^ delta) <= maximum),
            _ => (minimum | (delta & ~segment), (minimum | (delta & ~segment)) <= maximum),
        };
    }
}
