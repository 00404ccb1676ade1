using GpuDecodeBench.Ptx.Arithmetic;
using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Bit fields, counts, permutations, three-input logic, funnel shifts, dot products.</summary>
internal static class BitDecoder
{
    private const InstructionClass Class = InstructionClass.Integer;

    public static void Register(Dictionary<string, Action<InstructionReader>> table)
    {
        table["prmt"] = Permute;
        table["lop3"] = ThreeInputLogic;
        table["bfe"] = Extract;
        table["bfi"] = Insert;
        table["bfind"] = Find;
        table["brev"] = Reverse;
        table["popc"] = Count;
        table["clz"] = Count;
        table["shf"] = Funnel;
        table["mul24"] = Multiply24;
        table["mad24"] = Multiply24;
        table["sad"] = Difference;
        table["dp4a"] = Dot;
        table["dp2a"] = Dot;
    }

    private static void Permute(InstructionReader r)
    {
        var mode = r.TakeOneOf("f4e", "b4e", "rc8", "ecl", "ecr", "rc16") switch
        {
            "f4e" => PrmtMode.ForwardExtract,
            "b4e" => PrmtMode.BackwardExtract,
            "rc8" => PrmtMode.ReplicateByte,
            "ecl" => PrmtMode.EdgeClampLeft,
            "ecr" => PrmtMode.EdgeClampRight,
            "rc16" => PrmtMode.ReplicateHalf,
            _ => PrmtMode.Generic,
        };
        Only(r, r.TakeType(), "b32");
        r.End(4);
        if (mode == PrmtMode.Generic)
        {
            FastOperations.Ternary<uint, FastBitOperations.Permute>(r, Class);
            return;
        }
        r.Ternary<uint>(Class, (a, b, c) => IntegerBits.Prmt(a, b, c, mode));
    }

    private static void ThreeInputLogic(InstructionReader r)
    {
        Only(r, r.TakeType(), "b32");
        r.End(5);
        var table = (uint)r.Number(4);
        switch (table)
        {
            // The compiler's most frequent tables spelled out.
            case 0x80:
                FastOperations.Ternary<uint, FastBitOperations.AllOfThree>(r, Class);
                break;
            case 0x96:
                FastOperations.Ternary<uint, FastBitOperations.OddOfThree>(r, Class);
                break;
            case 0xEA:
                FastOperations.Ternary<uint, FastBitOperations.BothOrThird>(r, Class);
                break;
            case 0xF8:
                FastOperations.Ternary<uint, FastBitOperations.FirstOrBoth>(r, Class);
                break;
            case 0xFE:
                FastOperations.Ternary<uint, FastBitOperations.AnyOfThree>(r, Class);
                break;
            default:
                r.Ternary<uint>(Class, (a, b, c) => IntegerBits.Lop3(a, b, c, table));
                break;
        }
    }

    private static void Extract(InstructionReader r)
    {
        var type = r.TakeType();
        r.End(4);
        switch (type.Name)
        {
            case "u32":
                FastOperations.Ternary<uint, FastOperations.ExtractField>(r, Class);
                break;
            case "s32":
                r.Ternary<uint>(Class, IntegerBits.BfeS32);
                break;
            case "u64":
                r.Ternary<ulong, uint, uint, ulong>(Class, IntegerBits.BfeU64);
                break;
            case "s64":
                r.Ternary<ulong, uint, uint, ulong>(Class, IntegerBits.BfeS64);
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private static void Insert(InstructionReader r)
    {
        var type = r.TakeType();
        r.End(5);
        Operation operation = type.Name switch
        {
            "b32" => new LaneOperations.Quaternary<uint>(
                r.Source(1, 4),
                r.Source(2, 4),
                r.Source(3, 4),
                r.Source(4, 4),
                r.Destination(0, 4),
                IntegerBits.Bfi32
            ),
            "b64" => new LaneOperations.Quaternary<ulong>(
                r.Source(1, 8),
                r.Source(2, 8),
                r.Source(3, 4),
                r.Source(4, 4),
                r.Destination(0, 8),
                IntegerBits.Bfi64
            ),
            _ => throw r.RefuseType(type),
        };
        r.Emit(Class, operation);
    }

    private static void Find(InstructionReader r)
    {
        var shift = r.Take("shiftamt");
        var type = r.TakeType();
        r.End(2);
        switch (type.Name)
        {
            case "u32":
                r.Unary<uint, uint>(Class, a => IntegerBits.BfindU32(a, shift));
                break;
            case "s32":
                r.Unary<uint, uint>(Class, a => IntegerBits.BfindS32(a, shift));
                break;
            case "u64":
                r.Unary<ulong, uint>(Class, a => IntegerBits.BfindU64(a, shift));
                break;
            case "s64":
                r.Unary<ulong, uint>(Class, a => IntegerBits.BfindS64(a, shift));
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private static void Reverse(InstructionReader r)
    {
        var type = r.TakeType();
        r.End(2);
        switch (type.Name)
        {
            case "b32":
                r.Unary<uint, uint>(Class, IntegerBits.Brev32);
                break;
            case "b64":
                r.Unary<ulong, ulong>(Class, IntegerBits.Brev64);
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private static void Count(InstructionReader r)
    {
        var type = r.TakeType();
        r.End(2);
        var ones = r.Root == "popc";
        switch (type.Name)
        {
            case "b32":
                r.Unary<uint, uint>(Class, ones ? IntegerBits.Popc32 : IntegerBits.Clz32);
                break;
            case "b64":
                r.Unary<ulong, uint>(Class, ones ? IntegerBits.Popc64 : IntegerBits.Clz64);
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private static void Funnel(InstructionReader r)
    {
        var left = r.TakeOneOf("l", "r") == "l";
        var wrap = r.TakeOneOf("wrap", "clamp") == "wrap";
        Only(r, r.TakeType(), "b32");
        r.End(4);
        r.Ternary<uint>(
            Class,
            left ? (a, b, c) => IntegerBits.ShfL(a, b, c, wrap) : (a, b, c) => IntegerBits.ShfR(a, b, c, wrap)
        );
    }

    private static void Multiply24(InstructionReader r)
    {
        var high = (r.TakeOneOf("lo", "hi") ?? throw r.Refuse("neither .lo nor .hi")) == "hi";
        var saturate = r.Take("sat");
        var type = r.TakeType();
        if (saturate && (type.Name != "s32" || r.Root == "mul24" || !high))
        {
            throw r.Refuse("'.sat' stands only with mad24.hi.s32");
        }
        switch (r.Root, type.Name)
        {
            case ("mul24", "u32"):
                r.Binary<uint>(Class, (a, b) => IntegerBits.Mul24U32(a, b, high));
                break;
            case ("mul24", "s32"):
                r.Binary<uint>(Class, (a, b) => IntegerBits.Mul24S32(a, b, high));
                break;
            case ("mad24", "u32"):
                r.Ternary<uint>(Class, (a, b, c) => IntegerBits.Mad24U32(a, b, c, high));
                break;
            case ("mad24", "s32"):
                r.Ternary<uint>(Class, (a, b, c) => IntegerBits.Mad24S32(a, b, c, high, saturate));
                break;
            default:
                throw r.RefuseType(type);
        }
        r.End(r.Root == "mul24" ? 3 : 4);
    }

    private static void Difference(InstructionReader r)
    {
        var type = r.TakeType();
        r.End(4);
        switch (type.Name)
        {
            case "u32":
                r.Ternary<uint>(Class, IntegerBits.SadU32);
                break;
            case "s32":
                r.Ternary<uint>(Class, IntegerBits.SadS32);
                break;
            case "u64":
                r.Ternary<ulong>(Class, IntegerBits.SadU64);
                break;
            case "s64":
                r.Ternary<ulong>(Class, IntegerBits.SadS64);
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private static void Dot(InstructionReader r)
    {
        var high = r.Root == "dp2a" && (r.TakeOneOf("lo", "hi") ?? throw r.Refuse("neither .lo nor .hi")) == "hi";
        var first = r.TakeType();
        var second = r.TakeType();
        r.End(4);
        if (first.Bytes != 4 || second.Bytes != 4 || first.IsFloat || second.IsFloat)
        {
            throw r.RefuseType(first);
        }
        var (a, b) = (first.IsSigned, second.IsSigned);
        r.Ternary<uint>(
            Class,
            r.Root == "dp4a"
                ? (x, y, z) => IntegerBits.Dp4a(x, y, z, a, b)
                : (x, y, z) => IntegerBits.Dp2a(x, y, z, a, b, high)
        );
    }

    private static void Only(InstructionReader r, PtxType type, string name)
    {
        if (type.Name != name)
        {
            throw r.RefuseType(type);
        }
    }
}
