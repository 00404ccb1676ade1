using System.Numerics;
using GpuDecodeBench.Ptx.Execution;
using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>shfl, vote, match, redux, activemask, elect.</summary>
internal static unsafe class WarpDecoder
{
    private const InstructionClass Class = InstructionClass.Sync;

    public static void Shuffle(InstructionReader r)
    {
        Synchronised(r);
        var mode = r.TakeOneOf("up", "down", "bfly", "idx") ?? throw r.Refuse("shfl without a mode");
        if (r.TakeType().Bytes != 4)
        {
            throw r.Refuse("shfl moves 32 bits");
        }
        r.End(5);
        var first = r[0];
        r.Emit(
            Class,
            new WarpSyncOperation(
                r.Source(4, 4),
                WarpFunctions.Shuffle(
                    mode,
                    r.Source(1, 4),
                    r.Source(2, 4),
                    r.Source(3, 4),
                    r.Destination(first with { Second = null }, 4),
                    first.Second is { } p ? r.Destination(p, 0) : -1
                )
            )
        );
    }

    public static void Vote(InstructionReader r)
    {
        Synchronised(r);
        var mode = r.TakeOneOf("all", "any", "uni", "ballot") ?? throw r.Refuse("vote without a mode");
        _ = r.TakeType();
        r.End(3);
        var (p, negated) = (r.Predicate(1), r[1].Negated);
        var d = r.Destination(0, mode == "ballot" ? 4 : 0);
        r.Emit(
            Class,
            new WarpSyncOperation(
                r.Source(2, 4),
                (warp, mask) =>
                {
                    var value = *(uint*)(warp.Registers + p);
                    var votes = (negated ? ~value : value) & mask;
                    if (mode == "ballot")
                    {
                        LaneOperations.Broadcast(warp, mask, d, 4, votes);
                        return;
                    }
                    var result = mode switch
                    {
                        "all" => votes == mask,
                        "any" => votes != 0,
                        _ => votes == 0 || votes == mask,
                    };
                    LaneOperations.SetPredicateLanes(warp, mask, d, result ? uint.MaxValue : 0);
                }
            )
        );
    }

    public static void Match(InstructionReader r)
    {
        var all = (r.TakeOneOf("any", "all") ?? throw r.Refuse("match without .any or .all")) == "all";
        Synchronised(r);
        var type = r.TakeType();
        r.End(3);
        var first = r[0];
        var a = r.Source(1, type.Bytes);
        var d = r.Destination(first with { Second = null }, 4);
        var p = first.Second is { } second ? r.Destination(second, 0) : -1;
        r.Emit(
            Class,
            new WarpSyncOperation(
                r.Source(2, 4),
                (warp, mask) => WarpFunctions.Match(warp, mask, all, a, type.Bytes, d, p)
            )
        );
    }

    public static void Reduce(InstructionReader r)
    {
        Synchronised(r);
        var kind = r.TakeOneOf("add", "min", "max", "and", "or", "xor") ?? throw r.Refuse("redux without a function");
        var type = r.TakeType();
        r.End(3);
        if (type.Bytes != 4 || type.IsFloat)
        {
            throw r.RefuseType(type);
        }
        Func<uint, uint, uint> function = (kind, type.IsSigned) switch
        {
            ("add", _) => static (a, b) => a + b,
            ("min", true) => static (a, b) => (int)a < (int)b ? a : b,
            ("max", true) => static (a, b) => (int)a > (int)b ? a : b,
            ("min", _) => Math.Min,
            ("max", _) => Math.Max,
            ("and", _) => static (a, b) => a & b,
            ("or", _) => static (a, b) => a | b,
            _ => static (a, b) => a ^ b,
        };
        var (s, d) = (r.Source(1, 4), r.Destination(0, 4));
        r.Emit(
            Class,
            new WarpSyncOperation(
                r.Source(2, 4),
                (warp, mask) =>
                {
                    var values = (uint*)(warp.Registers + s);
                    var result = values[BitOperations.TrailingZeroCount(mask)];
                    for (var rest = mask & (mask - 1); rest != 0; rest &= rest - 1)
                    {
                        result = function(result, values[BitOperations.TrailingZeroCount(rest)]);
                    }
                    LaneOperations.Broadcast(warp, mask, d, 4, result);
                }
            )
        );
    }

    public static void ActiveMask(InstructionReader r)
    {
        _ = r.TakeType();
        r.End(1);
        var d = r.Destination(0, 4);
        r.Emit(Class, new LaneOperations.Whole((warp, mask) => LaneOperations.Broadcast(warp, mask, d, 4, mask)));
    }

    public static void Elect(InstructionReader r)
    {
        Synchronised(r);
        r.End(2);
        var first = r[0];
        var d = r.Destination(first with { Second = null }, 4);
        var p = first.Second is { } second ? r.Destination(second, 0) : throw r.Refuse("elect without a predicate");
        r.Emit(
            Class,
            new WarpSyncOperation(
                r.Source(1, 4),
                (warp, mask) =>
                {
                    var leader = BitOperations.TrailingZeroCount(mask);
                    LaneOperations.Broadcast(warp, mask, d, 4, (ulong)leader);
                    LaneOperations.SetPredicateLanes(warp, mask, p, 1u << leader);
                }
            )
        );
    }

    private static void Synchronised(InstructionReader r)
    {
        if (!r.Take("sync"))
        {
            throw r.Refuse($"'{r.Root}' without '.sync' is gone since sm_70");
        }
    }
}
