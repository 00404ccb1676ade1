using System.Numerics;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Operations that compute every lane from the same lane of their sources.</summary>
internal static unsafe class LaneOperations
{
    private const uint Full = uint.MaxValue;

    /// <summary>Writes one value to the lanes of a register.</summary>
    public static void Broadcast(Warp warp, uint mask, int d, int bytes, ulong value)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            Set(warp.Registers + d, bytes, BitOperations.TrailingZeroCount(mask), value);
        }
    }

    /// <summary>Writes lanes of a predicate.</summary>
    public static void SetPredicateLanes(Warp warp, uint mask, int d, uint value)
    {
        var p = (uint*)(warp.Registers + d);
        *p = (*p & ~mask) | (value & mask);
    }

    /// <summary>Writes one lane of a register.</summary>
    public static void Set(byte* register, int bytes, int lane, ulong value)
    {
        switch (bytes)
        {
            case 2:
                ((ushort*)register)[lane] = (ushort)value;
                break;
            case 4:
                ((uint*)register)[lane] = (uint)value;
                break;
            default:
                ((ulong*)register)[lane] = value;
                break;
        }
    }

    public sealed class Unary<TA, TD>(int a, int d, Func<TA, TD> function) : Operation
        where TA : unmanaged
        where TD : unmanaged
    {
        public override void Execute(Warp warp, uint mask)
        {
            var pa = (TA*)(warp.Registers + a);
            var pd = (TD*)(warp.Registers + d);
            if (mask == Full)
            {
                for (var lane = 0; lane < 32; lane++)
                {
                    pd[lane] = function(pa[lane]);
                }
                return;
            }
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                pd[lane] = function(pa[lane]);
            }
        }
    }

    public sealed class Binary<TA, TB, TD>(int a, int b, int d, Func<TA, TB, TD> function) : Operation
        where TA : unmanaged
        where TB : unmanaged
        where TD : unmanaged
    {
        public override void Execute(Warp warp, uint mask)
        {
            var pa = (TA*)(warp.Registers + a);
            var pb = (TB*)(warp.Registers + b);
            var pd = (TD*)(warp.Registers + d);
            if (mask == Full)
            {
                for (var lane = 0; lane < 32; lane++)
                {
                    pd[lane] = function(pa[lane], pb[lane]);
                }
                return;
            }
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                pd[lane] = function(pa[lane], pb[lane]);
            }
        }
    }

    public sealed class Ternary<TA, TB, TC, TD>(int a, int b, int c, int d, Func<TA, TB, TC, TD> function) : Operation
        where TA : unmanaged
        where TB : unmanaged
        where TC : unmanaged
        where TD : unmanaged
    {
        public override void Execute(Warp warp, uint mask)
        {
            var pa = (TA*)(warp.Registers + a);
            var pb = (TB*)(warp.Registers + b);
            var pc = (TC*)(warp.Registers + c);
            var pd = (TD*)(warp.Registers + d);
            if (mask == Full)
            {
                for (var lane = 0; lane < 32; lane++)
                {
                    pd[lane] = function(pa[lane], pb[lane], pc[lane]);
                }
                return;
            }
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                pd[lane] = function(pa[lane], pb[lane], pc[lane]);
            }
        }
    }

    public sealed class Quaternary<T>(int a, int b, int c, int e, int d, Func<T, T, uint, uint, T> function) : Operation
        where T : unmanaged
    {
        public override void Execute(Warp warp, uint mask)
        {
            var r = warp.Registers;
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                ((T*)(r + d))[lane] = function(
                    ((T*)(r + a))[lane],
                    ((T*)(r + b))[lane],
                    ((uint*)(r + c))[lane],
                    ((uint*)(r + e))[lane]
                );
            }
        }
    }

    /// <summary>Copies a register.</summary>
    public sealed class Copy<T>(int a, int d) : Operation
        where T : unmanaged
    {
        public override void Execute(Warp warp, uint mask)
        {
            var pa = (T*)(warp.Registers + a);
            var pd = (T*)(warp.Registers + d);
            if (mask == Full)
            {
                new ReadOnlySpan<T>(pa, 32).CopyTo(new Span<T>(pd, 32));
                return;
            }
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                pd[lane] = pa[lane];
            }
        }
    }

    /// <summary>Compares; the result joins with a predicate and also goes inverted to a second destination.</summary>
    public sealed class SetPredicate<T>(int a, int b, Func<T, T, bool> compare, SetPredicateTargets targets) : Operation
        where T : unmanaged
    {
        public override void Execute(Warp warp, uint mask)
        {
            var pa = (T*)(warp.Registers + a);
            var pb = (T*)(warp.Registers + b);
            uint result = 0;
            if (mask == Full)
            {
                for (var lane = 0; lane < 32; lane++)
                {
                    result |= (compare(pa[lane], pb[lane]) ? 1u : 0u) << lane;
                }
            }
            else
            {
                for (var rest = mask; rest != 0; rest &= rest - 1)
                {
                    var lane = BitOperations.TrailingZeroCount(rest);
                    result |= (compare(pa[lane], pb[lane]) ? 1u : 0u) << lane;
                }
            }
            targets.Write(warp.Registers, result, mask);
        }
    }

    /// <summary>Picks by predicate.</summary>
    public sealed class Select<T>(int a, int b, int p, bool negated, int d) : Operation
        where T : unmanaged
    {
        public override void Execute(Warp warp, uint mask)
        {
            var pa = (T*)(warp.Registers + a);
            var pb = (T*)(warp.Registers + b);
            var pd = (T*)(warp.Registers + d);
            var choice = *(uint*)(warp.Registers + p);
            choice = negated ? ~choice : choice;
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                pd[lane] = (choice >> lane & 1) != 0 ? pa[lane] : pb[lane];
            }
        }
    }

    /// <summary>Works on predicates, which are masks of all lanes.</summary>
    public sealed class Predicates(int a, bool aNegated, int b, bool bNegated, int d, Func<uint, uint, uint> function)
        : Operation
    {
        public override void Execute(Warp warp, uint mask)
        {
            var va = *(uint*)(warp.Registers + a);
            var vb = *(uint*)(warp.Registers + b);
            var result = function(aNegated ? ~va : va, bNegated ? ~vb : vb);
            var pd = (uint*)(warp.Registers + d);
            *pd = (*pd & ~mask) | (result & mask);
        }
    }

    /// <summary>A function that sees the whole warp: for what is neither per lane nor hot.</summary>
    public sealed class Whole(Action<Warp, uint> action) : Operation
    {
        public override void Execute(Warp warp, uint mask) => action(warp, mask);
    }
}
