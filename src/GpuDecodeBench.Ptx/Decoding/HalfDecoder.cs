using GpuDecodeBench.Ptx.Arithmetic;
using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Arithmetic on f16, bf16 and their pairs.</summary>
internal static class HalfDecoder
{
    private const InstructionClass Class = InstructionClass.Half;

    public static void Arithmetic(InstructionReader r, PtxType type)
    {
        _ = r.Take("rn");
        var flush = r.Take("ftz");
        var saturate = r.Take("sat");
        var relu = r.Take("relu");
        var nan = r.Take("NaN");
        if (relu && r.Root != "fma")
        {
            throw r.Refuse("'.relu' stands only with fma");
        }
        if (nan && r.Root is not ("min" or "max"))
        {
            throw r.Refuse("'.NaN' stands only with min and max");
        }
        var brain = type.Kind == TypeKind.BrainFloat;
        if (brain && (flush || saturate))
        {
            throw r.Refuse("bf16 knows neither '.ftz' nor '.sat'");
        }
        switch (r.Root)
        {
            case "fma":
                Fused(r, type, flush, saturate, relu);
                r.End(4);
                break;
            case "neg" or "abs":
                Sign(r, type, flush);
                r.End(2);
                break;
            case "add" or "sub" or "mul" or "min" or "max":
                if (type.Packed)
                {
                    r.Binary<uint>(Class, brain ? PairsOfBrain(r, nan) : Pairs(r, flush, saturate, nan));
                }
                else
                {
                    r.Binary<ushort>(Class, brain ? SinglesOfBrain(r, nan) : Singles(r, flush, saturate, nan));
                }
                r.End(3);
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private static void Fused(InstructionReader r, PtxType type, bool flush, bool saturate, bool relu)
    {
        switch (type.Name)
        {
            case "f16":
                r.Ternary<ushort>(Class, (a, b, c) => HalfBits.Fma(a, b, c, flush, saturate, relu));
                break;
            case "f16x2":
                r.Ternary<uint>(Class, (a, b, c) => HalfBits.FmaX2(a, b, c, flush, saturate, relu));
                break;
            case "bf16":
                r.Ternary<ushort>(Class, (a, b, c) => Bf16Bits.Fma(a, b, c, relu));
                break;
            case "bf16x2" when !relu:
                FastOperations.Ternary<uint, FastPairs.FusedBrain>(r, Class);
                break;
            default:
                r.Ternary<uint>(Class, (a, b, c) => Bf16Bits.FmaX2(a, b, c, relu));
                break;
        }
    }

    private static void Sign(InstructionReader r, PtxType type, bool flush)
    {
        var negate = r.Root == "neg";
        switch (type.Name)
        {
            case "f16":
                r.Unary<ushort, ushort>(Class, a => negate ? HalfBits.Neg(a, flush) : HalfBits.Abs(a, flush));
                break;
            case "f16x2":
                r.Unary<uint, uint>(Class, a => negate ? HalfBits.NegX2(a, flush) : HalfBits.AbsX2(a, flush));
                break;
            case "bf16":
                r.Unary<ushort, ushort>(Class, negate ? Bf16Bits.Neg : Bf16Bits.Abs);
                break;
            default:
                r.Unary<uint, uint>(Class, negate ? Bf16Bits.NegX2 : Bf16Bits.AbsX2);
                break;
        }
    }

    private static Func<ushort, ushort, ushort> Singles(InstructionReader r, bool flush, bool saturate, bool nan) =>
        r.Root switch
        {
            "add" => (a, b) => HalfBits.Add(a, b, flush, saturate),
            "sub" => (a, b) => HalfBits.Sub(a, b, flush, saturate),
            "mul" => (a, b) => HalfBits.Mul(a, b, flush, saturate),
            "min" => (a, b) => HalfBits.Min(a, b, flush, nan),
            _ => (a, b) => HalfBits.Max(a, b, flush, nan),
        };

    private static Func<uint, uint, uint> Pairs(InstructionReader r, bool flush, bool saturate, bool nan) =>
        r.Root switch
        {
            "add" => (a, b) => HalfBits.AddX2(a, b, flush, saturate),
            "sub" => (a, b) => HalfBits.SubX2(a, b, flush, saturate),
            "mul" => (a, b) => HalfBits.MulX2(a, b, flush, saturate),
            "min" => (a, b) => HalfBits.MinX2(a, b, flush, nan),
            _ => (a, b) => HalfBits.MaxX2(a, b, flush, nan),
        };

    private static Func<ushort, ushort, ushort> SinglesOfBrain(InstructionReader r, bool nan) =>
        r.Root switch
        {
            "add" => Bf16Bits.Add,
            "sub" => Bf16Bits.Sub,
            "mul" => Bf16Bits.Mul,
            "min" => (a, b) => Bf16Bits.Min(a, b, nan),
            _ => (a, b) => Bf16Bits.Max(a, b, nan),
        };

    private static Func<uint, uint, uint> PairsOfBrain(InstructionReader r, bool nan) =>
        r.Root switch
        {
            "add" => Bf16Bits.AddX2,
            "sub" => Bf16Bits.SubX2,
            "mul" => Bf16Bits.MulX2,
            "min" => (a, b) => Bf16Bits.MinX2(a, b, nan),
            _ => (a, b) => Bf16Bits.MaxX2(a, b, nan),
        };
}
