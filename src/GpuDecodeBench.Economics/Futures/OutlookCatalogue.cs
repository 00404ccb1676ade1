using System.Text.Json;

namespace GpuDecodeBench.Economics.Futures;

/// <summary>What the outlook rests on, from the embedded <c>Data/outlook.json</c>.</summary>
public static class OutlookCatalogue
{
    private const string Resource = "GpuDecodeBench.Economics.Data.outlook.json";

    private static readonly OutlookFile s_file = Load();

    /// <summary>The sources that entries name.</summary>
    public static IReadOnlyList<PriceSource> Sources => s_file.Sources;

    /// <summary>The year for which the assumptions of a cost hold.</summary>
    public static int BaseYear => s_file.BaseYear;

    /// <summary>The generations of devices, the oldest first.</summary>
    public static IReadOnlyList<Generation> Generations => s_file.Generations;

    /// <summary>Prices that were charged.</summary>
    public static IReadOnlyList<PricePoint> Prices => s_file.Prices;

    /// <summary>Projections that were printed.</summary>
    public static IReadOnlyList<PublishedProjection> Projections => s_file.Projections;

    /// <summary>The title of a source.</summary>
    /// <param name="key">Its key.</param>
    public static string TitleOf(string key) =>
        Sources.FirstOrDefault(source => source.Key == key)?.Title
        ?? throw new InvalidOperationException($"{Resource} has no source \"{key}\".");

    private static OutlookFile Load()
    {
        using Stream stream =
            typeof(OutlookCatalogue).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks {Resource}.");
        return JsonSerializer.Deserialize(stream, DataJson.Strict.OutlookFile)!;
    }
}
