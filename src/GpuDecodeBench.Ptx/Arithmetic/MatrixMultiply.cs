using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>
/// <c>mma.sync</c> of a whole warp (PTX ISA, "Warp Level Matrix Instructions: mma"). Fragments come as the registers of the lanes
/// one after the other (<c>lane × registers + register</c>), laid out as <see cref="MatrixFragments"/> says.
/// </summary>
/// <remarks>
/// Floating point: products are exact and subnormal inputs count. Each element's products are summed in <c>double</c>, in the
/// order of the shared dimension, then C's element is added, and the sum is rounded to the destination once. The ISA leaves order
/// and intermediate precision to the machine; devices add in other orders and cut digits off, which differs in the last places.
/// A NaN that comes out is the canonical one. Integers wrap around unless <c>.satfinite</c> is given.
/// </remarks>
public static partial class MatrixMultiply
{
    private const int Rows = 16;
    private const int Columns = 8;
    private const int MostShared = 32;

    /// <summary><c>mma.m16n8k16.row.col.f32.{f16,bf16}.….f32</c> (PTX ISA, "Matrix Fragments for mma.m16n8k16 with floating point type").</summary>
    /// <param name="kind"><see cref="ElementKind.F16"/> or <see cref="ElementKind.BF16"/>.</param>
    /// <param name="a">Four registers a lane.</param>
    /// <param name="b">Two registers a lane.</param>
    /// <param name="c">Four registers a lane.</param>
    /// <param name="d">Four registers a lane; may be <paramref name="c"/>.</param>
    public static void M16N8K16(
        ElementKind kind,
        ReadOnlySpan<uint> a,
        ReadOnlySpan<uint> b,
        ReadOnlySpan<uint> c,
        Span<uint> d
    )
    {
        Span<uint> registers = stackalloc uint[(4 + 2 + 4) * MatrixFragments.Lanes];
        Span<uint> ofA = registers[..(4 * MatrixFragments.Lanes)];
        Span<uint> ofB = registers.Slice(ofA.Length, 2 * MatrixFragments.Lanes);
        Span<uint> ofC = registers[(ofA.Length + ofB.Length)..];
        ByRegister(a, ofA);
        ByRegister(b, ofB);
        ByRegister(c, ofC);
        M16N8K16Registers(kind, ofA, ofB, ofC, ofC);
        for (int index = 0; index < ofC.Length; index++)
        {
            d[index] = ofC[((index & 3) * MatrixFragments.Lanes) + (index >> 2)];
        }
    }

    /// <summary><c>mma.m16n8k8.row.col.f32.{f16,bf16,tf32}.….f32</c> (PTX ISA, "Matrix Fragments for mma.m16n8k8").</summary>
    /// <param name="kind"><see cref="ElementKind.F16"/>, <see cref="ElementKind.BF16"/> or <see cref="ElementKind.TF32"/>.</param>
    /// <param name="a">Two registers a lane, four for <see cref="ElementKind.TF32"/>.</param>
    /// <param name="b">One register a lane, two for <see cref="ElementKind.TF32"/>.</param>
    /// <param name="c">Four registers a lane.</param>
    /// <param name="d">Four registers a lane; may be <paramref name="c"/>.</param>
    public static void M16N8K8(
        ElementKind kind,
        ReadOnlySpan<uint> a,
        ReadOnlySpan<uint> b,
        ReadOnlySpan<uint> c,
        Span<uint> d
    ) => ToSingle(kind, kind, 8, a, b, c, d);

    /// <summary><c>mma.m16n8k4.row.col.f32.tf32.tf32.f32</c> (PTX ISA, "Matrix Fragments for mma.m16n8k4").</summary>
    /// <param name="a">Two registers a lane.</param>
    /// <param name="b">One register a lane.</param>
    /// <param name="c">Four registers a lane.</param>
    /// <param name="d">Four registers a lane; may be <paramref name="c"/>.</param>
    public static void M16N8K4(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, ReadOnlySpan<uint> c, Span<uint> d) =>
        ToSingle(ElementKind.TF32, ElementKind.TF32, 4, a, b, c, d);

    /// <summary>
    /// <c>mma.m16n8k32.row.col.f32.{e4m3,e5m2}.{e4m3,e5m2}.f32</c>, or with integers <c>….s32.{s8,u8}.{s8,u8}.s32</c> (PTX ISA,
    /// "Matrix Fragments for mma.m16n8k32").
    /// </summary>
    /// <param name="kindOfA">The elements of A.</param>
    /// <param name="kindOfB">The elements of B; integers only with integers.</param>
    /// <param name="a">Four registers a lane.</param>
    /// <param name="b">Two registers a lane.</param>
    /// <param name="c">Four registers a lane.</param>
    /// <param name="d">Four registers a lane; may be <paramref name="c"/>.</param>
    /// <param name="satfinite">Whether integer sums are kept in the range of <c>.s32</c> (<c>.satfinite</c>).</param>
    public static void M16N8K32(
        ElementKind kindOfA,
        ElementKind kindOfB,
        ReadOnlySpan<uint> a,
        ReadOnlySpan<uint> b,
        ReadOnlySpan<uint> c,
        Span<uint> d,
        bool satfinite = false
    )
    {
        if (kindOfA >= ElementKind.S8)
        {
            ToInteger(kindOfA, kindOfB, 32, a, b, c, d, satfinite);
        }
        else
        {
            ToSingle(kindOfA, kindOfB, 32, a, b, c, d);
        }
    }

    /// <summary>
    /// <c>mma.m16n8k16.row.col.s32.{s8,u8}.{s8,u8}.s32</c>, or with <c>{e4m3,e5m2}</c> to <c>.f32</c> (PTX ISA, "Matrix Fragments for
    /// mma.m16n8k16 with integer type").
    /// </summary>
    /// <param name="kindOfA">The elements of A.</param>
    /// <param name="kindOfB">The elements of B; integers only with integers.</param>
    /// <param name="a">Two registers a lane.</param>
    /// <param name="b">One register a lane.</param>
    /// <param name="c">Four registers a lane.</param>
    /// <param name="d">Four registers a lane; may be <paramref name="c"/>.</param>
    /// <param name="satfinite">Whether integer sums are kept in the range of <c>.s32</c> (<c>.satfinite</c>).</param>
    public static void M16N8K16Bytes(
        ElementKind kindOfA,
        ElementKind kindOfB,
        ReadOnlySpan<uint> a,
        ReadOnlySpan<uint> b,
        ReadOnlySpan<uint> c,
        Span<uint> d,
        bool satfinite = false
    )
    {
        if (kindOfA >= ElementKind.S8)
        {
            ToInteger(kindOfA, kindOfB, 16, a, b, c, d, satfinite);
        }
        else
        {
            ToSingle(kindOfA, kindOfB, 16, a, b, c, d);
        }
    }

    /// <summary><c>mma.m16n8k16.row.col.f16.f16.f16.f16</c> (PTX ISA, "Matrix Fragments for mma.m16n8k16 with floating point type").</summary>
    /// <param name="a">Four registers a lane.</param>
    /// <param name="b">Two registers a lane.</param>
    /// <param name="c">Two registers a lane, two numbers each.</param>
    /// <param name="d">Two registers a lane; may be <paramref name="c"/>.</param>
    public static void M16N8K16Half(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, ReadOnlySpan<uint> c, Span<uint> d) =>
        ToHalf(16, a, b, c, d);

    /// <summary><c>mma.m16n8k8.row.col.f16.f16.f16.f16</c> (PTX ISA, "Matrix Fragments for mma.m16n8k8").</summary>
    /// <param name="a">Two registers a lane.</param>
    /// <param name="b">One register a lane.</param>
    /// <param name="c">Two registers a lane, two numbers each.</param>
    /// <param name="d">Two registers a lane; may be <paramref name="c"/>.</param>
    public static void M16N8K8Half(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, ReadOnlySpan<uint> c, Span<uint> d) =>
        ToHalf(8, a, b, c, d);

    private static void ToSingle(
        ElementKind kindOfA,
        ElementKind kindOfB,
        int shared,
        ReadOnlySpan<uint> a,
        ReadOnlySpan<uint> b,
        ReadOnlySpan<uint> c,
        Span<uint> d
    )
    {
        Span<double> sums = stackalloc double[Rows * Columns];
        Sum(kindOfA, kindOfB, shared, a, b, sums);
        c = c[..sums.Length];
        d = d[..sums.Length];
        for (int index = 0; index < sums.Length; index++)
        {
            float result = (float)(sums[PlaceOf(index)] + BitConverter.UInt32BitsToSingle(c[index]));
            d[index] = float.IsNaN(result) ? FloatBits.NanF32 : BitConverter.SingleToUInt32Bits(result);
        }
    }

    private static void ToInteger(
        ElementKind kindOfA,
        ElementKind kindOfB,
        int shared,
        ReadOnlySpan<uint> a,
        ReadOnlySpan<uint> b,
        ReadOnlySpan<uint> c,
        Span<uint> d,
        bool satfinite
    )
    {
        // Sums of products of bytes are whole numbers that a double holds.
        Span<double> sums = stackalloc double[Rows * Columns];
        Sum(kindOfA, kindOfB, shared, a, b, sums);
        c = c[..sums.Length];
        d = d[..sums.Length];
        for (int index = 0; index < sums.Length; index++)
        {
            long total = (long)(int)sums[PlaceOf(index)] + (int)c[index];
            d[index] = (uint)(satfinite ? Math.Clamp(total, int.MinValue, int.MaxValue) : total);
        }
    }

    private static void ToHalf(
        int shared,
        ReadOnlySpan<uint> a,
        ReadOnlySpan<uint> b,
        ReadOnlySpan<uint> c,
        Span<uint> d
    )
    {
        const FloatRounding nearest = FloatRounding.NearestEven;
        Span<double> sums = stackalloc double[Rows * Columns];
        Sum(ElementKind.F16, ElementKind.F16, shared, a, b, sums);
        c = c[..(sums.Length / 2)];
        d = d[..(sums.Length / 2)];
        for (int index = 0; index < c.Length; index++)
        {
            int place =
                (MatrixFragments.RowOfHalfC(index >> 1, index & 1) * Columns)
                + MatrixFragments.ColumnOfHalfC(index >> 1, 0);
            uint added = c[index];
            ushort low = HalfBits.FromDouble(sums[place] + HalfBits.ToSingle((ushort)added), nearest);
            ushort high = HalfBits.FromDouble(sums[place + 1] + HalfBits.ToSingle((ushort)(added >> 16)), nearest);
            d[index] = low | ((uint)high << 16);
        }
    }

    /// <summary>Where, in C row by row, the element of a lane's register is.</summary>
    private static int PlaceOf(int index) =>
        (MatrixFragments.RowOfC(index >> 2, index & 3) * Columns) + MatrixFragments.ColumnOfC(index >> 2, index & 3);

    /// <summary>The products of the rows of A and the columns of B, each summed in the order of the shared dimension.</summary>
    private static void Sum(
        ElementKind kindOfA,
        ElementKind kindOfB,
        int shared,
        ReadOnlySpan<uint> a,
        ReadOnlySpan<uint> b,
        Span<double> sums
    )
    {
        Span<float> singles = stackalloc float[Rows * MostShared];
        Span<double> left = stackalloc double[Rows * MostShared];
        Span<double> right = stackalloc double[MostShared * Columns];
        singles = singles[..(Rows * shared)];
        LoadA(kindOfA, shared, a, singles);
        Widen(singles, left);
        singles = singles[..(Columns * shared)];
        LoadB(kindOfB, shared, b, singles);
        Widen(singles, right);
        for (int row = 0; row < Rows; row += 2)
        {
            SumTwoRows(left.Slice(row * shared, 2 * shared), right, sums.Slice(row * Columns, 2 * Columns));
        }
    }

    private static void SumTwoRows(ReadOnlySpan<double> rows, ReadOnlySpan<double> right, Span<double> sums)
    {
        ref double factors = ref MemoryMarshal.GetReference(right);
        ref double target = ref MemoryMarshal.GetReference(sums);
        ReadOnlySpan<double> first = rows[..(rows.Length / 2)];
        ReadOnlySpan<double> second = rows.Slice(first.Length, first.Length);
        Vector256<double> firstLow = Vector256<double>.Zero;
        Vector256<double> firstHigh = Vector256<double>.Zero;
        Vector256<double> secondLow = Vector256<double>.Zero;
        Vector256<double> secondHigh = Vector256<double>.Zero;
        for (int k = 0; k < first.Length; k++)
        {
            // Products of numbers of at most 12 bits are exact, so that a fused sum and a separate one are the same.
            Vector256<double> low = Vector256.LoadUnsafe(ref factors, (nuint)(k * Columns));
            Vector256<double> high = Vector256.LoadUnsafe(ref factors, (nuint)(k * Columns) + 4);
            Vector256<double> x = Vector256.Create(first[k]);
            Vector256<double> y = Vector256.Create(second[k]);
            firstLow = Vector256.MultiplyAddEstimate(x, low, firstLow);
            firstHigh = Vector256.MultiplyAddEstimate(x, high, firstHigh);
            secondLow = Vector256.MultiplyAddEstimate(y, low, secondLow);
            secondHigh = Vector256.MultiplyAddEstimate(y, high, secondHigh);
        }

        firstLow.StoreUnsafe(ref target);
        firstHigh.StoreUnsafe(ref target, 4);
        secondLow.StoreUnsafe(ref target, 8);
        secondHigh.StoreUnsafe(ref target, 12);
    }

    private static void Widen(ReadOnlySpan<float> source, Span<double> target)
    {
        ref float from = ref MemoryMarshal.GetReference(source);
        ref double to = ref MemoryMarshal.GetReference(target[..source.Length]);
        for (int index = 0; index <= source.Length - 8; index += 8)
        {
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(
                Vector256.LoadUnsafe(ref from, (nuint)index)
            );
            low.StoreUnsafe(ref to, (nuint)index);
            high.StoreUnsafe(ref to, (nuint)index + 4);
        }
    }
}
