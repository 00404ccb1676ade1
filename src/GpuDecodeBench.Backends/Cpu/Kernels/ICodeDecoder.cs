using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// Decodes a 64-byte line of codes whose lane j holds, from its low bits upwards, the codes of columns j, 16 + j, 32 + j …
/// </summary>
/// <remarks>
/// A decoder may leave a constant power of two out of its values: the caller multiplies its input by
/// <see cref="InputFactor"/> and its result by <see cref="OutputFactor"/>, both exact. Splitting the power keeps intermediate
/// values far from the ends of FP32's range.
/// </remarks>
internal interface ICodeDecoder
{
    /// <summary>Vectors of sixteen values in a line: 2 for sixteen-bit codes, 4 for eight-bit ones.</summary>
    static abstract int VectorsPerLine { get; }

    /// <summary>A power of two for the inputs.</summary>
    static abstract float InputFactor { get; }

    /// <summary>A power of two for the result.</summary>
    static abstract float OutputFactor { get; }

    /// <summary>Decodes columns 16 × <paramref name="index"/> … of the line.</summary>
    static abstract TVector Decode<TSimd, TVector>(TVector line, int index)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct;
}
