using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace GpuDecodeBench.Backends.Cpu.Vectors;

/// <summary>
/// Any processor: a register holds four lanes, a quarter of a line, and is used by .NET's cross-platform operations alone. On
/// Arm they are NEON instructions, on x86 SSE or what its 128-bit instructions have become, elsewhere plain code.
/// </summary>
/// <remarks>
/// A table is its sixteen whole numbers as the bytes of one register and the scale in another. One byte shuffle (NEON's
/// <c>tbl</c>, x86's <c>pshufb</c>) looks four up; the byte is brought to the top of its lane, shifted down with its sign,
/// converted and multiplied. There is no cross-platform way to prefetch.
/// </remarks>
internal readonly unsafe struct PortableSimd : ISimdTables<Vector128<float>, PortableTable>
{
    public static int Lanes => 4;

    public static int Registers => AdvSimd.IsSupported ? 32 : 16;

    public static Vector128<float> Zero => Vector128<float>.Zero;

    public static Vector128<float> Indices => Vector128<int>.Indices.AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Floats(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Integers(int value) => Vector128.Create(value).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* address) => Vector128.Load(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadLine(byte* address) => Vector128.Load((float*)address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LoadWords(ushort* address) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)address).AsUInt16()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> values, float* address) => values.Store(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* address) { }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.MultiplyAddEstimate(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp(Vector128<float> x) => Vector128.Exp(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SelectGreater(
        Vector128<float> a,
        Vector128<float> b,
        Vector128<float> x,
        Vector128<float> y
    ) => Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector128<float> values) => Vector128.Sum(values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Permute(Vector128<float> values, Vector128<float> indices) =>
        Vector128.Shuffle(values, indices.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(Vector128<float> values)
    {
        Vector128<float> pairs = Vector128.Max(values, Vector128.Shuffle(values, Vector128.Create(2, 3, 0, 1)));
        return Vector128.Max(pairs, Vector128.Shuffle(pairs, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> AddIntegers(Vector128<float> a, Vector128<float> b) =>
        (a.AsInt32() + b.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SumOfIntegers(Vector128<float> values) => Vector128.Sum(values.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> And(Vector128<float> a, Vector128<float> b) =>
        (a.AsInt32() & b.AsInt32()).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ShiftLeft(Vector128<float> values, int bits) =>
        Vector128.ShiftLeft(values.AsInt32(), bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ShiftRight(Vector128<float> values, int bits) =>
        Vector128.ShiftRightLogical(values.AsInt32(), bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ShiftRightSigned(Vector128<float> values, int bits) =>
        Vector128.ShiftRightArithmetic(values.AsInt32(), bits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> ConvertToSingle(Vector128<float> integers) =>
        Vector128.ConvertToSingle(integers.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PortableTable Table(
        float v0,
        float v1,
        float v2,
        float v3,
        float v4,
        float v5,
        float v6,
        float v7,
        float v8,
        float v9,
        float v10,
        float v11,
        float v12,
        float v13,
        float v14,
        float v15
    ) =>
        new(
            Vector128.Create(
                (sbyte)v0,
                (sbyte)v1,
                (sbyte)v2,
                (sbyte)v3,
                (sbyte)v4,
                (sbyte)v5,
                (sbyte)v6,
                (sbyte)v7,
                (sbyte)v8,
                (sbyte)v9,
                (sbyte)v10,
                (sbyte)v11,
                (sbyte)v12,
                (sbyte)v13,
                (sbyte)v14,
                (sbyte)v15
            ),
            Vector128<float>.One
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PortableTable TableLess(PortableTable table, int number) =>
        new(table.Numbers - Vector128.Create((sbyte)number), table.Scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PortableTable TableTimes(PortableTable table, Vector128<float> scale) => new(table.Numbers, scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> LookUp(PortableTable table, Vector128<float> indices) =>
        Vector128.ConvertToSingle(
            Vector128.ShiftRightArithmetic(
                Vector128.ShiftLeft(
                    Vector128.Shuffle(table.Numbers, (indices.AsInt32() & Vector128.Create(15)).AsSByte()).AsInt32(),
                    24
                ),
                24
            )
        ) * table.Scale;
}
