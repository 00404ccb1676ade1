using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting;

/// <summary>One side of a comparison, for its captions.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Records">Its records.</param>
public sealed record ComparisonSource(string Name, IReadOnlyList<RunRecord> Records)
{
    private const string OwnTool = "gpu-decode-bench";

    /// <summary>
    /// For example <c>AMD EPYC, 2026-11-20, version 0.1.0 (9e438e6), quick</c>; of several records the distinct values. Other software
    /// is named with what it runs on: <c>pytorch peer linear version 1 (Python 3.12, PyTorch 2.11)</c>.
    /// </summary>
    public string Describe()
    {
        string runs = Records.Count == 1 ? "" : $"{Records.Count} runs, ";
        string days = string.Join(
            " to ",
            new[] { Records.Min(Day), Records.Max(Day) }.OfType<string>().Distinct(StringComparer.Ordinal)
        );
        return $"{runs}{All(record => record.Device.Name)}, {days}, {All(VersionOf)}, {All(record => record.Preset)}";
    }

    private string All(Func<RunRecord, string> of) => string.Join(" and ", Records.Select(of).Distinct());

    private static string Day(RunRecord record) => $"{record.StartedUtc:yyyy-MM-dd}";

    private static string VersionOf(RunRecord record) =>
        record.Tool.Name != OwnTool ? $"{record.Tool.Name} version {record.Tool.Version} ({record.Environment.Runtime})"
        : record.Tool.Commit is { Length: >= 7 } commit ? $"version {record.Tool.Version} ({commit[..7]})"
        : $"version {record.Tool.Version}";
}
