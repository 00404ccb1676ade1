using System.Numerics;
using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Integer forms of add, sub, mul, mad, div, rem, abs, neg, min, max.</summary>
internal static class IntegerArithmetic
{
    private const InstructionClass Class = InstructionClass.Integer;

    public static void Decode(InstructionReader r, PtxType type)
    {
        if (type.Packed)
        {
            Packed(r, type);
            return;
        }
        switch (type.Name)
        {
            case "u16" or "b16":
                Decode<ushort, ushort, uint>(r, type);
                break;
            case "s16":
                Decode<short, ushort, int>(r, type);
                break;
            case "u32" or "b32":
                Decode<uint, uint, ulong>(r, type);
                break;
            case "s32":
                Decode<int, uint, long>(r, type);
                break;
            case "u64" or "b64":
                Decode<ulong, ulong, UInt128>(r, type);
                break;
            case "s64":
                Decode<long, ulong, Int128>(r, type);
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private static void Decode<T, TUnsigned, TWide>(InstructionReader r, PtxType type)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TUnsigned : unmanaged, IBinaryInteger<TUnsigned>
        where TWide : unmanaged, IBinaryInteger<TWide>
    {
        switch (r.Root)
        {
            case "add" or "sub":
                Sum<T, TWide>(r, r.Root == "add");
                break;
            case "mul":
                Multiply<T, TWide>(r, type);
                break;
            case "mad":
                MultiplyAdd<T, TWide>(r, type);
                break;
            case "div":
                r.Binary<T>(
                    Class,
                    static (a, b) =>
                        b == T.Zero ? T.AllBitsSet
                        : IsOverflow(a, b) ? a
                        : a / b
                );
                r.End(3);
                break;
            case "rem":
                r.Binary<T>(
                    Class,
                    static (a, b) =>
                        b == T.Zero ? a
                        : IsOverflow(a, b) ? T.Zero
                        : a % b
                );
                r.End(3);
                break;
            case "min":
                FastOperations.Binary<T, FastOperations.Least<T>>(r, Class);
                r.End(3);
                break;
            case "max":
                FastOperations.Binary<T, FastOperations.Greatest<T>>(r, Class);
                r.End(3);
                break;
            case "abs" when type.IsSigned:
                r.Unary<T, T>(Class, static a => a < T.Zero ? T.Zero - a : a);
                r.End(2);
                break;
            case "neg" when type.IsSigned:
                r.Unary<T, T>(Class, static a => T.Zero - a);
                r.End(2);
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    // The smallest value by minus one traps on the host; the device wraps.
    private static bool IsOverflow<T>(T a, T b)
        where T : IBinaryInteger<T>, IMinMaxValue<T> => T.IsNegative(b) && b == T.AllBitsSet && a == T.MinValue;

    private static void Sum<T, TWide>(InstructionReader r, bool add)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
        where TWide : unmanaged, IBinaryInteger<TWide>
    {
        if (r.Take("sat"))
        {
            r.Binary<T>(
                Class,
                add
                    ? static (a, b) => T.CreateSaturating(TWide.CreateTruncating(a) + TWide.CreateTruncating(b))
                    : static (a, b) => T.CreateSaturating(TWide.CreateTruncating(a) - TWide.CreateTruncating(b))
            );
        }
        else if (add)
        {
            FastOperations.Binary<T, FastOperations.Add<T>>(r, Class);
        }
        else
        {
            FastOperations.Binary<T, FastOperations.Subtract<T>>(r, Class);
        }
        r.End(3);
    }

    private static unsafe void Multiply<T, TWide>(InstructionReader r, PtxType type)
        where T : unmanaged, IBinaryInteger<T>
        where TWide : unmanaged, IBinaryInteger<TWide>
    {
        switch (r.TakeOneOf("lo", "hi", "wide"))
        {
            case "lo":
                FastOperations.Binary<T, FastOperations.Multiply<T>>(r, Class);
                break;
            case "hi":
                r.Binary<T>(
                    Class,
                    static (a, b) =>
                        T.CreateTruncating((TWide.CreateTruncating(a) * TWide.CreateTruncating(b)) >> (8 * sizeof(T)))
                );
                break;
            case "wide" when type.Bytes == 4:
                FastOperations.WideProduct(r, Class, type.IsSigned, adds: false);
                break;
            case "wide" when type.Bytes < 8:
                r.Binary<T, T, TWide>(Class, static (a, b) => TWide.CreateTruncating(a) * TWide.CreateTruncating(b));
                break;
            default:
                throw r.Refuse("mul of integers without .lo, .hi or .wide");
        }
        r.End(3);
    }

    private static unsafe void MultiplyAdd<T, TWide>(InstructionReader r, PtxType type)
        where T : unmanaged, IBinaryInteger<T>
        where TWide : unmanaged, IBinaryInteger<TWide>
    {
        switch (r.TakeOneOf("lo", "hi", "wide"))
        {
            case "lo":
                FastOperations.Ternary<T, FastOperations.MultiplyAdd<T>>(r, Class);
                break;
            case "hi" when r.Take("sat") && type.Name == "s32":
                r.Ternary<T>(
                    Class,
                    static (a, b, c) =>
                        T.CreateSaturating(
                            ((TWide.CreateTruncating(a) * TWide.CreateTruncating(b)) >> (8 * sizeof(T)))
                                + TWide.CreateTruncating(c)
                        )
                );
                break;
            case "hi":
                r.Ternary<T>(
                    Class,
                    static (a, b, c) =>
                        T.CreateTruncating((TWide.CreateTruncating(a) * TWide.CreateTruncating(b)) >> (8 * sizeof(T)))
                        + c
                );
                break;
            case "wide" when type.Bytes == 4:
                FastOperations.WideProduct(r, Class, type.IsSigned, adds: true);
                break;
            case "wide" when type.Bytes < 8:
                r.Ternary<T, T, TWide, TWide>(
                    Class,
                    static (a, b, c) => (TWide.CreateTruncating(a) * TWide.CreateTruncating(b)) + c
                );
                break;
            default:
                throw r.Refuse("mad of integers without .lo, .hi or .wide");
        }
        r.End(4);
    }

    private static void Packed(InstructionReader r, PtxType type)
    {
        Func<int, int, int>? lane = r.Root switch
        {
            "add" => static (a, b) => a + b,
            "min" => Math.Min,
            "max" => Math.Max,
            _ => null,
        };
        if (lane is null || type.Bytes != 4)
        {
            throw r.RefuseType(type);
        }
        var signed = type.IsSigned;
        r.Binary<uint>(
            Class,
            (a, b) =>
            {
                var low = signed ? lane((short)a, (short)b) : lane((ushort)a, (ushort)b);
                var high = signed
                    ? lane((short)(a >> 16), (short)(b >> 16))
                    : lane((ushort)(a >> 16), (ushort)(b >> 16));
                return (ushort)low | ((uint)high << 16);
            }
        );
        r.End(3);
    }
}
