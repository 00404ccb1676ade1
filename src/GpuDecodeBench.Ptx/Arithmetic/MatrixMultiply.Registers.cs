using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <content>
/// m16n8k16 of 16-bit numbers to <c>.f32</c>, which is nearly all that kernels multiply, on registers as a warp has them: the 32 lanes of
/// one after the other. A register of A is then a block of 8 × 8 elements row by row, and one of B such a block column by column.
/// </content>
public static partial class MatrixMultiply
{
    private const int Block = 8;
    private const int SharedOf16 = 16;

    /// <summary>The same as <see cref="M16N8K16"/> with every fragment as registers of 32 lanes, the first register first.</summary>
    internal static void M16N8K16Registers(
        ElementKind kind,
        ReadOnlySpan<uint> a,
        ReadOnlySpan<uint> b,
        ReadOnlySpan<uint> c,
        Span<uint> d
    )
    {
        Span<double> left = stackalloc double[Rows * SharedOf16];
        Span<double> columns = stackalloc double[Columns * SharedOf16];
        Span<double> right = stackalloc double[SharedOf16 * Columns];
        for (int register = 0; register < 4; register++)
        {
            int block = ((register & 1) * Block * SharedOf16) + ((register >> 1) * Block);
            WidenBlock(kind, a.Slice(register * MatrixFragments.Lanes, MatrixFragments.Lanes), left[block..]);
        }

        for (int register = 0; register < 2; register++)
        {
            WidenBlock(
                kind,
                b.Slice(register * MatrixFragments.Lanes, MatrixFragments.Lanes),
                columns[(register * Block)..]
            );
        }

        for (int column = 0; column < Columns; column++)
        {
            for (int k = 0; k < SharedOf16; k++)
            {
                right[(k * Columns) + column] = columns[(column * SharedOf16) + k];
            }
        }

        for (int half = 0; half < 2; half++)
        {
            int first = half * 2 * MatrixFragments.Lanes;
            AddBlock(
                left.Slice(half * Block * SharedOf16, Block * SharedOf16),
                right,
                c.Slice(first, 2 * MatrixFragments.Lanes),
                d.Slice(first, 2 * MatrixFragments.Lanes)
            );
        }
    }

    /// <summary>Fragments whose registers follow one another lane by lane, register by register.</summary>
    private static void ByRegister(ReadOnlySpan<uint> lanes, Span<uint> registers)
    {
        int perLane = registers.Length / MatrixFragments.Lanes;
        for (int index = 0; index < registers.Length; index++)
        {
            registers[((index % perLane) * MatrixFragments.Lanes) + (index / perLane)] = lanes[index];
        }
    }

    /// <summary>A register's pairs of numbers as 8 lines of 8 numbers, each line at the beginning of 16.</summary>
    private static void WidenBlock(ElementKind kind, ReadOnlySpan<uint> register, Span<double> target)
    {
        ref uint source = ref MemoryMarshal.GetReference(register);
        ref double to = ref MemoryMarshal.GetReference(target[..(((Block - 1) * SharedOf16) + Block)]);
        for (int line = 0; line < Block; line += 2)
        {
            // Four lanes hold a line: each 64 bits get the lower number of a lane in their lower half, and the upper one in the upper.
            (Vector256<ulong> first, Vector256<ulong> second) = Vector256.Widen(
                Vector256.LoadUnsafe(ref source, (nuint)(line * 4))
            );
            WidenLine(kind, first, ref Unsafe.Add(ref to, line * SharedOf16));
            WidenLine(kind, second, ref Unsafe.Add(ref to, (line + 1) * SharedOf16));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WidenLine(ElementKind kind, Vector256<ulong> pairs, ref double target)
    {
        Vector256<uint> halves = (
            (pairs & Vector256.Create(0xFFFFUL)) | ((pairs & Vector256.Create(0xFFFF_0000UL)) << 16)
        ).AsUInt32();
        Vector256<uint> values = kind == ElementKind.F16 ? FromHalves(halves) : halves << 16;
        (Vector256<double> low, Vector256<double> high) = Vector256.Widen(values.AsSingle());
        low.StoreUnsafe(ref target);
        high.StoreUnsafe(ref target, 4);
    }

    /// <summary>Eight rows of A times B, with C added and rounded: two registers of C and D.</summary>
    private static void AddBlock(
        ReadOnlySpan<double> left,
        ReadOnlySpan<double> right,
        ReadOnlySpan<uint> c,
        Span<uint> d
    )
    {
        Span<double> sums = stackalloc double[Block * Columns];
        SumFourRows(left, right, sums);
        SumFourRows(left[(4 * SharedOf16)..], right, sums[(4 * Columns)..]);

        ref double from = ref MemoryMarshal.GetReference(sums);
        ref uint added = ref MemoryMarshal.GetReference(c[..(2 * MatrixFragments.Lanes)]);
        ref uint target = ref MemoryMarshal.GetReference(d[..(2 * MatrixFragments.Lanes)]);
        for (int row = 0; row < Block; row++)
        {
            // Four lanes hold a row: their first registers the even columns, the second ones the odd.
            nuint lane = (nuint)(row * 4);
            Vector256<float> addend = Vector256
                .Shuffle(
                    Vector256.Create(
                        Vector128.LoadUnsafe(ref added, lane),
                        Vector128.LoadUnsafe(ref added, lane + MatrixFragments.Lanes)
                    ),
                    Vector256.Create(0u, 4, 1, 5, 2, 6, 3, 7)
                )
                .AsSingle();
            (Vector256<double> low, Vector256<double> high) = Vector256.Widen(addend);
            low += Vector256.LoadUnsafe(ref from, (nuint)(row * Columns));
            high += Vector256.LoadUnsafe(ref from, (nuint)((row * Columns) + 4));
            Vector256<float> result = Vector256.Narrow(low, high);
            Vector256<uint> bits = Vector256.ConditionalSelect(
                Vector256.Equals(result, result).AsUInt32(),
                result.AsUInt32(),
                Vector256.Create(FloatBits.NanF32)
            );
            bits = Vector256.Shuffle(bits, Vector256.Create(0u, 2, 4, 6, 1, 3, 5, 7));
            bits.GetLower().StoreUnsafe(ref target, lane);
            bits.GetUpper().StoreUnsafe(ref target, lane + MatrixFragments.Lanes);
        }
    }

    /// <summary>Products of numbers of at most 12 bits are exact, so that a fused sum and a separate one are the same.</summary>
    private static void SumFourRows(ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> sums)
    {
        ref double rows = ref MemoryMarshal.GetReference(left[..(4 * SharedOf16)]);
        ref double factors = ref MemoryMarshal.GetReference(right[..(SharedOf16 * Columns)]);
        ref double target = ref MemoryMarshal.GetReference(sums[..(4 * Columns)]);
        Vector512<double> sum0 = Vector512<double>.Zero;
        Vector512<double> sum1 = Vector512<double>.Zero;
        Vector512<double> sum2 = Vector512<double>.Zero;
        Vector512<double> sum3 = Vector512<double>.Zero;
        for (int k = 0; k < SharedOf16; k++)
        {
            Vector512<double> factor = Vector512.LoadUnsafe(ref factors, (nuint)(k * Columns));
            sum0 = Vector512.MultiplyAddEstimate(Vector512.Create(Unsafe.Add(ref rows, k)), factor, sum0);
            sum1 = Vector512.MultiplyAddEstimate(Vector512.Create(Unsafe.Add(ref rows, k + 16)), factor, sum1);
            sum2 = Vector512.MultiplyAddEstimate(Vector512.Create(Unsafe.Add(ref rows, k + 32)), factor, sum2);
            sum3 = Vector512.MultiplyAddEstimate(Vector512.Create(Unsafe.Add(ref rows, k + 48)), factor, sum3);
        }

        sum0.StoreUnsafe(ref target);
        sum1.StoreUnsafe(ref target, Columns);
        sum2.StoreUnsafe(ref target, 2 * Columns);
        sum3.StoreUnsafe(ref target, 3 * Columns);
    }
}
