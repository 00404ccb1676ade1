namespace GpuDecodeBench.Reporting.Charts;

/// <summary>Samples of one thing.</summary>
/// <param name="Name">The thing.</param>
/// <param name="Samples">The samples, in the axis' unit.</param>
/// <param name="Colour">The colour, an index of <see cref="ChartPalette"/>.</param>
/// <param name="Middle">The median.</param>
/// <param name="Box">From which to which percentile the box reaches.</param>
/// <param name="About">What is shown when a pointer rests on it.</param>
public sealed record SampleRow(
    string Name,
    IReadOnlyList<double> Samples,
    int Colour,
    double Middle,
    (double Low, double High) Box,
    string About
);
