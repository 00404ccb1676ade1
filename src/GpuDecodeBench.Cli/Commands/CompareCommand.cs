using System.CommandLine;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>compare</c>: what differs between run records, and whether it is real.</summary>
internal sealed class CompareCommand(CommandContext context)
{
    private readonly CompareOptions _options = new();

    public Command Create()
    {
        var command = new Command(
            "compare",
            """
            Compares run records, matched by model, formats, batch and context: what differs, by how much (95 % interval), and
            whether it is real. Each argument is a side; a folder is one side of several runs. A slower machine is not taken for a
            slower program: a difference counts where it shows in the time and in the share of the read ceiling. docs/compare.md
            has the method.

            Exit code 1 with --fail-if-slower, 2 where nothing could be compared or, with it, judged.

            Examples:
              gpu-decode-bench compare before/run.json after/run.json
              gpu-decode-bench compare main/ branch/ --fail-if-slower 5
              gpu-decode-bench compare runs/…/run.json --by weights
              gpu-decode-bench compare h100.json h200.json --across --yardstick time
              gpu-decode-bench compare --history runs/
              gpu-decode-bench compare --operations run.json peer/run.json
            """
        );
        _options.AddTo(command);
        command.SetAction(Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        CompareRequest request = _options.Read(parsed);
        (string Path, ComparedFiles Files)[] read = [.. request.Paths.Select(path => (path, ComparedFiles.Read(path)))];
        if (!request.History && request.By is null)
        {
            ComparisonSide[] sides = CompareSides.Of(read);
            ShowLeftOut(read.SelectMany(one => one.Files.LeftOut));
            return request.Operations ? CompareOperations(sides, request) : Compare(sides, request);
        }

        var all = ComparedFiles.Together([.. read.Select(one => one.Files)]);
        ShowLeftOut(all.LeftOut);
        if (request.By is FormatCondition condition)
        {
            return CompareBy(new ComparisonSide(string.Join(", ", request.Paths), all.Runs), condition, request);
        }

        new CompareView(context).History(all.Runs, request.Format);
        return ExitCodes.Done;
    }

    private void ShowLeftOut(IEnumerable<string> sentences)
    {
        foreach (string sentence in sentences)
        {
            context.Error.WriteLine($"left out: {sentence}");
        }
    }

    private int Compare(ComparisonSide[] sides, CompareRequest request)
    {
        ComparisonResult result = RecordComparer.Compare(sides[0], sides[1..], request.Options);
        RefuseForeignCeiling(result, request.Options.Yardstick);
        return result.Points.Count == 0
            ? throw new InputException(
                $"Nothing in {string.Join(", ", sides[1..].Select(side => side.Name))} ({CompareSides.Describe(sides[1..])}) "
                    + $"has a counterpart in {sides[0].Name} ({CompareSides.Describe(sides[..1])})."
            )
            : Finish($"Comparison with {sides[0].Name}", sides, result, request);
    }

    /// <summary>A program's read ceiling is its own, so that the share of it alone would compare nothing.</summary>
    private static void RefuseForeignCeiling(ComparisonResult result, Yardstick yardstick)
    {
        PointComparison? foreign = result.Points.FirstOrDefault(point =>
            point.Reasons.Any(reason => reason.Code == ComparisonReasonCodes.OtherSoftware)
        );
        if (yardstick == Yardstick.Ceiling && foreign is not null)
        {
            throw new InputException(
                $"--yardstick 'ceiling' is not accepted between {foreign.Baseline} and {foreign.Against}, which other software measured "
                    + "beside a read ceiling of its own; give both or time."
            );
        }
    }

    private int CompareOperations(ComparisonSide[] sides, CompareRequest request)
    {
        OperationComparisonResult result = OperationComparer.Compare(sides[0], sides[1..], request.Options);
        if (result.Operations.Count == 0)
        {
            throw new InputException(
                $"No operation in {string.Join(", ", sides[1..].Select(side => side.Name))} has a counterpart in {sides[0].Name} "
                    + "on the same hardware: its model, format, batch and, for attention, context must be the same."
            );
        }

        new CompareView(context).Operations(sides, result, request.Format);
        return ExitCodes.Done;
    }

    private int CompareBy(ComparisonSide side, FormatCondition condition, CompareRequest request)
    {
        ComparisonResult result = RecordComparer.CompareBy(side, condition, request.Options);
        string name = CompareOptions.NameOf(condition);
        if (result.Points.Count == 0)
        {
            throw new InputException(
                $"--by {name} finds nothing to compare: no two points in {side.Name} differ in that alone."
            );
        }

        string baselines = string.Join(", ", result.Points.Select(point => point.Baseline).Distinct());
        return Finish($"Comparison by {name}, baseline {baselines}", [side], result, request);
    }

    private int Finish(string title, ComparisonSide[] sides, ComparisonResult result, CompareRequest request)
    {
        new CompareView(context).Comparison(title, sides, result, request.Format);
        if (!result.HasComparablePoints)
        {
            context.Error.WriteLine("gpu-decode-bench: No two points could be compared; the table says why.");
            return ExitCodes.BadInput;
        }

        return request.FailFraction is double fraction
            ? new SlownessGate(context.Error).Judge(result, fraction)
            : ExitCodes.Done;
    }
}
