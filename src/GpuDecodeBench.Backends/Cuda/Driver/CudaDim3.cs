using System.Globalization;

namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>How many blocks a grid, or threads a block, has in each direction.</summary>
internal readonly record struct CudaDim3(int X, int Y = 1, int Z = 1)
{
    /// <summary>The product of the three.</summary>
    public long Count => (long)X * Y * Z;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X}x{Y}x{Z}");
}
