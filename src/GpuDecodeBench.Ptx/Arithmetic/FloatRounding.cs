namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>The direction in which an inexact result is rounded (PTX ISA, "Floating-point rounding modifiers"; IEEE 754-2019, 4.3).</summary>
public enum FloatRounding
{
    /// <summary><c>.rn</c>: to the nearest value, ties to the even one (roundTiesToEven).</summary>
    NearestEven,

    /// <summary><c>.rz</c>: towards zero (roundTowardZero).</summary>
    TowardZero,

    /// <summary><c>.rm</c>: towards minus infinity (roundTowardNegative).</summary>
    Down,

    /// <summary><c>.rp</c>: towards plus infinity (roundTowardPositive).</summary>
    Up,
}
