using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The sides of a comparison: an argument of the command line each.</summary>
internal static class CompareSides
{
    /// <summary>The sides under short names.</summary>
    /// <param name="read">Each argument with the records it names.</param>
    /// <exception cref="InputException">A run stands on both sides.</exception>
    public static ComparisonSide[] Of(IReadOnlyList<(string Path, ComparedFiles Files)> read)
    {
        Check(read);
        string[] names = ShortNames([.. read.Select(one => one.Path)]);
        return [.. read.Select((one, i) => new ComparisonSide(names[i], one.Files.Runs))];
    }

    /// <summary>The first configuration, and how many more there are.</summary>
    public static string Describe(IReadOnlyList<ComparisonSide> sides)
    {
        string[] all =
        [
            .. sides
                .SelectMany(side => side.Runs)
                .SelectMany(run => run.Record.Points.Select(point => ComparedConditions.Of(run.Record, point)))
                .Select(conditions => conditions.ToString())
                .Distinct(),
        ];
        return all.Length switch
        {
            0 => "no point",
            1 => all[0],
            _ => $"{all[0]}; and {all.Length - 1} more",
        };
    }

    /// <summary>A run that is compared with itself, alone or among others, hides a difference.</summary>
    private static void Check(IReadOnlyList<(string Path, ComparedFiles Files)> read)
    {
        var baseline = read[0].Files.Runs.ToDictionary(run => run.Identity);
        foreach (ComparisonRun run in read.Skip(1).SelectMany(one => one.Files.Runs))
        {
            if (baseline.TryGetValue(run.Identity, out ComparisonRun? same))
            {
                throw new InputException(
                    same.Name == run.Name
                        ? $"{run.Name} stands on both sides of the comparison; give each run to one side."
                        : $"{same.Name} of the baseline and {run.Name} hold the same run; give each run to one side."
                );
            }
        }
    }

    /// <summary>The paths without the folders that all of them share; as they are where one of them would be left with nothing.</summary>
    private static string[] ShortNames(string[] paths)
    {
        string[][] parts = [.. paths.Select(path => path.TrimEnd('/', '\\').Split('/', '\\'))];
        int shortest = parts.Min(one => one.Length);
        int shared = Enumerable.Range(0, shortest).TakeWhile(i => parts.All(one => one[i] == parts[0][i])).Count();
        return [.. parts.Select(one => string.Join('/', one.Skip(Math.Min(shared, shortest - 1))))];
    }
}
