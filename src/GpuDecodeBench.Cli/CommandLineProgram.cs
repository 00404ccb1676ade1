using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Commands;
using GpuDecodeBench.Cli.Completion;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Cli.Wiring;
using GpuDecodeBench.Measurement.Doctor;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli;

/// <summary>The program: finds the command, runs it, and turns what went wrong into a sentence and an exit code.</summary>
public static class CommandLineProgram
{
    /// <summary>Runs the program on the process's own terminal.</summary>
    public static int Run(string[] arguments, CancellationSource cancellation)
    {
        ArgumentNullException.ThrowIfNull(cancellation);
        using (cancellation)
        {
            return Run(
                arguments,
                new CommandContext(Console.Out, Console.Error, CancellationToken.None)
                {
                    Listen = () => cancellation.Token,
                    OpenTelemetry = TelemetrySources.Open,
                    Host = new HostReader(),
                }
            );
        }
    }

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">The command line; empty for a quick run on the best device.</param>
    /// <param name="context">Where it prints, and what ends it early.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, CommandContext context)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(context);
        var verbose = new Option<bool>("--verbose") { Description = "show where an error came from", Recursive = true };
        RootCommand root = CreateRoot(context, verbose);
        ParseResult parsed = root.Parse(arguments.Length == 0 ? ["run", "--preset", "quick"] : arguments);
        // A line that is still being typed may be wrong.
        if (IsWrong(parsed) && !IsSuggestion(arguments))
        {
            context.Error.WriteLine($"gpu-decode-bench: {ParseErrorText.Of(parsed)}");
            return ExitCodes.BadInput;
        }

        var settings = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = context.Output,
            Error = context.Error,
        };
        try
        {
            return parsed.Invoke(settings);
        }
        catch (Exception exception) when (ExitCodeOf(exception) is int code)
        {
            return Fail(context, parsed.GetValue(verbose), exception, exception.Message, code);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A reader of standard output that went away, a standard output that was closed, or a disk that did: nothing more can be shown.
            string message =
                exception is IOException
                    ? exception.Message
                    : $"Standard output or a file cannot be used: {exception.Message}";
            return Fail(context, parsed.GetValue(verbose), exception, message, ExitCodes.Failed);
        }
        catch (Exception exception)
        {
            string message =
                $"An unexpected error ended the program ({exception.GetType().Name}: {exception.Message}); --verbose shows where.";
            return Fail(context, parsed.GetValue(verbose), exception, message, ExitCodes.Failed);
        }
    }

    private static bool IsWrong(ParseResult parsed) =>
        parsed.Errors.Count > 0
        || (
            parsed.Action is not { ClearsParseErrors: true }
            && (
                ParseErrorText.OptionAmongArguments(parsed) is not null
                || GivenOptions.OfCommandAbove(parsed) is not null
            )
        );

    private static bool IsSuggestion(string[] arguments) =>
        arguments is [string first, ..] && first.StartsWith("[suggest", StringComparison.Ordinal);

    /// <summary>All commands with their options.</summary>
    internal static RootCommand CreateRoot(CommandContext context, Option<bool> verbose)
    {
        var root = new RootCommand(
            """
            Executes LLM decode steps on real hardware, measures them, and says what a token costs.

            With no arguments it measures the best device found, quickly: run --preset quick.

            Examples:
              gpu-decode-bench
              gpu-decode-bench doctor
              gpu-decode-bench run --model llama-3.1-8b --weights bf16,int4 --batch 1,8 --context 2048
              gpu-decode-bench roofline --from runs/…/run.json
            """
        );
        root.Options.Add(verbose);
        root.Subcommands.Add(new RunCommand(context).Create());
        root.Subcommands.Add(new VerifyCommand(context).Create());
        root.Subcommands.Add(new DevicesCommand(context).Create());
        root.Subcommands.Add(new DoctorCommand(context).Create());
        root.Subcommands.Add(new WatchCommand(context).Create());
        root.Subcommands.Add(new ModelsCommand(context).Create());
        root.Subcommands.Add(new RooflineCommand(context).Create());
        root.Subcommands.Add(new CostCommand(context).Create());
        root.Subcommands.Add(new ReportCommand(context).Create());
        root.Subcommands.Add(new ClaimsCommand(context).Create());
        root.Subcommands.Add(new CompareCommand(context).Create());
        root.Subcommands.Add(new CompletionCommand(context).Create());
        foreach (Option option in root.Options.OfType<VersionOption>().ToArray())
        {
            root.Options.Remove(option);
        }

        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            // Paths may begin like that.
            help.Aliases.Remove("/h");
            help.Aliases.Remove("/?");
        }

        var version = new Option<bool>("--version") { Description = "show the version and the commit" };
        root.Options.Add(version);
        ValueCompletions.AddTo(root);
        root.SetAction(parsed =>
        {
            if (parsed.GetValue(version))
            {
                context.Output.WriteLine(ToolIdentity.Describe());
                return ExitCodes.Done;
            }

            throw new InputException("No command was given; gpu-decode-bench --help lists them.");
        });
        return root;
    }

    private static int? ExitCodeOf(Exception exception) =>
        exception switch
        {
            InputException or RecordFormatException => ExitCodes.BadInput,
            DeviceUnavailableException => ExitCodes.Unavailable,
            RecordWriteException or DeviceFaultException => ExitCodes.Failed,
            OperationCanceledException => ExitCodes.Interrupted,
            _ => null,
        };

    private static int Fail(CommandContext context, bool verbose, Exception exception, string message, int code)
    {
        string sentence = code switch
        {
            ExitCodes.Interrupted => "interrupted.",
            ExitCodes.BadInput => OneLine(message),
            _ => message,
        };
        context.Error.WriteLine($"gpu-decode-bench: {sentence}");
        if (verbose)
        {
            context.Error.WriteLine(exception.ToString());
        }

        return code;
    }

    /// <summary>Names in a record or on the command line may hold line ends and what steers a terminal: they are spaces in a sentence.</summary>
    private static string OneLine(string message) =>
        string.Concat(message.Select(character => char.IsControl(character) ? ' ' : character));
}
