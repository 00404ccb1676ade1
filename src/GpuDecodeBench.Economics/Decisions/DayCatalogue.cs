using System.Text.Json;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>The days that operators published, from the embedded <c>Data/days.json</c>.</summary>
public static class DayCatalogue
{
    private const string Resource = "GpuDecodeBench.Economics.Data.days.json";

    private static readonly DayFile s_file = Load();

    /// <summary>The sources that days name.</summary>
    public static IReadOnlyList<PriceSource> Sources => s_file.Sources;

    /// <summary>All days.</summary>
    public static IReadOnlyList<PublishedDay> All => s_file.Days;

    /// <summary>A day by its name.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    public static PublishedDay Find(string name) =>
        All.FirstOrDefault(day => string.Equals(day.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InputException(
            $"--preset '{name}' is not accepted; give {string.Join(", ", All.Select(day => day.Name))}."
        );

    /// <summary>A day's inputs with their source.</summary>
    public static IReadOnlyList<ModelInput> InputsOf(PublishedDay day)
    {
        ArgumentNullException.ThrowIfNull(day);
        PriceSource source = Sources.Single(one => one.Key == day.Source);
        return
        [
            .. day.Inputs.Select(figure =>
            {
                DaySlot slot = DayEquations.Inputs.Single(one => one.Symbol == figure.Symbol);
                return new ModelInput(
                    slot.Symbol,
                    slot.Name,
                    slot.Unit,
                    figure.Value,
                    ProvenanceNote.Assumed($"{source.Title}, {day.Date}", figure.Note)
                );
            }),
        ];
    }

    private static DayFile Load()
    {
        using Stream stream =
            typeof(DayCatalogue).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks {Resource}.");
        return JsonSerializer.Deserialize(stream, DataJson.Strict.DayFile)!;
    }
}
