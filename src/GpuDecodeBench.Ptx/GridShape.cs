namespace GpuDecodeBench.Ptx;

/// <summary>Extents (or an index) in three dimensions.</summary>
/// <param name="X">Fastest dimension.</param>
/// <param name="Y">Second dimension.</param>
/// <param name="Z">Slowest dimension.</param>
public readonly record struct GridShape(int X, int Y = 1, int Z = 1)
{
    /// <summary>Product of the three extents.</summary>
    public long Count => (long)X * Y * Z;

    /// <inheritdoc />
    public override string ToString() => $"({X},{Y},{Z})";

    /// <summary>Index in three dimensions of a linear index within these extents.</summary>
    internal GridShape IndexAt(long linear) => new((int)(linear % X), (int)(linear / X % Y), (int)(linear / X / Y));
}
