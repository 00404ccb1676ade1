using System.Text.Json;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Scenarios;

/// <summary>What the layers assume where a scenario says nothing, from the embedded <c>Data/assumptions.json</c>.</summary>
public static class AssumptionCatalogue
{
    /// <summary>The reason code of an input for which nothing is known.</summary>
    public const string NoAssumption = "noAssumption";

    /// <summary>What assumptions hold for that hold for cards that no link joins to others.</summary>
    public const string PcieCard = "pcie-card";

    private const string Resource = "GpuDecodeBench.Economics.Data.assumptions.json";

    private static readonly AssumptionFile s_file = Load();

    /// <summary>The sources that assumptions name.</summary>
    public static IReadOnlyList<PriceSource> Sources => s_file.Sources;

    /// <summary>All assumptions.</summary>
    public static IReadOnlyList<Assumption> All => s_file.Assumptions;

    /// <summary>The regions whose electricity prices are known.</summary>
    public static IEnumerable<string> Regions =>
        All.Where(assumption => assumption.Symbol == "tariff").Select(assumption => assumption.For).OfType<string>();

    /// <summary>The class of a device that assumptions may hold for; null where there is none.</summary>
    /// <param name="device">The device's name in the hardware catalogue; null where it is not known.</param>
    public static string? ClassOf(string? device) =>
        HardwareCatalogue.All.Any(entry =>
            string.Equals(entry.Name, device, StringComparison.OrdinalIgnoreCase) && entry.LinkDomainDevices.Count == 0
        )
            ? PcieCard
            : null;

    /// <summary>
    /// An input for each symbol: the assumption that holds for one of the given things, else for the device's class, else the one that
    /// holds for all, else an unavailable input.
    /// </summary>
    /// <param name="holdsFor">Names of the device, its class, the region, the way of cooling and the ownership.</param>
    public static IReadOnlyList<ModelInput> Inputs(params IReadOnlyCollection<string> holdsFor)
    {
        ArgumentNullException.ThrowIfNull(holdsFor);
        return
        [
            .. All.GroupBy(assumption => assumption.Symbol, StringComparer.Ordinal)
                .Select(group =>
                    (
                        group.FirstOrDefault(assumption =>
                            assumption.For is string name
                            && name != PcieCard
                            && holdsFor.Contains(name, StringComparer.OrdinalIgnoreCase)
                        )
                        ?? group.FirstOrDefault(assumption =>
                            assumption.For == PcieCard && holdsFor.Contains(PcieCard, StringComparer.Ordinal)
                        )
                        ?? group.FirstOrDefault(assumption => assumption.For is null)
                    )
                        is Assumption found
                        ? ToInput(found)
                        : Unknown(group.First())
                ),
        ];
    }

    private static ModelInput ToInput(Assumption assumption)
    {
        PriceSource source = Sources.Single(source => source.Key == assumption.Source);
        return new ModelInput(
            assumption.Symbol,
            assumption.Name,
            assumption.Unit,
            assumption.Likely,
            ProvenanceNote.Assumed($"{source.Title}, {assumption.Date}", assumption.Note)
        )
        {
            Low = assumption.Low,
            High = assumption.High,
        };
    }

    private static ModelInput Unknown(Assumption example) =>
        new(
            example.Symbol,
            example.Name,
            example.Unit,
            null,
            ProvenanceNote.Unavailable(
                NoAssumption,
                $"no {example.Name} ({example.Symbol}) of this device is known; give it in a scenario"
            )
        );

    private static AssumptionFile Load()
    {
        using Stream stream =
            typeof(AssumptionCatalogue).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks {Resource}.");
        return JsonSerializer.Deserialize(stream, DataJson.Strict.AssumptionFile)!;
    }
}
