using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>The levers that a step can be pulled by.</summary>
public static class LeverCatalogue
{
    /// <summary>A format is narrower where it saves at least this share of the bytes that are read.</summary>
    private const double SmallestSaving = 0.05;

    /// <summary>The levers of a step in a scenario: narrower formats, priced devices, and the rest.</summary>
    /// <param name="source">The step.</param>
    /// <param name="scenario">The scenario.</param>
    public static IReadOnlyList<Lever> Of(IStepSource source, Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(scenario);
        return
        [
            .. Hardware(source, scenario),
            .. Weights(source),
            .. Kv(source),
            new(LeverKind.Speculation, "speculation", "speculative decoding"),
            new(LeverKind.Batch, "batch", "largest batch"),
            new(LeverKind.PrefixCache, "prefix-cache", "prefix caching"),
            new(LeverKind.Routing, "routing", "routing to a small model"),
            new(LeverKind.Utilization, "utilization", "higher utilisation"),
        ];
    }

    private static IEnumerable<Lever> Weights(IStepSource source)
    {
        long before = source.PlanOf(source.Base).Totals.WeightReadBytes;
        return FormatNames
            .AllWeightFormats.Where(format =>
                source
                    .PlanOf(source.Base with { Formats = source.Base.Formats with { Weights = format } })
                    .Totals.WeightReadBytes
                < (1 - SmallestSaving) * before
            )
            .Select(format => new Lever(LeverKind.Weights, $"weights-{format.Name()}", $"{format.Name()} weights")
            {
                Weights = format,
            });
    }

    private static IEnumerable<Lever> Kv(IStepSource source)
    {
        long before = source.PlanOf(source.Base).Totals.KvReadBytes;
        return FormatNames
            .AllKvFormats.Where(format =>
                source
                    .PlanOf(source.Base with { Formats = source.Base.Formats with { Kv = format } })
                    .Totals.KvReadBytes
                < (1 - SmallestSaving) * before
            )
            .Select(format => new Lever(LeverKind.Kv, $"kv-{format.Name()}", $"{format.Name()} cache") { Kv = format });
    }

    /// <summary>Other devices whose rates and price are known in the scenario's way of paying; a device that is not in the catalogue is compared to none.</summary>
    private static IEnumerable<Lever> Hardware(IStepSource source, Scenario scenario)
    {
        if (source.SpecificationOf(source.Base) is not DeviceSpecification own)
        {
            return [];
        }

        string price = scenario.Ownership == Ownership.Owned ? "gpu_price" : "rent";
        return HardwareCatalogue
            .All.Where(entry =>
                entry.Name != own.Name && entry.MemoryBytesPerSecond.Count > 0 && entry.Bf16FlopsPerSecond.Count > 0
            )
            .Where(entry => Price(entry, price).Value is not null)
            .Select(entry => new Lever(LeverKind.Hardware, $"hardware-{entry.Aliases[0]}", entry.Name)
            {
                Hardware = entry,
            });
    }

    private static ModelInput Price(HardwareEntry entry, string symbol) =>
        AssumptionCatalogue.Inputs(entry.Name).Single(input => input.Symbol == symbol);
}
