namespace GpuDecodeBench.Reporting.Charts;

/// <summary>A rectangle, in pixels, y downwards.</summary>
internal readonly record struct PixelBox(double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;

    public double Height => Bottom - Top;

    public bool Overlaps(PixelBox other) =>
        Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    public bool Contains(PixelBox other) =>
        other.Left >= Left && other.Right <= Right && other.Top >= Top && other.Bottom <= Bottom;

    public static PixelBox Around(double x, double y, double radius) =>
        new(x - radius, y - radius, x + radius, y + radius);
}
