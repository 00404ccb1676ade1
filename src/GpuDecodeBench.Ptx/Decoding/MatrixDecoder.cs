using GpuDecodeBench.Ptx.Arithmetic;
using GpuDecodeBench.Ptx.Execution;
using GpuDecodeBench.Ptx.Memory;
using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>mma, ldmatrix, stmatrix, movmatrix.</summary>
internal static class MatrixDecoder
{
    public static void Register(Dictionary<string, Action<InstructionReader>> table)
    {
        table["mma"] = Multiply;
        table["ldmatrix"] = static r => Matrices(r, load: true);
        table["stmatrix"] = static r => Matrices(r, load: false);
        table["movmatrix"] = Move;
    }

    private static void Multiply(InstructionReader r)
    {
        Synchronised(r);
        var shape = r.TakeOneOf("m16n8k4", "m16n8k8", "m16n8k16", "m16n8k32") ?? throw r.Refuse("shape not known");
        if (!r.Take("row") || !r.Take("col"))
        {
            throw r.Refuse("mma is known with A by rows and B by columns only");
        }
        var satfinite = r.Take("satfinite");
        var types = r.TakeRest();
        r.End(4);
        if (types.Length != 4 || types[0] != types[3])
        {
            throw r.Refuse("mma needs four types, the first and last the same");
        }
        var function = Function(r, shape, types, satfinite);
        var (d, a, b, c) = (Registers(r, 0, true), Registers(r, 1), Registers(r, 2), Registers(r, 3));
        var kind = Kind(r, types[1]);
        Action<Warp, uint> action =
            shape == "m16n8k16" && types[0] == "f32" && kind is ElementKind.F16 or ElementKind.BF16
                ? (warp, mask) => MatrixOperations.Multiply16(warp, mask, kind, d, a, b, c)
                : (warp, mask) => MatrixOperations.Multiply(warp, mask, function, d, a, b, c);
        r.Emit(InstructionClass.Tensor, new WarpSyncOperation(All(r), action));
    }

    private static MatrixOperations.Product Function(InstructionReader r, string shape, string[] types, bool satfinite)
    {
        var (kindA, kindB) = (Kind(r, types[1]), Kind(r, types[2]));
        var toSingle = types[0] == "f32" && !satfinite;
        var same = kindA == kindB;
        var eight = kindA is ElementKind.E4M3 or ElementKind.E5M2 && kindB is ElementKind.E4M3 or ElementKind.E5M2;
        var integers = types[0] == "s32" && kindA is ElementKind.S8 or ElementKind.U8;
        return shape switch
        {
            "m16n8k16" when toSingle && same && kindA is ElementKind.F16 or ElementKind.BF16 => (a, b, c, d) =>
                MatrixMultiply.M16N8K16(kindA, a, b, c, d),
            "m16n8k16" when types[0] == "f16" && same && kindA == ElementKind.F16 => MatrixMultiply.M16N8K16Half,
            "m16n8k16" when integers => (a, b, c, d) =>
                MatrixMultiply.M16N8K16Bytes(kindA, kindB, a, b, c, d, satfinite),
            "m16n8k8" when toSingle && same && !eight => (a, b, c, d) => MatrixMultiply.M16N8K8(kindA, a, b, c, d),
            "m16n8k8" when types[0] == "f16" && same && kindA == ElementKind.F16 => MatrixMultiply.M16N8K8Half,
            "m16n8k4" when toSingle && same && kindA == ElementKind.TF32 => MatrixMultiply.M16N8K4,
            "m16n8k32" when (toSingle && eight) || integers => (a, b, c, d) =>
                MatrixMultiply.M16N8K32(kindA, kindB, a, b, c, d, satfinite),
            _ => throw r.Refuse($"mma of shape {shape} is not known with these types"),
        };
    }

    private static ElementKind Kind(InstructionReader r, string type) =>
        type switch
        {
            "f16" => ElementKind.F16,
            "bf16" => ElementKind.BF16,
            "tf32" => ElementKind.TF32,
            "e4m3" => ElementKind.E4M3,
            "e5m2" => ElementKind.E5M2,
            "s8" => ElementKind.S8,
            "u8" => ElementKind.U8,
            _ => throw r.Refuse($"mma of '.{type}'"),
        };

    private static void Matrices(InstructionReader r, bool load)
    {
        Synchronised(r);
        if (!r.Take("m8n8"))
        {
            throw r.Refuse("only matrices of shape m8n8 are known");
        }
        var count = r.TakeOneOf("x1", "x2", "x4") is { } x
            ? x[1] - '0'
            : throw r.Refuse("how many matrices is not said");
        var transposed = r.Take("trans");
        _ = r.TakeOneOf("shared", "shared::cta");
        if (r.TakeType().Name != "b16")
        {
            throw r.Refuse("matrices are of '.b16'");
        }
        r.End(2);
        var registers = Registers(r, load ? 0 : 1, load);
        if (registers.Length != count)
        {
            throw r.Refuse($"{registers.Length} registers for {count} matrices");
        }
        var address = MemoryDecoder.Address(r, load ? 1 : 0, AddressSpace.Shared);
        r.Emit(
            InstructionClass.Shared,
            new WarpSyncOperation(
                All(r),
                (warp, mask) => MatrixOperations.Rows(warp, mask, address, registers, transposed, load)
            )
        );
    }

    private static void Move(InstructionReader r)
    {
        Synchronised(r);
        if (!r.Take("m8n8") || !r.Take("trans") || r.TakeType().Name != "b16")
        {
            throw r.Refuse("movmatrix is known as .m8n8.trans.b16");
        }
        r.End(2);
        var (a, d) = (Registers(r, 1), Registers(r, 0, true));
        r.Emit(
            InstructionClass.Tensor,
            new WarpSyncOperation(All(r), (warp, mask) => MatrixOperations.Transpose(warp, mask, a[0], d[0]))
        );
    }

    private static int All(InstructionReader r) => r.Layout.Constant(uint.MaxValue, 4).OffsetBytes;

    private static int[] Registers(InstructionReader r, int index, bool destination = false)
    {
        IReadOnlyList<Operand> operands = r[index].Form == OperandForm.Vector ? r[index].Elements : [r[index]];
        return [.. operands.Select(o => destination ? r.Destination(o, 4) : r.Source(o, 4))];
    }

    private static void Synchronised(InstructionReader r)
    {
        if (!r.Take("sync") || !r.Take("aligned"))
        {
            throw r.Refuse($"'{r.Root}' without '.sync.aligned'");
        }
    }
}
