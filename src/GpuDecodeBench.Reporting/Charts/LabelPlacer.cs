namespace GpuDecodeBench.Reporting.Charts;

/// <summary>
/// Puts words beside marks so that no two overlap and none covers a mark. A word for which there is no room is left out: the mark still
/// says it when pointed at, and the table below the chart has it.
/// </summary>
internal sealed class LabelPlacer(PixelBox bounds)
{
    private readonly List<PixelBox> _taken = [];

    /// <summary>Keeps words off a place.</summary>
    public void Take(PixelBox box) => _taken.Add(box);

    /// <summary>Keeps words off a line, in pieces as wide as a mark.</summary>
    public void TakeLine(double x1, double y1, double x2, double y2, double radius = 3)
    {
        int pieces = Math.Clamp((int)(Math.Max(Math.Abs(x2 - x1), Math.Abs(y2 - y1)) / (2 * radius)), 1, 400);
        for (int i = 0; i <= pieces; i++)
        {
            double t = (double)i / pieces;
            Take(PixelBox.Around(x1 + (t * (x2 - x1)), y1 + (t * (y2 - y1)), radius));
        }
    }

    /// <summary>Finds room beside a mark: at its right, its left, above, below, then at its corners.</summary>
    /// <param name="text">The word.</param>
    /// <param name="x">The mark's middle.</param>
    /// <param name="y">The mark's middle.</param>
    /// <param name="size">The font's size.</param>
    /// <param name="distance">From the mark's middle to the word.</param>
    /// <returns>Where the text begins and its baseline is; null where there is no room.</returns>
    public (double X, double Baseline)? Place(string text, double x, double y, double size, double distance)
    {
        double width = TextWidth.Of(text, size);
        double half = size * 0.6;
        foreach ((double dx, double dy) in Candidates(width, size, distance))
        {
            var box = new PixelBox(x + dx, y + dy - half, x + dx + width, y + dy + half);
            if (bounds.Contains(box) && !_taken.Exists(box.Overlaps))
            {
                _taken.Add(box);
                return (box.Left, y + dy + (size * 0.35));
            }
        }

        return null;
    }

    private static IEnumerable<(double Dx, double MiddleDy)> Candidates(double width, double size, double distance)
    {
        yield return (distance, 0);
        yield return (-distance - width, 0);
        yield return (-width / 2, -distance - (size * 0.5));
        yield return (-width / 2, distance + (size * 0.5));
        yield return (distance * 0.8, -distance - (size * 0.3));
        yield return (distance * 0.8, distance + (size * 0.3));
        yield return (-(distance * 0.8) - width, -distance - (size * 0.3));
        yield return (-(distance * 0.8) - width, distance + (size * 0.3));
    }
}
