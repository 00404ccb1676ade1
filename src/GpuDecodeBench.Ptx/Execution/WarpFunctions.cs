using System.Numerics;
using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>What lanes of a warp exchange.</summary>
internal static unsafe class WarpFunctions
{
    public static Action<Warp, uint> Shuffle(string mode, int a, int b, int c, int d, int p)
    {
        var kind = mode switch
        {
            "up" => ShuffleMode.Up,
            "down" => ShuffleMode.Down,
            "bfly" => ShuffleMode.Butterfly,
            _ => ShuffleMode.Index,
        };
        return (warp, mask) =>
        {
            var values = (uint*)(warp.Registers + a);
            var sources = stackalloc uint[32];
            var results = stackalloc uint[32];
            uint valid = 0;
            for (var lane = 0; lane < 32; lane += Vector512<uint>.Count)
            {
                var (source, inRange) = Sources(
                    kind,
                    Vector512<uint>.Indices + Vector512.Create((uint)lane),
                    Vector512.Load((uint*)(warp.Registers + b) + lane),
                    Vector512.Load((uint*)(warp.Registers + c) + lane)
                );
                source.Store(sources + lane);
                valid |= (uint)inRange.ExtractMostSignificantBits() << lane;
            }
            for (var rest = mask; rest != 0; rest &= rest - 1)
            {
                var lane = BitOperations.TrailingZeroCount(rest);
                var source = (int)sources[lane];
                if ((mask >> source & 1) == 0)
                {
                    throw new FaultSignal(
                        PtxFaultKind.BarrierMisuse,
                        $"shfl reads lane {source}, which does not take part (lanes 0x{mask:X8})",
                        lane
                    );
                }
                results[lane] = values[source];
            }
            var target = (uint*)(warp.Registers + d);
            for (var rest = mask; rest != 0; rest &= rest - 1)
            {
                var lane = BitOperations.TrailingZeroCount(rest);
                target[lane] = results[lane];
            }
            if (p >= 0)
            {
                LaneOperations.SetPredicateLanes(warp, mask, p, valid & mask);
            }
        };
    }

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

    // c holds the clamp in bits 0 to 4 and the mask of the sub-warp in bits 8 to 12 (PTX ISA, "shfl.sync"). Who is out of range
    // reads itself. Lanes and amounts are below 32, so that signed numbers hold what goes below zero.
    private static (Vector512<uint> Lane, Vector512<uint> InRange) Sources(
        ShuffleMode mode,
        Vector512<uint> lane,
        Vector512<uint> b,
        Vector512<uint> c
    )
    {
        var most = Vector512.Create(31u);
        var delta = b & most;
        var segment = (c >>> 8) & most;
        var minimum = lane & segment;
        var maximum = minimum | (c & most & ~segment);
        var source = mode switch
        {
            ShuffleMode.Up => lane - delta,
            ShuffleMode.Down => lane + delta,
            ShuffleMode.Butterfly => lane ^ delta,
            _ => minimum | (delta & ~segment),
        };
        var inRange =
            mode == ShuffleMode.Up
                ? Vector512.GreaterThanOrEqual(source.AsInt32(), maximum.AsInt32())
                : Vector512.LessThanOrEqual(source.AsInt32(), maximum.AsInt32());
        return (Vector512.ConditionalSelect(inRange.AsUInt32(), source, lane), inRange.AsUInt32());
    }

    private enum ShuffleMode
    {
        Up,
        Down,
        Butterfly,
        Index,
    }
}
