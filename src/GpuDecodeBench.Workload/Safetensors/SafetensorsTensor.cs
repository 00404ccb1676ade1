using System.Collections.Immutable;

namespace GpuDecodeBench.Workload.Safetensors;

/// <summary>A tensor as a safetensors header lists it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its dimensions, the slowest first.</param>
public sealed record SafetensorsTensor(string Name, SafetensorsType Type, ImmutableArray<long> Shape)
{
    /// <summary>Bytes of one element.</summary>
    public int ElementBytes =>
        Type switch
        {
            SafetensorsType.I64 => 8,
            SafetensorsType.F32 => 4,
            _ => 2,
        };

    /// <summary>Bytes of the whole tensor.</summary>
    public long Bytes => Shape.Aggregate((long)ElementBytes, (product, dimension) => checked(product * dimension));
}
