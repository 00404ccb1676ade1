using System.Numerics;
using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>
/// The operations kernels spend most of their instructions on: the host's vectors compute the lanes side by side. A lane's result
/// depends on that lane alone and none can fault, so lanes that do not take part are computed, too, and keep what they had.
/// </summary>
internal static unsafe class VectorOperations
{
    private const uint Full = uint.MaxValue;
    private const int Lanes = 32;

    public sealed class Binary<T, TOperator>(int a, int b, int d) : Operation
        where T : unmanaged
        where TOperator : struct, IBinaryOperator<T>
    {
        public override void Execute(Warp warp, uint mask)
        {
            var pa = (T*)(warp.Registers + a);
            var pb = (T*)(warp.Registers + b);
            var pd = (T*)(warp.Registers + d);
            if (mask == Full)
            {
                for (var lane = 0; lane < Lanes; lane += Vector512<T>.Count)
                {
                    TOperator.Apply(Vector512.Load(pa + lane), Vector512.Load(pb + lane)).Store(pd + lane);
                }
                return;
            }
            if (LaneVectors.CanChoose<T>())
            {
                for (var lane = 0; lane < Lanes; lane += Vector512<T>.Count)
                {
                    var result = TOperator.Apply(Vector512.Load(pa + lane), Vector512.Load(pb + lane));
                    Put(pd + lane, LaneVectors.Chosen<T>(mask, lane), result);
                }
                return;
            }
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                pd[lane] = TOperator.Apply(pa[lane], pb[lane]);
            }
        }
    }

    public sealed class Ternary<T, TOperator>(int a, int b, int c, int d) : Operation
        where T : unmanaged
        where TOperator : struct, ITernaryOperator<T>
    {
        public override void Execute(Warp warp, uint mask)
        {
            var pa = (T*)(warp.Registers + a);
            var pb = (T*)(warp.Registers + b);
            var pc = (T*)(warp.Registers + c);
            var pd = (T*)(warp.Registers + d);
            if (mask == Full)
            {
                for (var lane = 0; lane < Lanes; lane += Vector512<T>.Count)
                {
                    TOperator
                        .Apply(Vector512.Load(pa + lane), Vector512.Load(pb + lane), Vector512.Load(pc + lane))
                        .Store(pd + lane);
                }
                return;
            }
            if (LaneVectors.CanChoose<T>())
            {
                for (var lane = 0; lane < Lanes; lane += Vector512<T>.Count)
                {
                    var result = TOperator.Apply(
                        Vector512.Load(pa + lane),
                        Vector512.Load(pb + lane),
                        Vector512.Load(pc + lane)
                    );
                    Put(pd + lane, LaneVectors.Chosen<T>(mask, lane), result);
                }
                return;
            }
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                pd[lane] = TOperator.Apply(pa[lane], pb[lane], pc[lane]);
            }
        }
    }

    /// <summary>Products of 32-bit numbers as 64-bit ones, with something added where a source is named for it.</summary>
    public sealed class WideProduct(int a, int b, int c, int d, bool signed) : Operation
    {
        public override void Execute(Warp warp, uint mask)
        {
            var pa = warp.Registers + a;
            var pb = warp.Registers + b;
            var pc = (long*)(warp.Registers + c);
            var pd = (long*)(warp.Registers + d);
            for (var lane = 0; lane < Lanes; lane += Vector512<long>.Count)
            {
                var result = signed
                    ? Signed((int*)pa + lane) * Signed((int*)pb + lane)
                    : Unsigned((uint*)pa + lane) * Unsigned((uint*)pb + lane);
                if (c >= 0)
                {
                    result += Vector512.Load(pc + lane);
                }
                if (mask == Full)
                {
                    result.Store(pd + lane);
                }
                else
                {
                    Put(pd + lane, LaneVectors.Chosen<long>(mask, lane), result);
                }
            }
        }

        private static Vector512<long> Signed(int* lanes)
        {
            var (low, high) = Vector256.Widen(Vector256.Load(lanes));
            return Vector512.Create(low, high);
        }

        private static Vector512<long> Unsigned(uint* lanes)
        {
            var (low, high) = Vector256.Widen(Vector256.Load(lanes));
            return Vector512.Create(low, high).AsInt64();
        }
    }

    /// <summary>Compares; the result joins with a predicate and also goes inverted to a second destination.</summary>
    public sealed class SetPredicate<T, TComparison>(int a, int b, SetPredicateTargets targets) : Operation
        where T : unmanaged
        where TComparison : struct, IComparisonOperator<T>
    {
        public override void Execute(Warp warp, uint mask)
        {
            var pa = (T*)(warp.Registers + a);
            var pb = (T*)(warp.Registers + b);
            ulong result = 0;
            for (var lane = 0; lane < Lanes; lane += Vector512<T>.Count)
            {
                var holds = TComparison.Apply(Vector512.Load(pa + lane), Vector512.Load(pb + lane));
                result |= holds.ExtractMostSignificantBits() << lane;
            }
            targets.Write(warp.Registers, (uint)result & mask, mask);
        }
    }

    /// <summary>Picks by predicate. Elements of four or eight bytes.</summary>
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
            for (var lane = 0; lane < Lanes; lane += Vector512<T>.Count)
            {
                var result = Vector512.ConditionalSelect(
                    LaneVectors.Chosen<T>(choice, lane),
                    Vector512.Load(pa + lane),
                    Vector512.Load(pb + lane)
                );
                if (mask == Full)
                {
                    result.Store(pd + lane);
                }
                else
                {
                    Put(pd + lane, LaneVectors.Chosen<T>(mask, lane), result);
                }
            }
        }
    }

    private static void Put<T>(T* target, Vector512<T> chosen, Vector512<T> value)
        where T : unmanaged => Vector512.ConditionalSelect(chosen, value, Vector512.Load(target)).Store(target);
}
