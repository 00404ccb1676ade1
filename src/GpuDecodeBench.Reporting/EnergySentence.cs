using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting;

/// <summary>What a run's paragraph says of power, and of what telemetry makes doubtful.</summary>
internal static class EnergySentence
{
    /// <summary>The warnings that come of the device's sensors and clocks; docs/method.md, "Codes".</summary>
    private static readonly HashSet<string> s_doubts = new(StringComparer.Ordinal)
    {
        "clockJumped",
        "clockLow",
        "energyMethodsDisagree",
        "otherProcess",
        "powerLimitLowered",
        "sensorSilent",
        "sensorStuck",
        "temperatureRising",
        "throttled",
        "tooFewPowerSamples",
    };

    /// <summary>A sentence on a point's power and energy; null where they are not known.</summary>
    public static string? Of(PointRecord point)
    {
        if (point.Power.Value is not double watts || point.EnergyJoulesPerToken.Value is not double joules)
        {
            return null;
        }

        string limit = point.Telemetry?.FractionOfPowerLimit.Value is double share
            ? $", {Quantity.RoundPercent(share)} of the power limit"
            : "";
        return $"It takes {Quantity.Digits(watts)} W{limit}, {Quantity.Digits(joules)} J a token.";
    }

    /// <summary>How many points carry such a warning, and which; null where none does.</summary>
    public static string? Doubts(RunRecord record)
    {
        PointRecord[] doubtful = [.. record.Points.Where(point => point.Warnings.Any(s_doubts.Contains))];
        if (doubtful.Length == 0)
        {
            return null;
        }

        string reasons = ReasonWords.OfAll(
            doubtful.SelectMany(point => point.Warnings).Where(s_doubts.Contains).Distinct()
        );
        return $"{doubtful.Length} of {record.Points.Count} {(doubtful.Length == 1 ? "carries" : "carry")} a warning of the device's sensors ({reasons})";
    }
}
