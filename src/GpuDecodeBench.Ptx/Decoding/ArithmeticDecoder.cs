using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Instructions that exist for integers and floats alike; floats go on to <see cref="FloatDecoder"/>.</summary>
internal static class ArithmeticDecoder
{
    public static void Register(Dictionary<string, Action<InstructionReader>> table)
    {
        foreach (var root in new[] { "add", "sub", "mul", "mad", "fma", "div", "abs", "neg", "min", "max" })
        {
            table[root] = Decode;
        }
    }

    private static void Decode(InstructionReader r)
    {
        var type = r.TakeType();
        if (type.Kind is TypeKind.Float or TypeKind.BrainFloat)
        {
            FloatDecoder.Arithmetic(r, type);
        }
        else
        {
            IntegerArithmetic.Decode(r, type);
        }
    }
}
