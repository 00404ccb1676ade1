using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting;

/// <summary>One line on how many points of a run can be trusted, and how often each code was given.</summary>
public static class PointTally
{
    /// <summary>For example <c>Points: 4, 3 valid; invalid: throttled 1; warnings: drifting 2, temperatureRising 1.</c></summary>
    /// <param name="record">The run.</param>
    public static string Of(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        string text = $"Points: {record.Points.Count}, {record.Points.Count(point => point.Valid)} valid";
        text += Codes("invalid", record.Points.SelectMany(point => point.InvalidReasons.Distinct()));
        text += Codes("warnings", record.Points.SelectMany(point => point.Warnings.Distinct()));
        return Rendering.SafeText.OneLine(text + ".");
    }

    private static string Codes(string what, IEnumerable<string> codes)
    {
        string[] counts =
        [
            .. codes
                .GroupBy(code => code)
                .OrderByDescending(group => group.Count())
                .ThenBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Key} {group.Count()}"),
        ];
        return counts.Length == 0 ? "" : $"; {what}: {string.Join(", ", counts)}";
    }
}
