using System.CommandLine;
using System.Globalization;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The arguments of <c>compare</c>, and what they ask for.</summary>
internal sealed class CompareOptions
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
        "exit code 1 where a point's median or mean step is slower by more than this beyond doubt, in per cent",
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

    public void AddTo(Command command)
    {
        command.Arguments.Add(_paths);
        foreach (
            Option option in (Option[])
                [_by, _across, _includeInvalid, _yardstick, _failIfSlower, _history, _operations, _format]
        )
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What is asked for.</summary>
    /// <exception cref="InputException">A value is not accepted, or options do not go together.</exception>
    public CompareRequest Read(ParseResult parsed)
    {
        var request = new CompareRequest(
            parsed.GetValue(_paths)!,
            ReadCondition(parsed),
            parsed.GetValue(_history),
            parsed.GetValue(_operations),
            new ComparisonOptions
            {
                Yardstick = ReadYardstick(parsed),
                Across = parsed.GetValue(_across),
                IncludeInvalid = parsed.GetValue(_includeInvalid),
            },
            ReadPercent(parsed) / 100,
            CommandOptions.ReadFormat(parsed, _format)
        );
        CheckTogether(parsed, request);
        return request;
    }

    private void CheckTogether(ParseResult parsed, CompareRequest request)
    {
        if (request.History)
        {
            GivenOptions.Refuse(
                parsed,
                "cannot be given together with --history, which draws each configuration on each device by its valid points; leave one of them out.",
                _by,
                _failIfSlower,
                _across,
                _includeInvalid,
                _yardstick
            );
        }

        if (request.Operations)
        {
            GivenOptions.Refuse(
                parsed,
                "cannot be given together with --operations, whose times have no intervals; leave one of them out.",
                _by,
                _history,
                _failIfSlower,
                _yardstick
            );
        }

        if (request.By is not null)
        {
            GivenOptions.Refuse(
                parsed,
                "has no effect beside --by, which compares formats on the same hardware; leave one of them out.",
                _across
            );
        }

        if (!request.History && request.By is null && request.Paths.Count == 1)
        {
            throw new InputException(
                "One side cannot be compared; give a second record or folder, --by for the formats within a record, or --history."
            );
        }
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

    /// <summary>A condition as <c>--by</c> takes it.</summary>
    public static string NameOf(FormatCondition condition) =>
        condition switch
        {
            FormatCondition.Weights => "weights",
            FormatCondition.LmHead => "lm-head",
            FormatCondition.Kv => "kv",
            _ => "kv-block",
        };
}
