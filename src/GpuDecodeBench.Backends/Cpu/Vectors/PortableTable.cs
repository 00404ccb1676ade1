using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Backends.Cpu.Vectors;

/// <summary>A table of sixteen floats for any processor: whole numbers, and a scale in all lanes.</summary>
internal readonly struct PortableTable
{
    public readonly Vector128<sbyte> Numbers;

    public readonly Vector128<float> Scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PortableTable(Vector128<sbyte> numbers, Vector128<float> scale)
    {
        Numbers = numbers;
        Scale = scale;
    }
}
