using GpuDecodeBench.Ptx.Execution;
using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Finds the family an instruction belongs to by its first word.</summary>
internal static class InstructionDecoder
{
    private static readonly Dictionary<string, Action<InstructionReader>> ByRoot = Build();

    public static void Decode(InstructionReader reader)
    {
        if (!ByRoot.TryGetValue(reader.Root, out var decode))
        {
            throw reader.Refuse($"unknown instruction '{reader.Root}'");
        }
        decode(reader);
    }

    private static Dictionary<string, Action<InstructionReader>> Build()
    {
        var table = new Dictionary<string, Action<InstructionReader>>(StringComparer.Ordinal);
        ArithmeticDecoder.Register(table);
        IntegerDecoder.Register(table);
        BitDecoder.Register(table);
        MoveDecoder.Register(table);
        CompareDecoder.Register(table);
        FloatDecoder.Register(table);
        ConversionDecoder.Register(table);
        ControlDecoder.Register(table);
        MemoryDecoder.Register(table);
        AsyncDecoder.Register(table);
        MatrixDecoder.Register(table);
        return table;
    }
}
