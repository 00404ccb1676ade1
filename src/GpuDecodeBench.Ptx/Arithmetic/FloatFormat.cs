namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>The parameters of a binary interchange format (IEEE 754-2019, 3.4), enough to round into it.</summary>
/// <param name="FractionBits">How many bits of the significand are stored.</param>
/// <param name="Bias">The bias of the exponent field.</param>
internal readonly record struct FloatFormat(int FractionBits, int Bias)
{
    /// <summary>binary16, PTX <c>.f16</c>.</summary>
    public static FloatFormat Half => new(10, 15);

    /// <summary>bfloat16, PTX <c>.bf16</c>.</summary>
    public static FloatFormat Brain => new(7, 127);

    /// <summary>binary32, PTX <c>.f32</c>.</summary>
    public static FloatFormat Single => new(23, 127);

    /// <summary>binary64, PTX <c>.f64</c>.</summary>
    public static FloatFormat Double => new(52, 1023);

    /// <summary>PTX <c>.tf32</c> as a 19-bit number: binary32 without its 13 lowest bits.</summary>
    public static FloatFormat Tensor => new(10, 127);

    /// <summary>The exponent of the last place of the subnormal numbers.</summary>
    public int SmallestPlace => 1 - Bias - FractionBits;

    /// <summary>The bits of infinity without a sign: an exponent field of ones over a zero fraction.</summary>
    public ulong Infinity => (ulong)((2 * Bias) + 1) << FractionBits;

    /// <summary>How many bits lie below the sign.</summary>
    public int SignPlace => FractionBits + System.Numerics.BitOperations.Log2((uint)Bias + 1) + 1;
}
