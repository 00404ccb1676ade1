using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <content>Taking fragments apart, and the products of integers.</content>
public static partial class MatrixMultiply
{
    private static readonly float[] E4M3Values = Values(Conversions.E4M3ToF16);
    private static readonly float[] E5M2Values = Values(Conversions.E5M2ToF16);

    private static float[] Values(Func<byte, ushort> toHalf)
    {
        float[] values = new float[256];
        for (int code = 0; code < values.Length; code++)
        {
            values[code] = HalfBits.ToSingle(toHalf((byte)code));
        }

        return values;
    }

    private static int PerRegister(ElementKind kind) =>
        kind switch
        {
            ElementKind.F16 or ElementKind.BF16 => 2,
            ElementKind.TF32 => 1,
            _ => 4,
        };

    /// <summary>A row by row.</summary>
    private static void LoadA(ElementKind kind, int shared, ReadOnlySpan<uint> a, Span<double> left)
    {
        int perRegister = PerRegister(kind);
        int registers = Rows * shared / (MatrixFragments.Lanes * perRegister);
        for (int lane = 0; lane < MatrixFragments.Lanes; lane++)
        {
            for (int register = 0; register < registers; register++)
            {
                int row = MatrixFragments.RowOfA(lane, register);
                int column = MatrixFragments.ColumnOfA(lane, register, 0, perRegister);
                Split(kind, a[(lane * registers) + register], left, (row * shared) + column, 1);
            }
        }
    }

    /// <summary>B row by row.</summary>
    private static void LoadB(ElementKind kind, int shared, ReadOnlySpan<uint> b, Span<double> right)
    {
        int perRegister = PerRegister(kind);
        int registers = Columns * shared / (MatrixFragments.Lanes * perRegister);
        for (int lane = 0; lane < MatrixFragments.Lanes; lane++)
        {
            for (int register = 0; register < registers; register++)
            {
                int row = MatrixFragments.RowOfB(lane, register, 0, perRegister);
                int column = MatrixFragments.ColumnOfB(lane);
                Split(kind, b[(lane * registers) + register], right, (row * Columns) + column, Columns);
            }
        }
    }

    /// <summary>The elements of a register, the lowest first, at every <paramref name="stride"/>-th place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Split(ElementKind kind, uint register, Span<double> target, int place, int stride)
    {
        switch (kind)
        {
            case ElementKind.F16:
                target[place] = HalfBits.ToSingle((ushort)register);
                target[place + stride] = HalfBits.ToSingle((ushort)(register >> 16));
                break;
            case ElementKind.BF16:
                target[place] = BitConverter.UInt32BitsToSingle(register << 16);
                target[place + stride] = BitConverter.UInt32BitsToSingle(register & 0xFFFF_0000);
                break;
            case ElementKind.TF32:
                // Only the upper 19 bits of the register are looked at.
                target[place] = BitConverter.UInt32BitsToSingle(register & 0xFFFF_E000);
                break;
            default:
                SplitBytes(kind == ElementKind.E4M3 ? E4M3Values : E5M2Values, register, target, place, stride);
                break;
        }
    }

    private static void SplitBytes(float[] values, uint register, Span<double> target, int place, int stride)
    {
        target[place] = values[(byte)register];
        target[place + stride] = values[(byte)(register >> 8)];
        target[place + (2 * stride)] = values[(byte)(register >> 16)];
        target[place + (3 * stride)] = values[register >> 24];
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
        Span<int> left = stackalloc int[Rows * MostShared];
        Span<int> right = stackalloc int[MostShared * Columns];
        int registers = shared / 8;
        for (int lane = 0; lane < MatrixFragments.Lanes; lane++)
        {
            for (int register = 0; register < registers; register++)
            {
                int row = MatrixFragments.RowOfA(lane, register);
                int column = MatrixFragments.ColumnOfA(lane, register, 0, 4);
                SplitIntegers(kindOfA, a[(lane * registers) + register], left.Slice((row * shared) + column, 4));
            }

            for (int register = 0; register < registers / 2; register++)
            {
                // B column by column: both factors run along the shared dimension.
                int row = MatrixFragments.RowOfB(lane, register, 0, 4);
                int column = MatrixFragments.ColumnOfB(lane);
                uint bits = b[(lane * (registers / 2)) + register];
                SplitIntegers(kindOfB, bits, right.Slice((column * shared) + row, 4));
            }
        }

        for (int index = 0; index < 4 * MatrixFragments.Lanes; index++)
        {
            int row = MatrixFragments.RowOfC(index >> 2, index & 3);
            int column = MatrixFragments.ColumnOfC(index >> 2, index & 3);
            int sum = Dot(left.Slice(row * shared, shared), right.Slice(column * shared, shared));
            long total = (long)sum + (int)c[index];
            d[index] = (uint)(satfinite ? Math.Clamp(total, int.MinValue, int.MaxValue) : total);
        }
    }

    private static int Dot(ReadOnlySpan<int> x, ReadOnlySpan<int> y)
    {
        System.Numerics.Vector<int> sum = System.Numerics.Vector<int>.Zero;
        int k = 0;
        for (; k <= x.Length - System.Numerics.Vector<int>.Count; k += System.Numerics.Vector<int>.Count)
        {
            sum += new System.Numerics.Vector<int>(x[k..]) * new System.Numerics.Vector<int>(y[k..]);
        }

        int total = System.Numerics.Vector.Sum(sum);
        for (; k < x.Length; k++)
        {
            total += x[k] * y[k];
        }

        return total;
    }

    private static void SplitIntegers(ElementKind kind, uint register, Span<int> target)
    {
        for (int element = 0; element < 4; element++)
        {
            uint value = register >> (8 * element);
            target[element] = kind == ElementKind.S8 ? (sbyte)value : (byte)value;
        }
    }
}
