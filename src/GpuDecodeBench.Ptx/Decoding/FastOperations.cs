using System.Numerics;
using System.Runtime.Intrinsics;
using GpuDecodeBench.Ptx.Arithmetic;
using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>The operators of <see cref="VectorOperations"/>, and how instructions become them.</summary>
internal static unsafe class FastOperations
{
    public readonly struct Add<T> : IBinaryOperator<T>
        where T : unmanaged, INumberBase<T>
    {
        public static T Apply(T a, T b) => a + b;

        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => a + b;
    }

    public readonly struct Subtract<T> : IBinaryOperator<T>
        where T : unmanaged, INumberBase<T>
    {
        public static T Apply(T a, T b) => a - b;

        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => a - b;
    }

    public readonly struct Multiply<T> : IBinaryOperator<T>
        where T : unmanaged, INumberBase<T>
    {
        public static T Apply(T a, T b) => a * b;

        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => a * b;
    }

    public readonly struct MultiplyAdd<T> : ITernaryOperator<T>
        where T : unmanaged, INumberBase<T>
    {
        public static T Apply(T a, T b, T c) => (a * b) + c;

        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b, Vector512<T> c) => (a * b) + c;
    }

    public readonly struct Least<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a < b ? a : b;

        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => Vector512.Min(a, b);
    }

    public readonly struct Greatest<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a > b ? a : b;

        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => Vector512.Max(a, b);
    }

    public readonly struct And<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a & b;

        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => a & b;
    }

    public readonly struct Or<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a | b;

        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => a | b;
    }

    public readonly struct Xor<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static T Apply(T a, T b) => a ^ b;

        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => a ^ b;
    }

    // Amounts of the width and more shift everything out: unlike the host's shifts, which take them modulo the width.
    public readonly struct ShiftLeft : IBinaryOperator<uint>
    {
        public static uint Apply(uint a, uint b) => b > 31 ? 0 : a << (int)b;

        public static Vector512<uint> Apply(Vector512<uint> a, Vector512<uint> b) => LaneVectors.ShiftLeft(a, b);
    }

    public readonly struct ShiftRight : IBinaryOperator<uint>
    {
        public static uint Apply(uint a, uint b) => b > 31 ? 0 : a >> (int)b;

        public static Vector512<uint> Apply(Vector512<uint> a, Vector512<uint> b) => LaneVectors.ShiftRight(a, b);
    }

    public readonly struct ShiftRightSigned : IBinaryOperator<uint>
    {
        public static uint Apply(uint a, uint b) => (uint)((int)a >> (int)Math.Min(b, 31));

        public static Vector512<uint> Apply(Vector512<uint> a, Vector512<uint> b) =>
            LaneVectors.ShiftRightSigned(a.AsInt32(), b).AsUInt32();
    }

    /// <summary><c>bfe.u32</c>: only the lowest byte of position and length counts.</summary>
    public readonly struct ExtractField : ITernaryOperator<uint>
    {
        public static uint Apply(uint a, uint b, uint c) => IntegerBits.BfeU32(a, b, c);

        public static Vector512<uint> Apply(Vector512<uint> a, Vector512<uint> b, Vector512<uint> c)
        {
            var lowestByte = Vector512.Create(0xFFu);
            // A length of 32 and more shifts the one out, and zero less one is all ones.
            var field = LaneVectors.ShiftLeft(Vector512<uint>.One, c & lowestByte) - Vector512<uint>.One;
            return LaneVectors.ShiftRight(a, b & lowestByte) & field;
        }
    }

    /// <summary>Single precision, round to nearest even, every NaN the device's one.</summary>
    public readonly struct AddSingle : IBinaryOperator<float>
    {
        public static float Apply(float a, float b) => Canonical(a + b);

        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b) => Canonical(a + b);
    }

    public readonly struct SubtractSingle : IBinaryOperator<float>
    {
        public static float Apply(float a, float b) => Canonical(a - b);

        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b) => Canonical(a - b);
    }

    public readonly struct MultiplySingle : IBinaryOperator<float>
    {
        public static float Apply(float a, float b) => Canonical(a * b);

        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b) => Canonical(a * b);
    }

    public readonly struct FusedSingle : ITernaryOperator<float>
    {
        public static float Apply(float a, float b, float c) => Canonical(MathF.FusedMultiplyAdd(a, b, c));

        public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
            Canonical(Vector512.FusedMultiplyAdd(a, b, c));
    }

    public readonly struct Equal<T> : IComparisonOperator<T>
        where T : unmanaged
    {
        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => Vector512.Equals(a, b);
    }

    public readonly struct NotEqual<T> : IComparisonOperator<T>
        where T : unmanaged
    {
        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => ~Vector512.Equals(a, b);
    }

    public readonly struct Less<T> : IComparisonOperator<T>
        where T : unmanaged
    {
        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => Vector512.LessThan(a, b);
    }

    public readonly struct LessOrEqual<T> : IComparisonOperator<T>
        where T : unmanaged
    {
        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => Vector512.LessThanOrEqual(a, b);
    }

    public readonly struct Greater<T> : IComparisonOperator<T>
        where T : unmanaged
    {
        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => Vector512.GreaterThan(a, b);
    }

    public readonly struct GreaterOrEqual<T> : IComparisonOperator<T>
        where T : unmanaged
    {
        public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => Vector512.GreaterThanOrEqual(a, b);
    }

    public static void Binary<T, TOperator>(InstructionReader r, InstructionClass @class)
        where T : unmanaged
        where TOperator : struct, IBinaryOperator<T> =>
        r.Emit(
            @class,
            new VectorOperations.Binary<T, TOperator>(
                r.Source(1, sizeof(T)),
                r.Source(2, sizeof(T)),
                r.Destination(0, sizeof(T))
            )
        );

    public static void Ternary<T, TOperator>(InstructionReader r, InstructionClass @class)
        where T : unmanaged
        where TOperator : struct, ITernaryOperator<T> =>
        r.Emit(
            @class,
            new VectorOperations.Ternary<T, TOperator>(
                r.Source(1, sizeof(T)),
                r.Source(2, sizeof(T)),
                r.Source(3, sizeof(T)),
                r.Destination(0, sizeof(T))
            )
        );

    /// <summary><c>mul.wide</c> and, with a third source, <c>mad.wide</c> of 32-bit numbers.</summary>
    public static void WideProduct(InstructionReader r, InstructionClass @class, bool signed, bool adds) =>
        r.Emit(
            @class,
            new VectorOperations.WideProduct(
                r.Source(1, 4),
                r.Source(2, 4),
                adds ? r.Source(3, 8) : -1,
                r.Destination(0, 8),
                signed
            )
        );

    private static float Canonical(float value) =>
        float.IsNaN(value) ? BitConverter.UInt32BitsToSingle(FloatBits.NanF32) : value;

    private static Vector512<float> Canonical(Vector512<float> value) =>
        Vector512.ConditionalSelect(
            Vector512.Equals(value, value),
            value,
            Vector512.Create(FloatBits.NanF32).AsSingle()
        );
}
