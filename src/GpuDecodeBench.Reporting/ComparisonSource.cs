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

    /// <summary>
    /// What the records say of how a device was used (`device.detail`: instructions, kernels, driver, switches) where the sides differ in it,
    /// a line for each side but the first. Of other hardware and of other software it says nothing: they differ anyhow; nor of records that do
    /// not tell.
    /// </summary>
    /// <param name="sides">The sides, the baseline first.</param>
    internal static IEnumerable<string> UsedOtherwise(IReadOnlyList<ComparisonSource> sides)
    {
        foreach (ComparisonSource side in sides.Skip(1).Where(side => side.IsOfTheSame(sides[0])))
        {
            if (sides[0].Details() is not { } before || side.Details() is not { } after)
            {
                continue;
            }

            string?[] only = [Only("the baseline", before.Except(after)), Only(side.Name, after.Except(before))];
            if (only.OfType<string>().ToArray() is { Length: > 0 } differences)
            {
                yield return $"The device was used otherwise: {string.Join("; ", differences)}.";
            }
        }

        static string? Only(string name, IEnumerable<string> details) =>
            string.Join(", ", details) is { Length: > 0 } text ? $"{name} alone: {text}" : null;
    }

    private bool IsOfTheSame(ComparisonSource other)
    {
        (string Device, string Tool)[] both =
        [
            .. Records.Concat(other.Records).Select(record => (record.Device.Name, record.Tool.Name)).Distinct(),
        ];
        return both is [(_, OwnTool)];
    }

    /// <summary>The parts that details are lists of; null where a record has none.</summary>
    private string[]? Details() =>
        Records.Any(record => record.Device.Detail is null)
            ? null
            :
            [
                .. Records
                    .SelectMany(record =>
                        record.Device.Detail!.Split(
                            [", ", "; "],
                            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
                        )
                    )
                    .Distinct(),
            ];

    private string All(Func<RunRecord, string> of) => string.Join(" and ", Records.Select(of).Distinct());

    private static string Day(RunRecord record) => $"{record.StartedUtc:yyyy-MM-dd}";

    private static string VersionOf(RunRecord record) =>
        record.Tool.Name != OwnTool ? $"{record.Tool.Name} version {record.Tool.Version} ({record.Environment.Runtime})"
        : record.Tool.Commit is { Length: >= 7 } commit ? $"version {record.Tool.Version} ({commit[..7]})"
        : $"version {record.Tool.Version}";
}
