namespace GpuDecodeBench.Reporting.Terminal;

/// <summary>A bar of block characters, to an eighth of a character.</summary>
public static class Bar
{
    private const string Eighths = " ▏▎▍▌▋▊▉";

    /// <summary>The bar; empty for zero, and no longer than the width.</summary>
    /// <param name="fraction">The share of the width, 0 to 1; what is beyond is cut, and what is not a number is no bar.</param>
    /// <param name="width">The characters of a full bar.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is not above zero.</exception>
    public static string Of(double fraction, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (double.IsNaN(fraction))
        {
            return "";
        }

        int eighths = (int)Math.Round(Math.Clamp(fraction, 0, 1) * width * 8);
        string full = new('█', eighths / 8);
        return eighths % 8 == 0 ? full : full + Eighths[eighths % 8];
    }
}
