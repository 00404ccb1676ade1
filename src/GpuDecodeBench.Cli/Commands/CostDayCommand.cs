using System.CommandLine;
using System.CommandLine.Parsing;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>cost day</c>: a day's profit and loss.</summary>
internal sealed class CostDayCommand(CommandContext context)
{
    private readonly Option<string?> _preset = CommandOptions.Text(
        "--preset",
        $"a day that an operator published: {string.Join(", ", DayCatalogue.All.Select(day => day.Name))}",
        "NAME"
    );

    private readonly Option<string?> _scenario = CommandOptions.Text(
        "--scenario",
        "a file with a day's inputs, in YAML or JSON: their symbols and values",
        "FILE"
    );

    private readonly Option<string[]> _set = new("--set")
    {
        Description =
            $"an input of the day, one of {string.Join(", ", DayEquations.Inputs.Select(slot => $"{slot.Symbol} ({slot.Unit})"))}; can be given several times",
        HelpName = "SYMBOL=VALUE",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _conditions = CommandOptions.Text(
        "--conditions",
        "model, precision, context, batch and utilisation, and hardware of the day, with semicolons between them",
        "TEXT"
    );

    private readonly Option<bool> _explain = new("--explain") { Description = "show every line of the derivation" };
    private readonly Option<string> _format = CommandOptions.Format();

    public Command Create()
    {
        var command = new Command(
            "day",
            """
            Profit and loss of a day of serving: devices by the hour against tokens at list prices, input found in a cache apart.
            With --preset from the inputs that an operator published, beside what it says came out.

            Examples:
              gpu-decode-bench cost day --preset deepseek --explain
              gpu-decode-bench cost day --preset deepseek --set day_nodes=278,rent=2.5
              gpu-decode-bench cost day --scenario my-day.yaml
            """
        );
        foreach (Option option in (Option[])[_preset, _scenario, _set, _conditions, _explain, _format])
        {
            command.Options.Add(option);
        }

        command.SetAction(Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        OutputFormat format = CommandOptions.ReadFormat(parsed, _format, _explain);
        PublishedDay? published = parsed.GetValue(_preset) is string name ? DayCatalogue.Find(name) : null;
        ModelInput[] fromFile = parsed.GetValue(_scenario) is string path ? [.. DayReader.Read(path)] : [];
        IReadOnlyList<ModelInput> given = Assignments.Read("--set", parsed.GetValue(_set) ?? [], Slots());
        if (given.FirstOrDefault(input => input.IsUncertain) is ModelInput ranged)
        {
            throw new Workload.InputException($"--set {ranged.Symbol}: an input of a day is one value, not a range.");
        }

        HashSet<string> again = [.. given.Select(input => input.Symbol)];
        DayDecision day = DayDecision.Of(
            published,
            [.. fromFile.Where(input => !again.Contains(input.Symbol)), .. given]
        );
        DayConditions conditions =
            Conditions(parsed)
            ?? (day.IsChanged ? published?.Conditions.With(day) : published?.Conditions)
            ?? DayConditions.Unknown;
        new ResultPrinter(context).Tables(
            [DayTable.Inputs(day, conditions), DayTable.Result(day, conditions, parsed.GetValue(_explain))],
            format
        );
        return ExitCodes.Done;
    }

    private DayConditions? Conditions(ParseResult parsed)
    {
        if (parsed.GetValue(_conditions) is not string text)
        {
            return null;
        }

        string[] parts = [.. text.Split(';').Select(part => part.Trim())];
        return parts.Length == 5 && parts.All(part => part.Length > 0)
            ? new DayConditions(parts[0], parts[1], parts[2], parts[3], parts[4])
            : throw new Workload.InputException(
                $"--conditions '{text}' is not accepted; give model, precision, context, batch and utilisation, and hardware, with semicolons between them."
            );
    }

    private static IEnumerable<ModelInput> Slots() =>
        DayEquations.Inputs.Select(slot => new ModelInput(
            slot.Symbol,
            slot.Name,
            slot.Unit,
            null,
            ProvenanceNote.Unavailable("notGiven", "it was not given")
        ));
}
