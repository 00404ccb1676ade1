using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>Price and utilisation from the command line to where they are used.</summary>
internal static class PriceArguments
{
    /// <summary>What was given, for pricing; what was not is taken from the record or assumed.</summary>
    public static CostOptions ToOptions(double? usdPerHour, double? utilization, bool includeInvalid = false) =>
        new()
        {
            UsdPerHour = usdPerHour is double price ? UserFigure.Create(price, "--price-per-hour") : null,
            Utilization = utilization is double share ? UserFigure.Create(share, "--utilization") : null,
            IncludeInvalid = includeInvalid,
        };

    /// <summary>What was given, for the record, with assumptions in place of the rest; null where nothing was given.</summary>
    public static PriceInfo? ToRecord(double? usdPerHour, double? utilization)
    {
        if (usdPerHour is null && utilization is null)
        {
            return null;
        }

        CostOptions given = ToOptions(usdPerHour, utilization);
        return new PriceInfo
        {
            UsdPerHour = given.UsdPerHour ?? Figure.Unavailable("notGiven", "--price-per-hour was not given"),
            Utilization = given.Utilization ?? PriceCatalogue.DefaultUtilization,
        };
    }
}
