namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>The rounding modifiers of <c>cvt</c> (PTX ISA, "cvt": integer rounding and floating-point rounding).</summary>
public enum ConversionRounding
{
    /// <summary>No modifier: the conversion is exact, or the nearest even number is meant.</summary>
    None,

    /// <summary><c>.rn</c>: to the nearest number, ties to even.</summary>
    NearestEven,

    /// <summary><c>.rz</c>: towards zero.</summary>
    TowardZero,

    /// <summary><c>.rm</c>: towards minus infinity.</summary>
    Down,

    /// <summary><c>.rp</c>: towards plus infinity.</summary>
    Up,

    /// <summary><c>.rni</c>: to the nearest integer, ties to even.</summary>
    NearestEvenInteger,

    /// <summary><c>.rzi</c>: to the next integer towards zero.</summary>
    TowardZeroInteger,

    /// <summary><c>.rmi</c>: to the next integer towards minus infinity.</summary>
    DownInteger,

    /// <summary><c>.rpi</c>: to the next integer towards plus infinity.</summary>
    UpInteger,

    /// <summary><c>.rna</c>: to the nearest number, ties away from zero; only for <c>.tf32</c>.</summary>
    NearestAway,
}
