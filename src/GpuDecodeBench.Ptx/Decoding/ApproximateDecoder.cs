using GpuDecodeBench.Ptx.Arithmetic;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Approximate functions: ex2, lg2, rcp, rsqrt, sqrt, sin, cos, tanh.</summary>
internal static class ApproximateDecoder
{
    private const InstructionClass Class = InstructionClass.Special;

    public static void Decode(InstructionReader r)
    {
        if (!r.Take("approx"))
        {
            throw r.Refuse($"'{r.Root}' without '.approx' or a rounding");
        }
        var flush = r.Take("ftz");
        var type = r.TakeType();
        r.End(2);
        switch (type.Name)
        {
            case "f32":
                r.Unary(Class, Single(r, flush));
                break;
            case "f64":
                r.Unary<ulong, ulong>(
                    Class,
                    (r.Root, flush) switch
                    {
                        ("rcp", true) => Approximations.RcpF64,
                        ("rsqrt", true) => Approximations.RsqrtFlushF64,
                        ("rsqrt", false) => Approximations.RsqrtF64,
                        _ => throw r.RefuseType(type),
                    }
                );
                break;
            case "f16" or "bf16":
                r.Unary(Class, Half(r, type));
                break;
            default:
                r.Unary(Class, Pair(r, type));
                break;
        }
    }

    private static Func<uint, uint> Single(InstructionReader r, bool flush) =>
        r.Root switch
        {
            "ex2" => a => Approximations.Ex2F32(a, flush),
            "lg2" => a => Approximations.Lg2F32(a, flush),
            "rcp" => a => Approximations.RcpF32(a, flush),
            "rsqrt" => a => Approximations.RsqrtF32(a, flush),
            "sqrt" => a => Approximations.SqrtF32(a, flush),
            "sin" => a => Approximations.SinF32(a, flush),
            "cos" => a => Approximations.CosF32(a, flush),
            _ => Approximations.TanhF32,
        };

    private static Func<ushort, ushort> Half(InstructionReader r, PtxType type) =>
        (r.Root, type.Name) switch
        {
            ("ex2", "f16") => Approximations.Ex2F16,
            ("ex2", "bf16") => Approximations.Ex2Bf16,
            ("tanh", "f16") => Approximations.TanhF16,
            ("tanh", "bf16") => Approximations.TanhBf16,
            _ => throw r.RefuseType(type),
        };

    private static Func<uint, uint> Pair(InstructionReader r, PtxType type) =>
        (r.Root, type.Name) switch
        {
            ("ex2", "f16x2") => Approximations.Ex2F16x2,
            ("ex2", "bf16x2") => Approximations.Ex2Bf16x2,
            ("tanh", "f16x2") => Approximations.TanhF16x2,
            ("tanh", "bf16x2") => Approximations.TanhBf16x2,
            _ => throw r.RefuseType(type),
        };
}
