using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics;

/// <summary>
/// Prices the points of a run record. Price and utilisation come from the options, else from the record, else they are assumed;
/// what is assumed says so.
/// </summary>
public static class RecordCost
{
    private const double SmallestRate = 1e-12;

    /// <summary>The reason code of an invalid point that was not asked for.</summary>
    public const string InvalidPoint = "invalidPoint";

    /// <summary>The reason code of a valid point whose device lowered its clocks, and that was not asked for.</summary>
    public const string ThrottledPoint = "throttledPoint";

    /// <summary>The reason code of a utilisation of which no cost follows: zero, or unavailable.</summary>
    public const string NoUtilization = "noUtilization";

    /// <summary>The reason code of a rate of which no cost follows: zero, or unavailable.</summary>
    public const string NoRate = "noRate";

    /// <summary>
    /// The time of a step that a point's tokens per second are over, in seconds: the mean step of the whole model, whichever version wrote
    /// the record. Whatever is priced beside a point must start from it, or it would gain what is none.
    /// </summary>
    /// <param name="point">A point whose tokens per second are above zero.</param>
    public static double StepSecondsOf(PointRecord point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return point.Batch / point.TokensPerSecond;
    }

    /// <summary>The costs of all points, in their order.</summary>
    /// <param name="record">The record.</param>
    /// <param name="options">Price and utilisation; null for those of the record.</param>
    public static IReadOnlyList<CostResult> All(RunRecord record, CostOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        return [.. record.Points.Select(point => Of(record, point, options))];
    }

    /// <summary>The cost of one point, or why there is none.</summary>
    /// <param name="record">The record.</param>
    /// <param name="point">One of its points.</param>
    /// <param name="options">Price and utilisation; null for those of the record.</param>
    public static CostResult Of(RunRecord record, PointRecord point, CostOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(point);
        options ??= new CostOptions();
        IReadOnlyList<string> against = PointQuality.ReasonsAgainst(point);
        if (!PointQuality.IsSound(point) && !options.IncludeInvalid)
        {
            return point.Valid
                ? CostResult.None(
                    ThrottledPoint,
                    $"the device lowered its clocks: {string.Join(", ", point.ThrottleReasons)}"
                )
                : CostResult.None(InvalidPoint, $"the point is invalid: {string.Join(", ", against)}", against);
        }

        Figure price = PriceOf(record, options);
        if (price.Value is not > 0)
        {
            return CostResult.None(
                price.Provenance.Reason ?? PriceCatalogue.NoPrice,
                price.Provenance.Detail ?? "the price is not above zero",
                against
            );
        }

        Figure utilization = UtilizationOf(record, options);
        if (utilization.Value is not (> 0 and <= 1))
        {
            return CostResult.None(
                utilization.Provenance.Reason ?? NoUtilization,
                utilization.Provenance.Detail ?? "the utilisation is not above 0 and at most 1",
                against
            );
        }

        return HasRate(point)
            ? CostResult.Of(Compute(record, point, price, utilization), against)
            : CostResult.None(NoRate, "the point has no tokens per second above zero", against);
    }

    /// <summary>The price of one device that applies, in US dollars per hour; unavailable where there is none.</summary>
    /// <param name="record">The record.</param>
    /// <param name="options">The options.</param>
    public static Figure PriceOf(RunRecord record, CostOptions options)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(options);
        Figure? recorded = record.Price?.UsdPerHour;
        return options.UsdPerHour
            ?? (recorded?.Value is null ? null : recorded)
            ?? PriceCatalogue.Find(record.Device, record.Environment.CpuThreadsUsed);
    }

    /// <summary>The utilisation that applies.</summary>
    /// <param name="record">The record.</param>
    /// <param name="options">The options.</param>
    public static Figure UtilizationOf(RunRecord record, CostOptions options)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(options);
        Figure? recorded = record.Price?.Utilization;
        return options.Utilization ?? (recorded?.Value is null ? null : recorded) ?? PriceCatalogue.DefaultUtilization;
    }

    /// <summary>The hardware of a point: the device, as many as share each layer, and the threads on a CPU.</summary>
    /// <param name="record">The record.</param>
    /// <param name="point">One of its points.</param>
    public static HardwareUnits HardwareOf(RunRecord record, PointRecord point)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(point);
        string name = string.IsNullOrWhiteSpace(record.Device.Name) ? record.Device.Id : record.Device.Name;
        return new HardwareUnits(name, point.TensorParallel, record.Environment.CpuThreadsUsed);
    }

    /// <summary>The five conditions of a point's cost.</summary>
    internal static CostConditions ConditionsOf(RunRecord record, PointRecord point, double utilization) =>
        new()
        {
            Model = string.IsNullOrWhiteSpace(record.Model.Name) ? "unnamed model" : record.Model.Name,
            Weights = point.Weights,
            LmHead = point.LmHead,
            Kv = point.Kv,
            ContextTokens = point.Context,
            Batch = point.Batch,
            Utilization = utilization,
            Hardware = HardwareOf(record, point),
        };

    /// <summary>Where a point's tokens per second come from: see <see cref="MeanStep"/>.</summary>
    /// <param name="point">The point.</param>
    public static ProvenanceNote TokensPerSecondProvenanceOf(PointRecord point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return point.TokensPerSecondProvenance;
    }

    /// <summary>A rate so small that its cost overflows is no rate either.</summary>
    private static bool HasRate(PointRecord point) =>
        double.IsNormal(point.TokensPerSecond)
        && point.TokensPerSecond > SmallestRate
        && TokensPerSecondProvenanceOf(point).Kind != Provenance.Unavailable;

    private static TokenCost Compute(RunRecord record, PointRecord point, Figure price, Figure utilization)
    {
        CostConditions conditions = ConditionsOf(record, point, utilization.Value!.Value);
        Figure all = DevicePrice.Times(price, point.TensorParallel);
        ProvenanceNote note = TokensPerSecondProvenanceOf(point);
        return TokenCost.Compute(all, utilization, point.TokensPerSecond, note, conditions);
    }
}
