using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <content>Taking the fragments of the factors apart into rows of floats, which hold every kind of element exactly.</content>
public static partial class MatrixMultiply
{
    private static readonly float[] E4M3Values = Values(code => HalfBits.ToSingle(Conversions.E4M3ToF16(code)));
    private static readonly float[] E5M2Values = Values(code => HalfBits.ToSingle(Conversions.E5M2ToF16(code)));
    private static readonly float[] S8Values = Values(code => (sbyte)code);
    private static readonly float[] U8Values = Values(code => code);

    private static float[] Values(Func<byte, float> value)
    {
        float[] values = new float[256];
        for (int code = 0; code < values.Length; code++)
        {
            values[code] = value((byte)code);
        }

        return values;
    }

    /// <summary>A row by row.</summary>
    private static void LoadA(ElementKind kind, int shared, ReadOnlySpan<uint> a, Span<float> left)
    {
        if (kind <= ElementKind.BF16)
        {
            LoadPairsOfA(kind, shared, a, left);
            return;
        }

        int perRegister = kind == ElementKind.TF32 ? 1 : 4;
        int registers = Rows * shared / (MatrixFragments.Lanes * perRegister);
        ReadOnlySpan<float> values = ValuesOf(kind);
        for (int lane = 0; lane < MatrixFragments.Lanes; lane++)
        {
            for (int register = 0; register < registers; register++)
            {
                int row = MatrixFragments.RowOfA(lane, register);
                int column = MatrixFragments.ColumnOfA(lane, register, 0, perRegister);
                uint bits = a[(lane * registers) + register];
                Span<float> target = left.Slice((row * shared) + column, perRegister);
                if (target.Length == 4)
                {
                    target[3] = values[(int)(bits >> 24)];
                    target[2] = values[(byte)(bits >> 16)];
                    target[1] = values[(byte)(bits >> 8)];
                    target[0] = values[(byte)bits];
                }
                else
                {
                    target[0] = TensorValue(bits);
                }
            }
        }
    }

    /// <summary>B row by row.</summary>
    private static void LoadB(ElementKind kind, int shared, ReadOnlySpan<uint> b, Span<float> right)
    {
        if (kind <= ElementKind.BF16)
        {
            LoadPairsOfB(kind, shared, b, right);
            return;
        }

        int perRegister = kind == ElementKind.TF32 ? 1 : 4;
        int registers = Columns * shared / (MatrixFragments.Lanes * perRegister);
        ReadOnlySpan<float> values = ValuesOf(kind);
        for (int lane = 0; lane < MatrixFragments.Lanes; lane++)
        {
            for (int register = 0; register < registers; register++)
            {
                int row = MatrixFragments.RowOfB(lane, register, 0, perRegister);
                uint bits = b[(lane * registers) + register];
                Span<float> target = right[((row * Columns) + MatrixFragments.ColumnOfB(lane))..];
                if (perRegister == 4)
                {
                    target[3 * Columns] = values[(int)(bits >> 24)];
                    target[2 * Columns] = values[(byte)(bits >> 16)];
                    target[Columns] = values[(byte)(bits >> 8)];
                    target[0] = values[(byte)bits];
                }
                else
                {
                    target[0] = TensorValue(bits);
                }
            }
        }
    }

    private static ReadOnlySpan<float> ValuesOf(ElementKind kind) =>
        kind switch
        {
            ElementKind.E4M3 => E4M3Values,
            ElementKind.E5M2 => E5M2Values,
            ElementKind.S8 => S8Values,
            _ => U8Values,
        };

    /// <summary>Only the upper 19 bits of a register count (PTX ISA, "Alternate Floating-Point Data Formats": <c>.tf32</c>).</summary>
    private static float TensorValue(uint register) => BitConverter.UInt32BitsToSingle(register & 0xFFFF_E000);

    private static void LoadPairsOfA(ElementKind kind, int shared, ReadOnlySpan<uint> a, Span<float> left)
    {
        Span<ulong> pairs = stackalloc ulong[4 * MatrixFragments.Lanes];
        int registers = shared / 4;
        pairs = pairs[..(registers * MatrixFragments.Lanes)];
        Widen(kind, a[..pairs.Length], pairs);

        // The two elements of a register are neighbours in their row, and stay a pair.
        Span<ulong> rows = MemoryMarshal.Cast<float, ulong>(left);
        int rowLength = shared / 2;
        for (int group = 0; group < 8; group++)
        {
            Span<ulong> upper = rows.Slice(group * rowLength, rowLength);
            Span<ulong> lower = rows.Slice((group + 8) * rowLength, rowLength);
            ReadOnlySpan<ulong> source = pairs.Slice(group * 4 * registers, 4 * registers);
            for (int thread = 0; thread < 4; thread++)
            {
                upper[thread] = source[thread * registers];
                lower[thread] = source[(thread * registers) + 1];
                if (registers == 4)
                {
                    upper[thread + 4] = source[(thread * 4) + 2];
                    lower[thread + 4] = source[(thread * 4) + 3];
                }
            }
        }
    }

    private static void LoadPairsOfB(ElementKind kind, int shared, ReadOnlySpan<uint> b, Span<float> right)
    {
        Span<ulong> pairs = stackalloc ulong[2 * MatrixFragments.Lanes];
        int registers = shared / 8;
        pairs = pairs[..(registers * MatrixFragments.Lanes)];
        Widen(kind, b[..pairs.Length], pairs);
        ReadOnlySpan<float> source = MemoryMarshal.Cast<ulong, float>(pairs);
        for (int thread = 0; thread < 4; thread++)
        {
            for (int register = 0; register < registers; register++)
            {
                Span<float> target = right.Slice(((thread * 2) + (register * 8)) * Columns, 2 * Columns);
                for (int column = 0; column < Columns; column++)
                {
                    int index = 2 * ((((column * 4) + thread) * registers) + register);
                    target[column] = source[index];
                    target[column + Columns] = source[index + 1];
                }
            }
        }
    }

    /// <summary>Registers of two numbers of 16 bits as pairs of floats, the lower one first.</summary>
    private static void Widen(ElementKind kind, ReadOnlySpan<uint> registers, Span<ulong> pairs)
    {
        ref uint source = ref MemoryMarshal.GetReference(registers);
        ref ulong target = ref MemoryMarshal.GetReference(pairs);
        for (int index = 0; index <= registers.Length - 4; index += 4)
        {
            Vector128<uint> bits = Vector128.LoadUnsafe(ref source, (nuint)index);
            (Vector128<ulong> first, Vector128<ulong> second) = Vector128.Widen(bits);
            Vector256<ulong> wide = Vector256.Create(first, second);

            // Each 64 bits get the lower number in their lower half, and the upper one in the upper half.
            Vector256<uint> halves = (
                (wide & Vector256.Create(0xFFFFUL)) | ((wide & Vector256.Create(0xFFFF_0000UL)) << 16)
            ).AsUInt32();
            Vector256<uint> values = kind == ElementKind.F16 ? FromHalves(halves) : halves << 16;
            values.AsUInt64().StoreUnsafe(ref target, (nuint)index);
        }
    }

    /// <summary>The arithmetic of <see cref="HalfBits.ToSingle"/> on eight numbers; a NaN stays some NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> FromHalves(Vector256<uint> halves)
    {
        Vector256<uint> magnitude = halves & Vector256.Create(0x7FFFu);
        Vector256<uint> sign = (halves & Vector256.Create(0x8000u)) << 16;
        Vector256<uint> moved = magnitude << 13;
        Vector256<uint> scaled = (moved.AsSingle() * Vector256.Create(5.192296858534828e33f)).AsUInt32();
        Vector256<uint> special = moved | Vector256.Create(0x7F80_0000u);
        Vector256<int> isSpecial = Vector256.GreaterThan(magnitude.AsInt32(), Vector256.Create(0x7BFF));
        return Vector256.ConditionalSelect(isSpecial.AsUInt32(), special, scaled) | sign;
    }
}
