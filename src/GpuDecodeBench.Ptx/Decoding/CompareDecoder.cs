using System.Numerics;
using GpuDecodeBench.Ptx.Arithmetic;
using GpuDecodeBench.Ptx.Execution;
using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>setp, set, selp, slct.</summary>
internal static class CompareDecoder
{
    private static readonly string[] Comparisons =
    [
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
        "lo",
        "ls",
        "hi",
        "hs",
        "equ",
        "neu",
        "ltu",
        "leu",
        "gtu",
        "geu",
        "num",
        "nan",
    ];

    public static void Register(Dictionary<string, Action<InstructionReader>> table)
    {
        table["setp"] = SetPredicate;
        table["set"] = Set;
        table["selp"] = Select;
        table["slct"] = SelectBySign;
    }

    private static void SetPredicate(InstructionReader r)
    {
        var comparison = r.TakeOneOf(Comparisons) ?? throw r.Refuse("no comparison");
        var join = r.TakeOneOf("and", "or", "xor");
        var flush = r.Take("ftz");
        var type = r.TakeType();
        r.End(join is null ? 3 : 4);
        var first = r[0];
        var targets = new SetPredicateTargets(
            r.Destination(first with { Second = null }, 0),
            first.Second is { } second ? r.Destination(second, 0) : -1,
            join is null ? 0 : r.Predicate(3),
            join is not null && r[3].Negated,
            join
        );
        Compare(r, type, comparison, flush, new Sink(r, targets));
    }

    private static void Set(InstructionReader r)
    {
        var comparison = r.TakeOneOf(Comparisons) ?? throw r.Refuse("no comparison");
        var join = r.TakeOneOf("and", "or", "xor");
        var flush = r.Take("ftz");
        var result = r.TakeType();
        var type = r.TakeType();
        r.End(join is null ? 3 : 4);
        var predicate = r.Layout.Allocate(0).OffsetBytes;
        var targets = new SetPredicateTargets(
            predicate,
            -1,
            join is null ? 0 : r.Predicate(3),
            join is not null && r[3].Negated,
            join
        );
        Compare(r, type, comparison, flush, new Sink(r, targets));
        var one = result.Name switch
        {
            "u32" or "s32" => 0xFFFF_FFFFul,
            "f32" => 0x3F80_0000ul,
            _ => throw r.RefuseType(result),
        };
        r.Emit(
            Class(type),
            new VectorOperations.Select<uint>(
                r.Layout.Constant(one, 4).OffsetBytes,
                r.Layout.Constant(0, 4).OffsetBytes,
                predicate,
                false,
                r.Destination(0, 4)
            )
        );
    }

    private static InstructionClass Class(PtxType type) =>
        !type.IsFloat ? InstructionClass.Integer
        : type.Bytes == 2 ? InstructionClass.Half
        : InstructionClass.Float;

    private static void Compare(InstructionReader r, PtxType type, string comparison, bool flush, Sink sink)
    {
        switch (type.Name)
        {
            case "u16" or "b16":
                sink.Integers<ushort>(comparison);
                break;
            case "u32" or "b32":
                sink.Integers<uint>(comparison);
                break;
            case "u64" or "b64":
                sink.Integers<ulong>(comparison);
                break;
            case "s16":
                sink.Integers<short>(comparison);
                break;
            case "s32":
                sink.Integers<int>(comparison);
                break;
            case "s64":
                sink.Integers<long>(comparison);
                break;
            case "f32" when flush:
                var compare = Floats<float>(comparison) ?? throw r.Refuse($"comparison '.{comparison}' of floats");
                sink.Emit<uint>(
                    Class(type),
                    (a, b) =>
                        compare(
                            BitConverter.UInt32BitsToSingle(FloatBits.FlushF32(a)),
                            BitConverter.UInt32BitsToSingle(FloatBits.FlushF32(b))
                        )
                );
                break;
            case "f32":
                sink.Floats<float>(comparison);
                break;
            case "f64":
                sink.Floats<double>(comparison);
                break;
            case "f16":
                Halves(r, comparison, sink, flush ? HalfBits.Flush : static a => a, HalfBits.ToSingle);
                break;
            case "bf16":
                Halves(r, comparison, sink, static a => a, Bf16Bits.ToSingle);
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private static void Halves(
        InstructionReader r,
        string comparison,
        Sink sink,
        Func<ushort, ushort> prepare,
        Func<ushort, float> widen
    )
    {
        var compare = Floats<float>(comparison) ?? throw r.Refuse($"comparison '.{comparison}' of floats");
        sink.Emit<ushort>(InstructionClass.Half, (a, b) => compare(widen(prepare(a)), widen(prepare(b))));
    }

    // Ordered comparisons are false and unordered ones true where either side is NaN.
    private static Func<T, T, bool>? Floats<T>(string comparison)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        comparison switch
        {
            "eq" => static (a, b) => a == b,
            "ne" => static (a, b) => a < b || a > b,
            "lt" => static (a, b) => a < b,
            "le" => static (a, b) => a <= b,
            "gt" => static (a, b) => a > b,
            "ge" => static (a, b) => a >= b,
            "equ" => static (a, b) => !(a < b || a > b),
            "neu" => static (a, b) => a != b,
            "ltu" => static (a, b) => !(a >= b),
            "leu" => static (a, b) => !(a > b),
            "gtu" => static (a, b) => !(a <= b),
            "geu" => static (a, b) => !(a < b),
            "num" => static (a, b) => !T.IsNaN(a) && !T.IsNaN(b),
            "nan" => static (a, b) => T.IsNaN(a) || T.IsNaN(b),
            _ => null,
        };

    private static void Select(InstructionReader r)
    {
        var type = r.TakeType();
        r.End(4);
        switch (type.Bytes)
        {
            case 2:
                Emit(r, 2, (a, b, p, d) => new LaneOperations.Select<ushort>(a, b, p, r[3].Negated, d));
                break;
            case 4:
                Emit(r, 4, (a, b, p, d) => new VectorOperations.Select<uint>(a, b, p, r[3].Negated, d));
                break;
            case 8:
                Emit(r, 8, (a, b, p, d) => new VectorOperations.Select<ulong>(a, b, p, r[3].Negated, d));
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private static void Emit(InstructionReader r, int bytes, Func<int, int, int, int, Operation> create) =>
        r.Emit(
            InstructionClass.Integer,
            create(r.Source(1, bytes), r.Source(2, bytes), r.Predicate(3), r.Destination(0, bytes))
        );

    private static void SelectBySign(InstructionReader r)
    {
        var flush = r.Take("ftz");
        var type = r.TakeType();
        var by = r.TakeType();
        r.End(4);
        switch (type.Bytes, by.Name)
        {
            case (4, "s32"):
                r.Ternary<uint, uint, int, uint>(InstructionClass.Integer, static (a, b, c) => c >= 0 ? a : b);
                break;
            case (8, "s32"):
                r.Ternary<ulong, ulong, int, ulong>(InstructionClass.Integer, static (a, b, c) => c >= 0 ? a : b);
                break;
            case (4, "f32"):
                r.Ternary<uint, uint, uint, uint>(
                    InstructionClass.Float,
                    (a, b, c) => BitConverter.UInt32BitsToSingle(flush ? FloatBits.FlushF32(c) : c) >= 0 ? a : b
                );
                break;
            default:
                throw r.RefuseType(type);
        }
    }

    private sealed class Sink(InstructionReader r, SetPredicateTargets targets)
    {
        public void Integers<T>(string comparison)
            where T : unmanaged, IBinaryInteger<T>
        {
            switch (comparison)
            {
                case "eq":
                    Emit<T, FastOperations.Equal<T>>(InstructionClass.Integer);
                    break;
                case "ne":
                    Emit<T, FastOperations.NotEqual<T>>(InstructionClass.Integer);
                    break;
                case "lt" or "lo":
                    Emit<T, FastOperations.Less<T>>(InstructionClass.Integer);
                    break;
                case "le" or "ls":
                    Emit<T, FastOperations.LessOrEqual<T>>(InstructionClass.Integer);
                    break;
                case "gt" or "hi":
                    Emit<T, FastOperations.Greater<T>>(InstructionClass.Integer);
                    break;
                case "ge" or "hs":
                    Emit<T, FastOperations.GreaterOrEqual<T>>(InstructionClass.Integer);
                    break;
                default:
                    throw r.Refuse("comparison not known for the type");
            }
        }

        /// <summary>The host's own comparisons of floats; all others go lane by lane.</summary>
        public void Floats<T>(string comparison)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            switch (comparison)
            {
                case "eq":
                    Emit<T, FastOperations.Equal<T>>(InstructionClass.Float);
                    break;
                case "neu":
                    Emit<T, FastOperations.NotEqual<T>>(InstructionClass.Float);
                    break;
                case "lt":
                    Emit<T, FastOperations.Less<T>>(InstructionClass.Float);
                    break;
                case "le":
                    Emit<T, FastOperations.LessOrEqual<T>>(InstructionClass.Float);
                    break;
                case "gt":
                    Emit<T, FastOperations.Greater<T>>(InstructionClass.Float);
                    break;
                case "ge":
                    Emit<T, FastOperations.GreaterOrEqual<T>>(InstructionClass.Float);
                    break;
                default:
                    Emit(InstructionClass.Float, CompareDecoder.Floats<T>(comparison));
                    break;
            }
        }

        private unsafe void Emit<T, TComparison>(InstructionClass @class)
            where T : unmanaged
            where TComparison : struct, IComparisonOperator<T> =>
            r.Emit(
                @class,
                new VectorOperations.SetPredicate<T, TComparison>(
                    r.Source(1, sizeof(T)),
                    r.Source(2, sizeof(T)),
                    targets
                )
            );

        public unsafe void Emit<T>(InstructionClass @class, Func<T, T, bool>? compare)
            where T : unmanaged =>
            r.Emit(
                @class,
                new LaneOperations.SetPredicate<T>(
                    r.Source(1, sizeof(T)),
                    r.Source(2, sizeof(T)),
                    compare ?? throw r.Refuse("comparison not known for the type"),
                    targets
                )
            );
    }
}
