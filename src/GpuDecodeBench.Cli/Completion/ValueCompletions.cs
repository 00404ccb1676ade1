using System.CommandLine;
using System.CommandLine.Completions;
using GpuDecodeBench.Cli.Commands;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Economics.Claims;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Measurement.Doctor;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Cli.Completion;

/// <summary>What the shell offers as values, by the option's name: an option means the same in every command but those named apart.</summary>
internal static class ValueCompletions
{
    /// <summary>What stands behind a symbol that is to be given a value.</summary>
    private const char Assigned = '=';

    private static readonly Dictionary<string, Func<IEnumerable<string>>> s_values = new(StringComparer.Ordinal)
    {
        ["--model"] = () => ModelCatalogue.Entries.Select(model => model.Name),
        ["--gpu"] = () => HardwareCatalogue.All.Select(hardware => hardware.Aliases[0]),
        ["--device"] = () => ["auto", "cpu", "cuda:0", "cuda:1", "emulator", "reference"],
        ["--weights"] = () => Names(FormatNames.WeightNames),
        ["--lm-head"] = () => Names(FormatNames.WeightNames),
        ["--kv"] = () => Names(FormatNames.KvNames),
        ["--kv-block"] = () => StepConditions.KvBlockSizes.Select(tokens => $"{tokens}"),
        ["--layers"] = () => ["auto"],
        ["--preset"] = () => MeasurementPreset.All.Select(preset => preset.Name),
        ["--columns"] = () => ["own", "llama-bench"],
        ["--scenario"] = () => ScenarioOptions.Names,
        ["--set"] = () => AssumptionCatalogue.Inputs().Select(input => input.Symbol + Assigned),
        ["--sweep"] = () => AssumptionCatalogue.Inputs().Select(input => input.Symbol + Assigned).Append(Sweep.Region),
        ["--only"] = Checks,
        ["--skip"] = Checks,
        ["--yardstick"] = () => ["both", "time", "ceiling"],
        ["--by"] = () => ["weights", "lm-head", "kv", "kv-block"],
        ["-o"] = () => Enum.GetNames<OutputFormat>().Select(name => name.ToLowerInvariant()),
    };

    /// <summary>Options that take other values in one command.</summary>
    private static readonly Dictionary<(string Command, string Option), Func<IEnumerable<string>>> s_valuesOfCommand =
        new()
        {
            [("report", "-o")] = () => ReportCommand.Forms,
            [("choose", "--gpu")] = AllOrGpus,
            [("fleet", "--gpu")] = AllOrGpus,
            [("day", "--preset")] = () => DayCatalogue.All.Select(day => day.Name),
            [("day", "--scenario")] = () => [],
            [("day", "--set")] = () => DayEquations.Inputs.Select(slot => slot.Symbol + Assigned),
            [("claims", "--verdict")] = () => Enum.GetValues<ClaimVerdict>().Select(verdict => verdict.Name()),
            [("claims", "--document")] = () => ClaimCatalogue.All.Documents.Select(document => document.Key),
            [("claims", "--id")] = () => ClaimCatalogue.All.Claims.Select(claim => claim.Id),
        };

    /// <summary>Gives every option of a command and those below it its values.</summary>
    public static void AddTo(Command command)
    {
        foreach (Option option in command.Options)
        {
            if (
                s_valuesOfCommand.TryGetValue((command.Name, option.Name), out Func<IEnumerable<string>>? values)
                || s_values.TryGetValue(option.Name, out values)
            )
            {
                // Behind a sweep's symbol commas part its values.
                option.CompletionSources.Add(context =>
                    option.Name == "--sweep" && context.WordToComplete.Contains(Assigned, StringComparison.Ordinal)
                        ? []
                        : Of(values(), context)
                );
            }
        }

        foreach (Argument argument in command.Arguments)
        {
            if (command.Name == "models")
            {
                argument.CompletionSources.Add(context => Of(s_values["--model"](), context));
            }
        }

        foreach (Command below in command.Subcommands)
        {
            AddTo(below);
        }
    }

    /// <summary>Values that go on from what was typed; in a list, those that it does not name yet.</summary>
    private static IEnumerable<CompletionItem> Of(IEnumerable<string> values, CompletionContext context)
    {
        string word = context.WordToComplete;
        int last = word.LastIndexOf(',') + 1;
        string before = word[..last];
        string[] named = before.Split(',');
        return values
            .Where(value => value.StartsWith(word[last..], StringComparison.OrdinalIgnoreCase) && !IsNamed(value))
            .Select(value => new CompletionItem(before + value));

        bool IsNamed(string value) =>
            value.EndsWith(Assigned)
                ? named.Any(entry => entry.StartsWith(value, StringComparison.Ordinal))
                : named.Contains(value);
    }

    private static IEnumerable<string> AllOrGpus() => s_values["--gpu"]().Prepend(CandidateOptions.All);

    private static IEnumerable<string> Checks() => DoctorChecks.All.Select(check => check.Id);

    private static string[] Names(string list) => list.Split(", ");
}
