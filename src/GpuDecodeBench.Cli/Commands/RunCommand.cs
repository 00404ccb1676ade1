using System.CommandLine;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Cli.Wiring;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>run</c>: measures a grid of decode steps on a device.</summary>
internal sealed class RunCommand(CommandContext context)
{
    /// <summary>What the CPU measures in full depth within a minute.</summary>
    private const string DefaultModel = "llama-3.2-1b";

    private const string LlamaBench = "llama-bench";

    private readonly Option<string> _model = CommandOptions.Text(
        "--model",
        "a model of the catalogue (see models), or the path of a Hugging Face config.json",
        "NAME|FILE",
        DefaultModel
    );

    private readonly GridOptions _grid = new("bf16,int8,int4");

    private readonly Option<string> _device = CommandOptions.Text(
        "--device",
        "auto for the best device found, or a name that devices shows",
        "NAME",
        "auto"
    );

    private readonly Option<string> _layers = CommandOptions.Text(
        "--layers",
        "layers to run; auto takes as many as memory allows and extrapolates the rest, marked so",
        "N|auto",
        "auto"
    );

    private readonly Option<string> _preset = CommandOptions.Text(
        "--preset",
        "quick (medians to 1 %), standard (0.5 %) or thorough (0.25 %)",
        "NAME",
        "standard"
    );

    private readonly Option<string?> _price = CommandOptions.Price();
    private readonly Option<string?> _utilization = CommandOptions.Utilization();
    private readonly Option<string> _seed = CommandOptions.Text("--seed", "the seed of all data", "N", "1");

    private readonly Option<string?> _maxSeconds = CommandOptions.Text(
        "--max-seconds",
        "the longest time to spend on samples, all points together",
        "S"
    );

    private readonly Option<string?> _tuning = CommandOptions.Text(
        "--tuning",
        "the run.json of an earlier run on this device: its choice of kernels instead of trying them again",
        "FILE"
    );

    private readonly Option<string?> _out = CommandOptions.Text(
        "--out",
        "the folder for run.json (default: a new one below runs)",
        "DIR"
    );

    private readonly Option<string> _format = CommandOptions.Format();

    private readonly Option<string> _columns = CommandOptions.Text(
        "--columns",
        "own, or llama-bench for the names of that program where they mean the same",
        "NAME",
        "own"
    );

    public Command Create()
    {
        var command = new Command(
            "run",
            """
            Measures decode steps: every point of the grid of formats, batches and contexts.

            Each point is checked against a double-precision reference before it is timed. The result goes to standard
            output, the run record to --out.

            Examples:
              gpu-decode-bench run --preset quick
              gpu-decode-bench run --model llama-3.1-8b --weights bf16,int4 --batch 1,8 --context 2048 --price-per-hour 0.40
              gpu-decode-bench run --model config.json --device cuda:0 -o jsonl --columns llama-bench
            """
        );
        command.Options.Add(_model);
        _grid.AddTo(command);
        foreach (
            Option option in (Option[])
                [_device, _layers, _preset, _price, _utilization, _seed, _maxSeconds, _tuning, _out, _format, _columns]
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
        bool asLlamaBench = ReadColumns(parsed);
        DateTimeOffset startedUtc = DateTimeOffset.UtcNow;
        RunRequest request = ReadRequest(parsed);
        EnvironmentInfo environment = EnvironmentCapture.Capture(null);
        using IDecodeDevice device = new DeviceFinder(environment, context.MoreBackends).Open(
            parsed.GetValue(_device)!
        );
        if (device.Description.Backend == EmulatorBackend.BackendName)
        {
            GivenOptions.Refuse(
                parsed,
                $"has no effect on {device.Description.Id}; an emulated step has no time of a device, so it has no cost.",
                _price,
                _utilization
            );
        }

        using ITelemetrySource? telemetry = context.OpenTelemetry(device.Description);
        request = request with
        {
            Tuning = ReadTuning(parsed, request, device),
            Telemetry = telemetry,
            Time = context.Time,
        };
        environment = environment with { CpuThreadsUsed = device.Description.Threads };
        foreach (PointConditions point in request.Points)
        {
            // Refuses what does not fit the model before a folder is made.
            point.Plan(request.Model, device.Activations, request.Layers);
        }

        using RunDirectory directory = RunDirectory.Prepare(
            parsed.GetValue(_out),
            startedUtc,
            device.Description.Id,
            request.Model.Name
        );
        var observer = new ConsoleRunObserver(context.Error, context.ErrorIsTerminal, directory);
        RunOutcome outcome;
        try
        {
            outcome = new BenchmarkRunner(device, environment, observer).Run(request, startedUtc, context.Cancellation);
        }
        finally
        {
            observer.CloseLine();
        }

        return Finish(SaveTrace(outcome, observer, directory), observer, directory, format, asLlamaBench);
    }

    /// <summary>Puts all samples beside the record, so that every figure of energy can be worked out again.</summary>
    private RunOutcome SaveTrace(RunOutcome outcome, ConsoleRunObserver observer, RunDirectory directory)
    {
        if (outcome.Trace is null || observer.WriteFailure is not null)
        {
            return outcome;
        }

        try
        {
            return outcome with { Record = directory.WriteTrace(outcome.Record, outcome.Trace) };
        }
        catch (RecordWriteException exception)
        {
            context.Error.WriteLine($"gpu-decode-bench: {exception.Message}");
            return outcome;
        }
    }

    /// <summary>What was measured is not lost because a folder is full or gone: the measurement may have been paid for by the hour.</summary>
    private void SaveElsewhere(RunRecord record)
    {
        try
        {
            context.Error.WriteLine(
                $"The run record is in {RunDirectory.WriteElsewhere(record)} instead, without a trace."
            );
        }
        catch (RecordWriteException exception)
        {
            context.Error.WriteLine(
                $"gpu-decode-bench: {exception.Message} The record is lost; what is printed is all of it."
            );
        }
    }

    private RunRequest ReadRequest(ParseResult parsed)
    {
        double? price = CommandOptions.ReadPrice(parsed, _price);
        double? utilization = CommandOptions.ReadUtilization(parsed, _utilization);
        return new RunRequest
        {
            Model = ModelCatalogue.Resolve(parsed.GetValue(_model)!),
            Points = _grid.Read(parsed),
            Layers = ArgumentReader.CountOrAuto("--layers", parsed.GetValue(_layers)!),
            Preset = ArgumentReader.Choice(
                "--preset",
                parsed.GetValue(_preset)!,
                MeasurementPreset.All,
                preset => preset.Name
            ),
            MaxSeconds = parsed.GetValue(_maxSeconds) is string seconds
                ? ArgumentReader.Positive("--max-seconds", seconds, 1e6, "seconds")
                : null,
            Seed = ArgumentReader.Seed("--seed", parsed.GetValue(_seed)!),
            Price = PriceArguments.ToRecord(price, utilization),
            Host = context.Host,
            Command = CommandText(parsed),
            Tool = ToolIdentity.Info(),
        };
    }

    private IReadOnlyList<TuningEntry> ReadTuning(ParseResult parsed, RunRequest request, IDecodeDevice device) =>
        parsed.GetValue(_tuning) is string file
            ? RunTuning.Of(RunRecordStore.Read(file), file, request.Tool, device)
            : [];

    private static string CommandText(ParseResult parsed) =>
        string.Join(
            ' ',
            parsed
                .Tokens.Select(token =>
                    token.Value.Contains(' ', StringComparison.Ordinal) ? $"'{token.Value}'" : token.Value
                )
                .Prepend("gpu-decode-bench")
        );

    private bool ReadColumns(ParseResult parsed) =>
        ArgumentReader.Choice("--columns", parsed.GetValue(_columns)!, ["own", LlamaBench], name => name) == LlamaBench;

    private int Finish(
        RunOutcome outcome,
        ConsoleRunObserver observer,
        RunDirectory directory,
        OutputFormat format,
        bool asLlamaBench
    )
    {
        var printer = new ResultPrinter(context);
        if (asLlamaBench)
        {
            printer.LlamaBench(outcome.Record, format);
        }
        else
        {
            printer.Run(outcome.Record, format);
        }

        context.Error.WriteLine(PointTally.Of(outcome.Record));
        if (observer.WriteFailure is null)
        {
            context.Error.WriteLine($"Run record: {directory.RecordPath}");
            if (format == OutputFormat.Table && outcome.Record.Points.Count > 0)
            {
                NextCommands.Write(context.Error, outcome.Record, directory.RecordPath);
            }
        }
        else
        {
            context.Error.WriteLine($"gpu-decode-bench: {observer.WriteFailure.Message}");
            SaveElsewhere(outcome.Record);
        }

        if (outcome.Fault is not null)
        {
            context.Error.WriteLine($"gpu-decode-bench: {outcome.Fault.Message}");
            return outcome.Fault is DeviceUnavailableException ? ExitCodes.Unavailable : ExitCodes.Failed;
        }

        if (outcome.Interrupted)
        {
            return ExitCodes.Interrupted;
        }

        return outcome.FailedChecks.Count > 0 || observer.WriteFailure is not null ? ExitCodes.Failed : ExitCodes.Done;
    }
}
