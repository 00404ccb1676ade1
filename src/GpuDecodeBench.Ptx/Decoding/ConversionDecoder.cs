using GpuDecodeBench.Ptx.Arithmetic;
using GpuDecodeBench.Ptx.Execution;
using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>cvt in all its forms.</summary>
internal static class ConversionDecoder
{
    private const InstructionClass Class = InstructionClass.Conversion;

    public static void Register(Dictionary<string, Action<InstructionReader>> table) => table["cvt"] = Convert;

    private static void Convert(InstructionReader r)
    {
        var pack = r.Take("pack");
        var rounding = r.TakeOneOf("rn", "rz", "rm", "rp", "rni", "rzi", "rmi", "rpi", "rna") switch
        {
            "rn" => ConversionRounding.NearestEven,
            "rz" => ConversionRounding.TowardZero,
            "rm" => ConversionRounding.Down,
            "rp" => ConversionRounding.Up,
            "rni" => ConversionRounding.NearestEvenInteger,
            "rzi" => ConversionRounding.TowardZeroInteger,
            "rmi" => ConversionRounding.DownInteger,
            "rpi" => ConversionRounding.UpInteger,
            "rna" => ConversionRounding.NearestAway,
            _ => ConversionRounding.None,
        };
        var flush = r.Take("ftz");
        var saturate = r.Take("sat");
        var satfinite = r.Take("satfinite");
        var relu = r.Take("relu");
        if (r.Take("tf32"))
        {
            _ = r.TakeType();
            r.End(2);
            r.Unary<uint, uint>(Class, a => Conversions.ToTf32(a, rounding, relu, satfinite));
            return;
        }
        var to = r.TakeType();
        var from = r.TakeType();
        if (pack)
        {
            Pack(r, to);
        }
        else if (to.Packed || from.Packed)
        {
            Pairs(r, to, from, rounding, satfinite, relu);
        }
        else if (relu || satfinite)
        {
            Limited(r, to, from, rounding, satfinite, relu);
        }
        else
        {
            Plain(r, to, from, rounding, flush, saturate);
        }
    }

    private static void Pack(InstructionReader r, PtxType to)
    {
        var signed = to.IsSigned;
        if (to.Bytes == 2)
        {
            r.Binary<int, int, uint>(Class, (a, b) => Conversions.PackSaturated16(a, b, signed));
            r.End(3);
            return;
        }
        _ = r.TakeTypeOrNull();
        r.Ternary<int, int, uint, uint>(Class, (a, b, c) => Conversions.PackSaturated8(a, b, c, signed));
        r.End(4);
        if (to.Bytes != 1)
        {
            throw r.RefuseType(to);
        }
    }

    private static void Pairs(
        InstructionReader r,
        PtxType to,
        PtxType from,
        ConversionRounding rounding,
        bool satfinite,
        bool relu
    )
    {
        switch (to.Name, from.Name)
        {
            case ("f16x2", "f32"):
                r.Binary<uint>(Class, (a, b) => Conversions.PackF16x2(a, b, rounding, relu, satfinite));
                r.End(3);
                break;
            case ("bf16x2", "f32"):
                r.Binary<uint>(Class, (a, b) => Conversions.PackBf16x2(a, b, rounding, relu, satfinite));
                r.End(3);
                break;
            case ("e4m3x2", "f32") when satfinite:
                r.Binary<uint, uint, ushort>(Class, (a, b) => Conversions.PackE4M3x2(a, b, relu));
                r.End(3);
                break;
            case ("e5m2x2", "f32") when satfinite:
                r.Binary<uint, uint, ushort>(Class, (a, b) => Conversions.PackE5M2x2(a, b, relu));
                r.End(3);
                break;
            case ("e4m3x2", "f16x2") when satfinite:
                r.Unary<uint, ushort>(Class, a => Conversions.PackE4M3x2FromF16x2(a, relu));
                r.End(2);
                break;
            case ("e5m2x2", "f16x2") when satfinite:
                r.Unary<uint, ushort>(Class, a => Conversions.PackE5M2x2FromF16x2(a, relu));
                r.End(2);
                break;
            case ("f16x2", "e4m3x2"):
                r.Unary<ushort, uint>(Class, a => Conversions.UnpackE4M3x2ToF16x2(a, relu));
                r.End(2);
                break;
            case ("f16x2", "e5m2x2"):
                r.Unary<ushort, uint>(Class, a => Conversions.UnpackE5M2x2ToF16x2(a, relu));
                r.End(2);
                break;
            default:
                throw r.Refuse($"cvt from '.{from.Name}' to '.{to.Name}' is not known in this form");
        }
    }

    private static void Limited(
        InstructionReader r,
        PtxType to,
        PtxType from,
        ConversionRounding rounding,
        bool satfinite,
        bool relu
    )
    {
        r.End(2);
        switch (to.Name, from.Name)
        {
            case ("f16", "f32"):
                r.Unary<uint, ushort>(Class, a => Conversions.ToF16(a, rounding, relu, satfinite));
                break;
            case ("bf16", "f32"):
                r.Unary<uint, ushort>(Class, a => Conversions.ToBf16(a, rounding, relu, satfinite));
                break;
            default:
                throw r.Refuse($"cvt from '.{from.Name}' to '.{to.Name}' is not known in this form");
        }
    }

    private static void Plain(
        InstructionReader r,
        PtxType to,
        PtxType from,
        ConversionRounding rounding,
        bool flush,
        bool saturate
    )
    {
        r.End(2);
        var source = r.Slot(r[1], Math.Max(from.Bytes, 2));
        var destination = r.DestinationSlot(r[0], Math.Max(to.Bytes, 2));
        if (source.WidthBytes < from.Bytes || destination.WidthBytes < to.Bytes)
        {
            throw r.Refuse("register narrower than its type");
        }
        var operation =
            from.IsInteger && to.IsInteger && !saturate
                ? IntegerConversions.Create(source, from, destination, to)
                : Hot(source, from, destination, to, flush, saturate, rounding)
                    ?? Table(source, Number(r, from), destination, Number(r, to), rounding, flush, saturate);
        r.Emit(Class, operation);
    }

    // What dequantisation does per element; anything else goes through the general conversion.
    private static Operation? Hot(
        Slot source,
        PtxType from,
        Slot destination,
        PtxType to,
        bool flush,
        bool saturate,
        ConversionRounding rounding
    )
    {
        if (flush || saturate || source.WidthBytes != from.Bytes || destination.WidthBytes != to.Bytes)
        {
            return null;
        }
        var (s, d) = (source.OffsetBytes, destination.OffsetBytes);
        return (from.Name, to.Name, rounding) switch
        {
            ("f16", "f32", _) => new LaneOperations.Unary<ushort, float>(s, d, HalfBits.ToSingle),
            ("bf16", "f32", _) => new LaneOperations.Unary<ushort, float>(s, d, Bf16Bits.ToSingle),
            ("s16", "f32", ConversionRounding.NearestEven) => new LaneOperations.Unary<short, float>(
                s,
                d,
                static a => a
            ),
            ("u16", "f32", ConversionRounding.NearestEven) => new LaneOperations.Unary<ushort, float>(
                s,
                d,
                static a => a
            ),
            ("s32", "f32", ConversionRounding.NearestEven) => new LaneOperations.Unary<int, float>(s, d, static a => a),
            _ => null,
        };
    }

    private static Operation Table(
        Slot source,
        NumberType from,
        Slot destination,
        NumberType to,
        ConversionRounding rounding,
        bool flush,
        bool saturate
    ) =>
        ConversionOperation.Create(
            source,
            destination,
            bits => Conversions.Convert(from, to, bits, rounding, flush, saturate)
        );

    private static NumberType Number(InstructionReader r, PtxType type) =>
        type.Name switch
        {
            "u8" or "b8" => NumberType.U8,
            "s8" => NumberType.S8,
            "u16" or "b16" => NumberType.U16,
            "s16" => NumberType.S16,
            "u32" or "b32" => NumberType.U32,
            "s32" => NumberType.S32,
            "u64" or "b64" => NumberType.U64,
            "s64" => NumberType.S64,
            "f16" => NumberType.F16,
            "bf16" => NumberType.BF16,
            "f32" => NumberType.F32,
            "f64" => NumberType.F64,
            _ => throw r.RefuseType(type),
        };
}
