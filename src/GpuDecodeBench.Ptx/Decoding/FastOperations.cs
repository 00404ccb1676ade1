using System.Numerics;
using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>The operations kernels spend most of their instructions on, compiled without a call per lane.</summary>
internal static unsafe class FastOperations
{
    public interface IBinary<T>
        where T : unmanaged
    {
        static abstract T Apply(T a, T b);
    }

    public interface ITernary<T>
        where T : unmanaged
    {
        static abstract T Apply(T a, T b, T c);
    }

    public readonly struct Add<T> : IBinary<T>
        where T : unmanaged, INumberBase<T>
    {
        public static T Apply(T a, T b) => a + b;
    }

    public readonly struct Subtract<T> : IBinary<T>
        where T : unmanaged, INumberBase<T>
    {
        public static T Apply(T a, T b) => a - b;
    }

    public readonly struct Multiply<T> : IBinary<T>
        where T : unmanaged, INumberBase<T>
    {
        public static T Apply(T a, T b) => a * b;
    }

    public readonly struct MultiplyAdd<T> : ITernary<T>
        where T : unmanaged, INumberBase<T>
    {
        public static T Apply(T a, T b, T c) => (a * b) + c;
    }

    public readonly struct And<T> : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a & b;
    }

    public readonly struct Or<T> : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a | b;
    }

    public readonly struct Xor<T> : IBinary<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a ^ b;
    }

    /// <summary>Single precision, round to nearest even, every NaN the device's one.</summary>
    public readonly struct AddSingle : IBinary<float>
    {
        public static float Apply(float a, float b) => Canonical(a + b);
    }

    public readonly struct SubtractSingle : IBinary<float>
    {
        public static float Apply(float a, float b) => Canonical(a - b);
    }

    public readonly struct MultiplySingle : IBinary<float>
    {
        public static float Apply(float a, float b) => Canonical(a * b);
    }

    public readonly struct FusedSingle : ITernary<float>
    {
        public static float Apply(float a, float b, float c) => Canonical(MathF.FusedMultiplyAdd(a, b, c));
    }

    public static void Binary<T, TOperator>(InstructionReader r, InstructionClass @class)
        where T : unmanaged
        where TOperator : struct, IBinary<T> =>
        r.Emit(
            @class,
            new BinaryOperation<T, TOperator>(
                r.Source(1, sizeof(T)),
                r.Source(2, sizeof(T)),
                r.Destination(0, sizeof(T))
            )
        );

    public static void Ternary<T, TOperator>(InstructionReader r, InstructionClass @class)
        where T : unmanaged
        where TOperator : struct, ITernary<T> =>
        r.Emit(
            @class,
            new TernaryOperation<T, TOperator>(
                r.Source(1, sizeof(T)),
                r.Source(2, sizeof(T)),
                r.Source(3, sizeof(T)),
                r.Destination(0, sizeof(T))
            )
        );

    private static float Canonical(float value) =>
        float.IsNaN(value) ? BitConverter.UInt32BitsToSingle(0x7FFF_FFFF) : value;

    private sealed class BinaryOperation<T, TOperator>(int a, int b, int d) : Operation
        where T : unmanaged
        where TOperator : struct, IBinary<T>
    {
        public override void Execute(Warp warp, uint mask)
        {
            var pa = (T*)(warp.Registers + a);
            var pb = (T*)(warp.Registers + b);
            var pd = (T*)(warp.Registers + d);
            if (mask == uint.MaxValue)
            {
                for (var lane = 0; lane < 32; lane++)
                {
                    pd[lane] = TOperator.Apply(pa[lane], pb[lane]);
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

    private sealed class TernaryOperation<T, TOperator>(int a, int b, int c, int d) : Operation
        where T : unmanaged
        where TOperator : struct, ITernary<T>
    {
        public override void Execute(Warp warp, uint mask)
        {
            var pa = (T*)(warp.Registers + a);
            var pb = (T*)(warp.Registers + b);
            var pc = (T*)(warp.Registers + c);
            var pd = (T*)(warp.Registers + d);
            if (mask == uint.MaxValue)
            {
                for (var lane = 0; lane < 32; lane++)
                {
                    pd[lane] = TOperator.Apply(pa[lane], pb[lane], pc[lane]);
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
}
