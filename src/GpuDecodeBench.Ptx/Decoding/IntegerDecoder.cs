using System.Numerics;
using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Logic and shifts.</summary>
internal static class IntegerDecoder
{
    private const InstructionClass Class = InstructionClass.Integer;

    public static void Register(Dictionary<string, Action<InstructionReader>> table)
    {
        table["and"] = Logic;
        table["or"] = Logic;
        table["xor"] = Logic;
        table["not"] = Not;
        table["cnot"] = CNot;
        table["shl"] = ShiftLeft;
        table["shr"] = ShiftRight;
        table["rem"] = static r => IntegerArithmetic.Decode(r, r.TakeType());
    }

    private static void Logic(InstructionReader r)
    {
        var type = r.TakeType();
        r.End(3);
        switch (type.Name)
        {
            case "pred":
                PredicateLogic(r);
                break;
            case "b16":
                Logic<ushort>(r);
                break;
            case "b32":
                Logic<uint>(r);
                break;
            case "b64":
                Logic<ulong>(r);
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private static void PredicateLogic(InstructionReader r)
    {
        Func<uint, uint, uint> function = r.Root switch
        {
            "and" => static (a, b) => a & b,
            "or" => static (a, b) => a | b,
            _ => static (a, b) => a ^ b,
        };
        r.Emit(
            Class,
            new LaneOperations.Predicates(
                r.Predicate(1),
                r[1].Negated,
                r.Predicate(2),
                r[2].Negated,
                r.Destination(0, 0),
                function
            )
        );
    }

    private static void Logic<T>(InstructionReader r)
        where T : unmanaged, IBinaryInteger<T>
    {
        switch (r.Root)
        {
            case "and":
                FastOperations.Binary<T, FastOperations.And<T>>(r, Class);
                break;
            case "or":
                FastOperations.Binary<T, FastOperations.Or<T>>(r, Class);
                break;
            default:
                FastOperations.Binary<T, FastOperations.Xor<T>>(r, Class);
                break;
        }
    }

    private static void Not(InstructionReader r)
    {
        var type = r.TakeType();
        r.End(2);
        switch (type.Name)
        {
            case "pred":
                var p = r.Predicate(1);
                r.Emit(
                    Class,
                    new LaneOperations.Predicates(p, !r[1].Negated, p, false, r.Destination(0, 0), static (a, _) => a)
                );
                break;
            case "b16":
                r.Unary<ushort, ushort>(Class, static a => (ushort)~a);
                break;
            case "b32":
                r.Unary<uint, uint>(Class, static a => ~a);
                break;
            case "b64":
                r.Unary<ulong, ulong>(Class, static a => ~a);
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private static void CNot(InstructionReader r)
    {
        var type = r.TakeType();
        r.End(2);
        switch (type.Name)
        {
            case "b16":
                r.Unary<ushort, ushort>(Class, static a => (ushort)(a == 0 ? 1 : 0));
                break;
            case "b32":
                r.Unary<uint, uint>(Class, static a => a == 0 ? 1u : 0u);
                break;
            case "b64":
                r.Unary<ulong, ulong>(Class, static a => a == 0 ? 1ul : 0ul);
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    // Amounts of the width and more shift everything out: unlike the host's shifts, which take them modulo the width.
    private static void ShiftLeft(InstructionReader r)
    {
        var type = r.TakeType();
        r.End(3);
        switch (type.Bytes)
        {
            case 2 when !type.IsFloat:
                r.Binary<ushort, uint, ushort>(Class, static (a, n) => (ushort)(n > 15 ? 0 : a << (int)n));
                break;
            case 4 when !type.IsFloat:
                FastOperations.Binary<uint, FastOperations.ShiftLeft>(r, Class);
                break;
            case 8 when !type.IsFloat:
                r.Binary<ulong, uint, ulong>(Class, static (a, n) => n > 63 ? 0 : a << (int)n);
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private static void ShiftRight(InstructionReader r)
    {
        var type = r.TakeType();
        r.End(3);
        switch (type.Name)
        {
            case "u16" or "b16":
                r.Binary<ushort, uint, ushort>(Class, static (a, n) => (ushort)(n > 15 ? 0 : a >> (int)n));
                break;
            case "u32" or "b32":
                FastOperations.Binary<uint, FastOperations.ShiftRight>(r, Class);
                break;
            case "u64" or "b64":
                r.Binary<ulong, uint, ulong>(Class, static (a, n) => n > 63 ? 0 : a >> (int)n);
                break;
            case "s16":
                r.Binary<short, uint, short>(Class, static (a, n) => (short)(a >> (int)Math.Min(n, 15)));
                break;
            case "s32":
                FastOperations.Binary<uint, FastOperations.ShiftRightSigned>(r, Class);
                break;
            case "s64":
                r.Binary<long, uint, long>(Class, static (a, n) => a >> (int)Math.Min(n, 63));
                break;
            default:
                throw r.RefuseType(type);
        }
    }
}
