namespace GpuDecodeBench.Economics.Futures;

/// <summary>A generation of devices.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Device">A device of it, of the hardware catalogue where <see cref="Figures"/> are missing.</param>
/// <param name="Year">The year in which it came or is expected.</param>
/// <param name="Source">The key of the year's source; see <see cref="OutlookCatalogue.Sources"/>.</param>
/// <param name="Figures">The figures of a device that is not in the catalogue; null where the catalogue has it.</param>
/// <param name="Note">What else a reader should know; null where there is nothing.</param>
public sealed record Generation(
    string Name,
    string Device,
    int Year,
    string Source,
    IReadOnlyList<GenerationFigure>? Figures = null,
    string? Note = null
);
