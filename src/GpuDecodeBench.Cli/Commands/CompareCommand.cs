using System.CommandLine;
using System.Globalization;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>compare</c>: what differs between run records, and whether it is real.</summary>
internal sealed class CompareCommand(CommandContext context)
{
    private readonly Argument<string[]> _paths = new("records")
    {
        Description = "run records, or folders of them; the first is the baseline",
        HelpName = "FILE|DIR",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _by = CommandOptions.Text(
        "--by",
        "instead of records with one another, the values of a condition within them: weights, lm-head, kv or kv-block",
        "CONDITION"
    );

    private readonly Option<bool> _across = new("--across")
    {
        Description = "compare other hardware, formats and numbers of layers, too",
    };

    private readonly Option<bool> _includeInvalid = new("--include-invalid")
    {
        Description = "compare invalid and throttled points, too",
    };

    private readonly Option<string> _yardstick = CommandOptions.Text(
        "--yardstick",
        "in what a difference must show: both, time (whoever is to blame) or ceiling (the share of the read ceiling alone)",
        "NAME",
        "both"
    );

    private readonly Option<string?> _failIfSlower = CommandOptions.Text(
        "--fail-if-slower",
        "exit code 1 where a point is slower by more than this beyond doubt, in per cent",
        "PERCENT"
    );

    private readonly Option<bool> _history = new("--history")
    {
        Description = "all runs over time: trend and jumps of each configuration",
    };

    private readonly Option<bool> _operations = new("--operations")
    {
        Description = "single operations instead of steps, one execution each; without intervals",
    };

    private readonly Option<string> _format = CommandOptions.Format();

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
        command.Arguments.Add(_paths);
        foreach (
            Option option in (Option[])
                [_by, _across, _includeInvalid, _yardstick, _failIfSlower, _history, _operations, _format]
        )
        {
            command.Options.Add(option);
        }

        command.SetAction(Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        OutputFormat format = CommandOptions.ReadFormat(parsed, _format);
        double? failFraction = ReadPercent(parsed) / 100;
        FormatCondition? by = ReadCondition(parsed);
        var options = new ComparisonOptions
        {
            Yardstick = ReadYardstick(parsed),
            Across = parsed.GetValue(_across),
            IncludeInvalid = parsed.GetValue(_includeInvalid),
        };
        string[] paths = parsed.GetValue(_paths)!;
        bool history = parsed.GetValue(_history);
        if (history && (by is not null || failFraction is not null))
        {
            throw new InputException("--history cannot be given together with --by or --fail-if-slower.");
        }

        bool operations = parsed.GetValue(_operations);
        if (operations && (history || by is not null || failFraction is not null))
        {
            throw new InputException("--operations cannot be given together with --by, --history or --fail-if-slower.");
        }

        if (!history && by is null && paths.Length == 1)
        {
            throw new InputException(
                "One side cannot be compared; give a second record or folder, --by for the formats within a record, or --history."
            );
        }

        (string Path, ComparedFiles Files)[] read = [.. paths.Select(path => (path, ComparedFiles.Read(path)))];
        if (!history && by is null)
        {
            CheckSides(read);
            ShowLeftOut(read.SelectMany(one => one.Files.LeftOut));
            return operations ? CompareOperations(read, options, format) : Compare(read, options, failFraction, format);
        }

        var all = ComparedFiles.Together([.. read.Select(one => one.Files)]);
        ShowLeftOut(all.LeftOut);
        return by is FormatCondition condition
            ? CompareBy(
                new ComparisonSide(string.Join(", ", paths), all.Runs),
                condition,
                options,
                failFraction,
                format
            )
            : ShowHistory(all.Runs, format);
    }

    private void ShowLeftOut(IEnumerable<string> sentences)
    {
        foreach (string sentence in sentences)
        {
            context.Error.WriteLine($"left out: {sentence}");
        }
    }

    /// <summary>A run that is compared with itself, alone or among others, hides a difference.</summary>
    private static void CheckSides((string Path, ComparedFiles Files)[] read)
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

    private static ComparisonSide[] Sides((string Path, ComparedFiles Files)[] read)
    {
        string[] names = ShortNames([.. read.Select(one => one.Path)]);
        return [.. read.Select((one, i) => new ComparisonSide(names[i], one.Files.Runs))];
    }

    private static ComparisonSource[] Sources(ComparisonSide[] sides) =>
        [.. sides.Select(side => new ComparisonSource(side.Name, [.. side.Runs.Select(run => run.Record)]))];

    private int CompareOperations(
        (string Path, ComparedFiles Files)[] read,
        ComparisonOptions options,
        OutputFormat format
    )
    {
        ComparisonSide[] sides = Sides(read);
        IReadOnlyList<OperationComparison> operations = OperationComparer.Compare(sides[0], sides[1..], options);
        if (operations.Count == 0)
        {
            throw new InputException(
                $"No operation in {string.Join(", ", sides[1..].Select(side => side.Name))} has a counterpart in {sides[0].Name} "
                    + "on the same hardware: its model, format, batch and, for attention, context must be the same."
            );
        }

        new ResultPrinter(context).Table(
            OperationComparisonTable.From(Sources(sides), [.. operations.Select(ComparisonRows.Of)]),
            format
        );
        return ExitCodes.Done;
    }

    private int Compare(
        (string Path, ComparedFiles Files)[] read,
        ComparisonOptions options,
        double? failFraction,
        OutputFormat format
    )
    {
        ComparisonSide[] sides = Sides(read);
        ComparisonResult result = RecordComparer.Compare(sides[0], sides[1..], options);
        if (result.Points.Count == 0)
        {
            throw new InputException(
                $"Nothing in {string.Join(", ", sides[1..].Select(side => side.Name))} ({Conditions(sides[1..])}) "
                    + $"has a counterpart in {sides[0].Name} ({Conditions(sides[..1])})."
            );
        }

        return Show($"Comparison with {sides[0].Name}", sides, result, failFraction, format);
    }

    private int CompareBy(
        ComparisonSide side,
        FormatCondition condition,
        ComparisonOptions options,
        double? failFraction,
        OutputFormat format
    )
    {
        ComparisonResult result = RecordComparer.CompareBy(side, condition, options);
        string name = NameOf(condition);
        if (result.Points.Count == 0)
        {
            throw new InputException(
                $"--by {name} finds nothing to compare: no two points in {side.Name} differ in that alone."
            );
        }

        string baselines = string.Join(", ", result.Points.Select(point => point.Baseline).Distinct());
        return Show($"Comparison by {name}, baseline {baselines}", [side], result, failFraction, format);
    }

    private int Show(
        string title,
        ComparisonSide[] sides,
        ComparisonResult result,
        double? failFraction,
        OutputFormat format
    )
    {
        // Within one side the formats tell the rows apart.
        ComparisonRow[] rows =
        [
            .. result
                .Points.Select(ComparisonRows.Of)
                .Select(row => sides.Length == 1 ? row with { Against = sides[0].Name } : row),
        ];
        IReadOnlyList<string> captions = ComparisonCaptions.Of(
            Sources(sides),
            rows,
            [.. result.WithoutCounterpart.Select(one => (one.Side, one.Conditions.ToString()))]
        );
        new ResultPrinter(context).Table(ComparisonTable.From(title, rows, captions), format);
        if (!result.HasComparablePoints)
        {
            context.Error.WriteLine("gpu-decode-bench: No two points could be compared; the table says why.");
            return ExitCodes.BadInput;
        }

        return failFraction is double fraction ? Gate(result, fraction) : ExitCodes.Done;
    }

    private int Gate(ComparisonResult result, double fraction)
    {
        PointComparison[] slower = [.. result.Points.Where(point => point.IsSlowerBeyond(fraction))];
        string percent = (fraction * 100).ToString(CultureInfo.InvariantCulture);
        if (result.JudgedPoints == 0)
        {
            context.Error.WriteLine(
                $"gpu-decode-bench: No point could be judged for --fail-if-slower {percent}, because none has the interval that decides; the table says why."
            );
            return ExitCodes.BadInput;
        }

        if (slower.Length == 0)
        {
            string judged =
                result.JudgedPoints < result.Points.Count
                    ? $"; {result.JudgedPoints} of {result.Points.Count} points could be judged"
                    : "";
            context.Error.WriteLine($"No point is slower by more than {percent} % beyond doubt{judged}.");
            return ExitCodes.Done;
        }

        foreach (PointComparison point in slower)
        {
            context.Error.WriteLine(
                $"gpu-decode-bench: Slower by more than {percent} % beyond doubt: {point.Conditions} in {point.Against} "
                    + $"({RatioText.Change(point.StepRatio!.Ratio)} % of the step's time)."
            );
        }

        return ExitCodes.Failed;
    }

    private int ShowHistory(IReadOnlyList<ComparisonRun> runs, OutputFormat format)
    {
        IReadOnlyList<HistoryLine> lines = RunHistory.Of(runs);
        HistoryLine[] repeated = [.. lines.Where(line => line.Entries.Count > 1)];
        if (repeated.Length == 0)
        {
            throw new InputException(
                $"No configuration was measured validly in two of the {runs.Count} runs, so that there is no history to show."
            );
        }

        new ResultPrinter(context).Table(
            HistoryTable.From([.. repeated.Select(ComparisonRows.Of)], [.. ComparisonRows.Notes(repeated, lines)]),
            format
        );
        return ExitCodes.Done;
    }

    /// <summary>The first configuration, and how many more there are.</summary>
    private static string Conditions(IReadOnlyList<ComparisonSide> sides)
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

    /// <summary>The paths without the folders that all of them share; as they are where one of them would be left with nothing.</summary>
    private static string[] ShortNames(string[] paths)
    {
        string[][] parts = [.. paths.Select(path => path.TrimEnd('/', '\\').Split('/', '\\'))];
        int shortest = parts.Min(one => one.Length);
        int shared = Enumerable.Range(0, shortest).TakeWhile(i => parts.All(one => one[i] == parts[0][i])).Count();
        return [.. parts.Select(one => string.Join('/', one.Skip(Math.Min(shared, shortest - 1))))];
    }

    private double? ReadPercent(ParseResult parsed)
    {
        if (parsed.GetValue(_failIfSlower) is not string text)
        {
            return null;
        }

        return
            double.TryParse(text.TrimEnd('%', ' '), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && value is >= 0 and <= 1000
            ? value
            : throw new InputException(
                $"--fail-if-slower '{text}' is not accepted; give a number of per cent from 0 to 1000, for example 5."
            );
    }

    private FormatCondition? ReadCondition(ParseResult parsed) =>
        parsed.GetValue(_by) is string text
            ? ArgumentReader.Choice("--by", text, Enum.GetValues<FormatCondition>(), NameOf)
            : null;

    private Yardstick ReadYardstick(ParseResult parsed) =>
        ArgumentReader.Choice(
            "--yardstick",
            parsed.GetValue(_yardstick)!,
            Enum.GetValues<Yardstick>(),
            yardstick => yardstick.ToString().ToLowerInvariant()
        );

    private static string NameOf(FormatCondition condition) =>
        condition switch
        {
            FormatCondition.Weights => "weights",
            FormatCondition.LmHead => "lm-head",
            FormatCondition.Kv => "kv",
            _ => "kv-block",
        };
}
