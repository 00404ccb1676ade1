using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>The mark of costs that rest on a rent which is an own estimate, and the line that says so beside a ranking.</summary>
internal static class EstimatedRent
{
    /// <summary>A cell of a cost: with a mark where the rent is an own estimate.</summary>
    public static ResultCell Marked(Figure cost, Evaluation values) =>
        cost.Value is double value && OwnEstimate.RentOf(values) is not null
            ? ResultCell.Of($"~{Quantity.Digits(value)}", ResultCell.Of(value, Quantity.Digits).Exact)
            : ResultCell.Of(cost.Value, Quantity.Digits);

    /// <summary>The same for machines.</summary>
    public static string Flag(Evaluation values) => OwnEstimate.RentOf(values) is null ? "false" : "true";

    /// <summary>The line that names the devices whose rent is an own estimate; none where every rent has a source.</summary>
    /// <param name="costs">The devices that are compared, with their costs.</param>
    /// <param name="mark">What marks their costs, as the beginning of the line; empty where nothing does.</param>
    public static IEnumerable<string> Lines(IEnumerable<(string Device, Evaluation? Values)> costs, string mark = "")
    {
        string[] devices =
        [
            .. costs
                .Where(cost => cost.Values is not null && OwnEstimate.RentOf(cost.Values) is not null)
                .Select(cost => $"{cost.Device} ({Range(cost.Device, cost.Values!)})")
                .Distinct(),
        ];
        if (devices.Length > 0)
        {
            yield return $"{mark}NOT A LIST PRICE: what {string.Join(", ", devices)} costs is an own estimate, as no list price of a reservation was found; where it decides, ask for an offer and give that price (--price-per-hour, or rent in a scenario).";
        }
    }

    private static string Range(string device, Evaluation values)
    {
        string likely = $"${Quantity.Digits(OwnEstimate.RentOf(values)!.Value!.Value)}";
        ModelInput assumed = AssumptionCatalogue.Inputs(device).Single(input => input.Symbol == "rent");
        return assumed is { Low: double low, High: double high }
            ? $"{likely} an hour, between ${Quantity.Digits(low)} and ${Quantity.Digits(high)}"
            : likely;
    }
}
