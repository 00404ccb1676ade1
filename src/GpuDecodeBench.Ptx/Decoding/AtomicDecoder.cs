using GpuDecodeBench.Ptx.Arithmetic;
using GpuDecodeBench.Ptx.Execution;
using GpuDecodeBench.Ptx.Memory;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>atom and red.</summary>
internal static class AtomicDecoder
{
    public static void Register(Dictionary<string, Action<InstructionReader>> table)
    {
        table["atom"] = static r => Decode(r, returns: true);
        table["red"] = static r => Decode(r, returns: false);
    }

    private static void Decode(InstructionReader r, bool returns)
    {
        var space = MemoryDecoder.TakeSpace(r);
        _ = MemoryDecoder.TakeHints(r);
        _ = r.Take("noftz");
        var function =
            r.TakeOneOf("add", "min", "max", "inc", "dec", "exch", "cas", "and", "or", "xor")
            ?? throw r.Refuse($"'{r.Root}' without a function");
        var type = r.TakeType();
        var first = returns ? 1 : 0;
        var cas = function == "cas";
        r.End(first + (cas ? 3 : 2));
        if (!returns && function is "exch" or "cas" && !returns)
        {
            throw r.Refuse($"red knows no '.{function}'");
        }
        var address = MemoryDecoder.Address(r, first, space);
        var b = r.Source(first + 1, type.Bytes);
        var c = cas ? r.Source(first + 2, type.Bytes) : b;
        var d = returns ? r.Destination(0, type.Bytes) : -1;
        Operation operation = type.Bytes switch
        {
            4 => new MemoryOperations.Atomic32(address, d, b, c, Function32(r, function, type)),
            8 => new MemoryOperations.Atomic64(address, d, b, c, Function64(r, function, type)),
            _ => throw r.RefuseType(type),
        };
        r.Emit(space == AddressSpace.Shared ? InstructionClass.Shared : InstructionClass.Store, operation);
    }

    private static Func<uint, uint, uint, uint> Function32(InstructionReader r, string function, PtxType type) =>
        (function, type.Name) switch
        {
            ("add", "u32" or "s32" or "b32") => static (m, b, _) => m + b,
            // Atomic adds flush subnormals in shared memory on some devices; global ones do not.
            ("add", "f32") => static (m, b, _) => FloatBits.AddF32(m, b, FloatRounding.NearestEven, false, false),
            ("add", "f16x2") => static (m, b, _) => HalfBits.AddX2(m, b, false, false),
            ("add", "bf16x2") => static (m, b, _) => Bf16Bits.AddX2(m, b),
            ("min", "s32") => static (m, b, _) => (int)m < (int)b ? m : b,
            ("max", "s32") => static (m, b, _) => (int)m > (int)b ? m : b,
            ("min", "u32") => static (m, b, _) => Math.Min(m, b),
            ("max", "u32") => static (m, b, _) => Math.Max(m, b),
            ("inc", "u32") => static (m, b, _) => m >= b ? 0 : m + 1,
            ("dec", "u32") => static (m, b, _) => m == 0 || m > b ? b : m - 1,
            ("exch", "b32") => static (_, b, _) => b,
            ("cas", "b32") => static (m, b, c) => m == b ? c : m,
            ("and", "b32") => static (m, b, _) => m & b,
            ("or", "b32") => static (m, b, _) => m | b,
            ("xor", "b32") => static (m, b, _) => m ^ b,
            _ => throw r.Refuse($"'.{function}' is not known for type '.{type.Name}'"),
        };

    private static Func<ulong, ulong, ulong, ulong> Function64(InstructionReader r, string function, PtxType type) =>
        (function, type.Name) switch
        {
            ("add", "u64" or "s64" or "b64") => static (m, b, _) => m + b,
            ("add", "f64") => static (m, b, _) => FloatBits.AddF64(m, b, FloatRounding.NearestEven),
            ("min", "s64") => static (m, b, _) => (long)m < (long)b ? m : b,
            ("max", "s64") => static (m, b, _) => (long)m > (long)b ? m : b,
            ("min", "u64") => static (m, b, _) => Math.Min(m, b),
            ("max", "u64") => static (m, b, _) => Math.Max(m, b),
            ("exch", "b64") => static (_, b, _) => b,
            ("cas", "b64") => static (m, b, c) => m == b ? c : m,
            ("and", "b64") => static (m, b, _) => m & b,
            ("or", "b64") => static (m, b, _) => m | b,
            ("xor", "b64") => static (m, b, _) => m ^ b,
            _ => throw r.Refuse($"'.{function}' is not known for type '.{type.Name}'"),
        };
}
