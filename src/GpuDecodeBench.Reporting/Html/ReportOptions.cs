using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Scenarios;

namespace GpuDecodeBench.Reporting.Html;

/// <summary>What a report is made with besides the records.</summary>
public sealed record ReportOptions
{
    /// <summary>Price and utilisation from the user; empty takes the record's or the assumed ones.</summary>
    public CostOptions Cost { get; init; } = new();

    /// <summary>
    /// The scenarios of the cost by layers, made for a device of the hardware catalogue (null where it is not known); see
    /// <see cref="ScenarioReader"/>.
    /// </summary>
    public Func<string?, IReadOnlyList<Scenario>> Scenarios { get; init; } = Both;

    /// <summary>What APIs take, to hold the own cost against.</summary>
    public IReadOnlyList<ApiPrice> ApiPrices { get; init; } = [];

    private static IReadOnlyList<Scenario> Both(string? device) =>
        [
            ScenarioReader.Parse("{name: rented, ownership: rented}", "rented", device),
            ScenarioReader.Parse("{name: owned, ownership: owned}", "owned", device),
        ];
}
