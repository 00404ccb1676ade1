using GpuDecodeBench.Ptx.Arithmetic;
using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Arithmetic on f32 and f64, and what only floats have.</summary>
internal static class FloatDecoder
{
    private const InstructionClass Class = InstructionClass.Float;

    public static void Register(Dictionary<string, Action<InstructionReader>> table)
    {
        table["sqrt"] = Root;
        table["rcp"] = Root;
        table["rsqrt"] = ApproximateDecoder.Decode;
        table["ex2"] = ApproximateDecoder.Decode;
        table["lg2"] = ApproximateDecoder.Decode;
        table["sin"] = ApproximateDecoder.Decode;
        table["cos"] = ApproximateDecoder.Decode;
        table["tanh"] = ApproximateDecoder.Decode;
        table["copysign"] = CopySign;
        table["testp"] = Test;
    }

    public static void Arithmetic(InstructionReader r, PtxType type)
    {
        switch (type.Name)
        {
            case "f32":
                Single(r);
                break;
            case "f64":
                Double(r);
                break;
            default:
                HalfDecoder.Arithmetic(r, type);
                break;
        }
    }

    private static FloatRounding? Rounding(InstructionReader r) =>
        r.TakeOneOf("rn", "rz", "rm", "rp") switch
        {
            "rn" => FloatRounding.NearestEven,
            "rz" => FloatRounding.TowardZero,
            "rm" => FloatRounding.Down,
            "rp" => FloatRounding.Up,
            _ => null,
        };

    private static void Single(InstructionReader r)
    {
        var rounding = Rounding(r) ?? FloatRounding.NearestEven;
        var flush = r.Take("ftz");
        var saturate = r.Take("sat");
        if (saturate && r.Root is not ("add" or "sub" or "mul" or "fma" or "mad"))
        {
            throw r.Refuse($"'{r.Root}' knows no '.sat'");
        }
        var plain = rounding == FloatRounding.NearestEven && !flush && !saturate;
        switch (r.Root)
        {
            case "add" when plain:
                FastOperations.Binary<float, FastOperations.AddSingle>(r, Class);
                break;
            case "sub" when plain:
                FastOperations.Binary<float, FastOperations.SubtractSingle>(r, Class);
                break;
            case "mul" when plain:
                FastOperations.Binary<float, FastOperations.MultiplySingle>(r, Class);
                break;
            case "fma" or "mad" when plain:
                FastOperations.Ternary<float, FastOperations.FusedSingle>(r, Class);
                break;
            case "add":
                r.Binary<uint>(Class, (a, b) => FloatBits.AddF32(a, b, rounding, flush, saturate));
                break;
            case "sub":
                r.Binary<uint>(Class, (a, b) => FloatBits.SubF32(a, b, rounding, flush, saturate));
                break;
            case "mul":
                r.Binary<uint>(Class, (a, b) => FloatBits.MulF32(a, b, rounding, flush, saturate));
                break;
            case "fma" or "mad":
                r.Ternary<uint>(Class, (a, b, c) => FloatBits.FmaF32(a, b, c, rounding, flush, saturate));
                break;
            case "div":
                Divide(r, rounding, flush);
                break;
            case "neg":
                r.Unary<uint, uint>(Class, a => FloatBits.NegF32(a, flush));
                break;
            case "abs":
                r.Unary<uint, uint>(Class, a => FloatBits.AbsF32(a, flush));
                break;
            default:
                MinMaxSingle(r, flush);
                return;
        }
        r.End(
            r.Root is "fma" or "mad" ? 4
            : r.Root is "neg" or "abs" ? 2
            : 3
        );
    }

    private static void Divide(InstructionReader r, FloatRounding rounding, bool flush)
    {
        var form = r.TakeOneOf("approx", "full");
        r.Binary<uint>(
            Class,
            form switch
            {
                "approx" => (a, b) => Approximations.DivF32(a, b, flush),
                "full" => (a, b) => Approximations.DivFullF32(a, b, flush),
                _ => (a, b) => FloatBits.DivF32(a, b, rounding, flush),
            }
        );
    }

    private static void MinMaxSingle(InstructionReader r, bool flush)
    {
        var nan = r.Take("NaN");
        var xorsign = r.Take("xorsign");
        if (xorsign && !r.Take("abs"))
        {
            throw r.Refuse("'.xorsign' without '.abs'");
        }
        Func<uint, uint, uint> function =
            r.Root == "min"
                ? (a, b) => FloatBits.MinF32(a, b, flush, nan)
                : (a, b) => FloatBits.MaxF32(a, b, flush, nan);
        r.Binary<uint>(
            Class,
            xorsign ? (a, b) => function(a & 0x7FFF_FFFF, b & 0x7FFF_FFFF) | ((a ^ b) & 0x8000_0000) : function
        );
        r.End(3);
    }

    private static void Double(InstructionReader r)
    {
        var rounding = Rounding(r) ?? FloatRounding.NearestEven;
        switch (r.Root)
        {
            case "add":
                r.Binary<ulong>(Class, (a, b) => FloatBits.AddF64(a, b, rounding));
                break;
            case "sub":
                r.Binary<ulong>(Class, (a, b) => FloatBits.SubF64(a, b, rounding));
                break;
            case "mul":
                r.Binary<ulong>(Class, (a, b) => FloatBits.MulF64(a, b, rounding));
                break;
            case "div":
                r.Binary<ulong>(Class, (a, b) => FloatBits.DivF64(a, b, rounding));
                break;
            case "fma" or "mad":
                r.Ternary<ulong>(Class, (a, b, c) => FloatBits.FmaF64(a, b, c, rounding));
                break;
            case "neg":
                r.Unary<ulong, ulong>(Class, FloatBits.NegF64);
                break;
            case "abs":
                r.Unary<ulong, ulong>(Class, FloatBits.AbsF64);
                break;
            case "min":
                r.Binary<ulong>(Class, static (a, b) => FloatBits.MinF64(a, b, false));
                break;
            default:
                r.Binary<ulong>(Class, static (a, b) => FloatBits.MaxF64(a, b, false));
                break;
        }
        r.End(
            r.Root is "fma" or "mad" ? 4
            : r.Root is "neg" or "abs" ? 2
            : 3
        );
    }

    private static void Root(InstructionReader r)
    {
        var rounding = Rounding(r);
        if (rounding is null)
        {
            ApproximateDecoder.Decode(r);
            return;
        }
        var flush = r.Take("ftz");
        var type = r.TakeType();
        var direction = rounding.Value;
        r.End(2);
        switch (r.Root, type.Name)
        {
            case ("sqrt", "f32"):
                r.Unary<uint, uint>(Class, a => FloatBits.SqrtF32(a, direction, flush));
                break;
            case ("sqrt", "f64"):
                r.Unary<ulong, ulong>(Class, a => FloatBits.SqrtF64(a, direction));
                break;
            case ("rcp", "f32"):
                r.Unary<uint, uint>(Class, a => FloatBits.RcpF32(a, direction, flush));
                break;
            case ("rcp", "f64"):
                r.Unary<ulong, ulong>(Class, a => FloatBits.RcpF64(a, direction));
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private static void CopySign(InstructionReader r)
    {
        var type = r.TakeType();
        r.End(3);
        switch (type.Name)
        {
            case "f32":
                r.Binary<uint>(Class, static (a, b) => (a & 0x8000_0000) | (b & 0x7FFF_FFFF));
                break;
            case "f64":
                r.Binary<ulong>(Class, static (a, b) => (a & (1ul << 63)) | (b & ~(1ul << 63)));
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private static void Test(InstructionReader r)
    {
        var kind =
            r.TakeOneOf("finite", "infinite", "number", "notanumber", "normal", "subnormal")
            ?? throw r.Refuse("testp without a property");
        var type = r.TakeType();
        r.End(2);
        var targets = new SetPredicateTargets(r.Destination(0, 0), -1, 0, false, null);
        switch (type.Name)
        {
            case "f32":
                var single = r.Source(1, 4);
                var testSingle = Test<float>(kind);
                r.Emit(Class, new LaneOperations.SetPredicate<float>(single, single, (a, _) => testSingle(a), targets));
                break;
            case "f64":
                var wide = r.Source(1, 8);
                var testDouble = Test<double>(kind);
                r.Emit(Class, new LaneOperations.SetPredicate<double>(wide, wide, (a, _) => testDouble(a), targets));
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    // Zero is a normal number to testp.
    private static Func<T, bool> Test<T>(string kind)
        where T : System.Numerics.IFloatingPointIeee754<T> =>
        kind switch
        {
            "finite" => T.IsFinite,
            "infinite" => T.IsInfinity,
            "number" => static a => !T.IsNaN(a),
            "notanumber" => T.IsNaN,
            "normal" => static a => T.IsNormal(a) || T.IsZero(a),
            _ => T.IsSubnormal,
        };
}
