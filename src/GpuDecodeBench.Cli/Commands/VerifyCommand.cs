using System.CommandLine;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Greedy;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Cli.Wiring;
using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>verify</c>: a device's results against the reference, all of them.</summary>
internal sealed class VerifyCommand(CommandContext context)
{
    private readonly Option<string> _model = CommandOptions.Text(
        "--model",
        "a model of the catalogue (see models), or the path of a Hugging Face config.json",
        "NAME|FILE",
        "tiny"
    );

    private readonly GridOptions _grid = new(FormatNames.WeightNames.Replace(" ", "", StringComparison.Ordinal));

    private readonly Option<string> _device = CommandOptions.Text(
        "--device",
        "auto for the best device found, or a name that devices shows",
        "NAME",
        "auto"
    );

    private readonly Option<string> _layers = CommandOptions.Text(
        "--layers",
        "layers to run; auto takes as many as memory allows",
        "N|auto",
        "2"
    );

    private readonly Option<string?> _seed = CommandOptions.Text(
        "--seed",
        "the seed of all data (default: another one each time; it is printed)",
        "N"
    );

    private readonly DumpOptions _dump = new();
    private readonly Option<string> _format = CommandOptions.Format();

    public Command Create()
    {
        var command = new Command(
            "verify",
            """
            Checks a device's results against the double-precision reference: every element of every operation, given the very
            values that the device computed before it, with outputs poisoned first; then the whole step from end to end.

            With --dump, other software can repeat the computation: the folder receives config.json and model.safetensors, a
            checkpoint as on the Hugging Face Hub, and steps.safetensors, the device's tokens and logits of a greedy run from an
            empty cache, every step of it checked as above. See benchmarks/README.md.

            On the emulator every byte is counted: a second table has what the kernels read of weights and KV beside the plan.

            Exit code 1 if anything is off.

            Examples:
              gpu-decode-bench verify --model llama-3.2-1b --layers 1 --kv bf16,fp8,int8 --batch 3 --context 100
              gpu-decode-bench verify --model tiny --layers 4 --weights int4 --dump checkpoint --dump-steps 16
            """
        );
        command.Options.Add(_model);
        _grid.AddTo(command);
        command.Options.Add(_device);
        command.Options.Add(_layers);
        command.Options.Add(_seed);
        _dump.AddTo(command);
        command.Options.Add(_format);
        command.SetAction(Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        OutputFormat format = CommandOptions.ReadFormat(parsed, _format);
        ModelShape model = ModelCatalogue.Resolve(parsed.GetValue(_model)!);
        IReadOnlyList<PointConditions> points = _grid.Read(parsed);
        (string Directory, int Steps)? dump = _dump.Read(parsed, model, points);
        int? layers = ArgumentReader.CountOrAuto("--layers", parsed.GetValue(_layers)!);
        ulong seed = parsed.GetValue(_seed) is string text
            ? ArgumentReader.Seed("--seed", text)
            : (ulong)Random.Shared.NextInt64();
        using IDecodeDevice device = new DeviceFinder(EnvironmentCapture.Capture(null), context.MoreBackends).Open(
            parsed.GetValue(_device)!
        );
        if (device.Description.OtherKernels is OtherKernels other)
        {
            context.Error.WriteLine(other);
        }

        var planner = new RunPlanner(
            model,
            device.Activations,
            device.AvailableBytes,
            device.Description.LastLevelCacheBytes
        );
        // One at a time: nothing is compared by speed here.
        RunGroup[] groups = [.. points.Select(point => planner.Plan([point], layers).Single())];
        GreedyDump? writer = dump is var (folder, steps) ? PrepareDump(groups, folder, steps) : null;
        var rows = new List<VerificationRow>();
        var traffic = new List<TrafficRow>();
        foreach (RunGroup group in groups)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            context.Error.WriteLine($"verifying {group.Points[0].Label}, {group.Plans[0].Layers} layers");
            rows.AddRange(Verify(device, group, seed, writer, traffic));
        }

        ResultTable results = VerificationTable.From(model.Name, device.Description.NameWithKernels, seed, rows);
        ResultTable[] tables =
            traffic.Count == 0 ? [results] : [results, VerifiedTraffic.Table(model, device.Description, traffic)];
        new ResultPrinter(context).Tables(tables, format);
        return rows.All(row => row.Passed) && traffic.All(row => row.Passed) ? ExitCodes.Done : ExitCodes.Failed;
    }

    private GreedyDump PrepareDump(RunGroup[] groups, string folder, int steps)
    {
        // Refuses a model that cannot be written before a folder is made or weights are.
        _ = new HuggingFaceCheckpoint(groups[0].Plans[0]);
        return new GreedyDump(context, DumpDirectory.Prepare(folder), steps);
    }

    private List<VerificationRow> Verify(
        IDecodeDevice device,
        RunGroup group,
        ulong seed,
        GreedyDump? dump,
        List<TrafficRow> traffic
    )
    {
        PointConditions point = group.Points[0];
        DecodeStepPlan plan = group.Plans[0];
        using IDeviceModel model = device.LoadModel(plan, seed, null, context.Cancellation);
        List<OperationCheck> checks = CheckStep(model, plan, point, traffic);
        List<VerificationRow> rows = [.. checks.Select(check => Row(point, point.ContextTokens, check))];
        if (dump is null)
        {
            return rows;
        }

        if (checks.Any(check => !check.Passed))
        {
            context.Error.WriteLine("no dump was written: the step failed its check");
            return rows;
        }

        foreach ((GreedyStep step, OperationCheck worst) in dump.Write(model, plan, device.Description.NameWithKernels))
        {
            // One row a step, with the operation that came nearest to its bound.
            OperationCheck shown = worst with
            {
                Name = $"greedy step {step.Position}: {worst.Name}",
                Elements = step.Check.Operations.Sum(check => check.Elements),
                Failure = worst.Failure is null ? null : $"greedy step {step.Position}: {worst.Failure}",
            };
            rows.Add(Row(point, step.Position + 1, shown));
        }

        return rows;
    }

    private List<OperationCheck> CheckStep(
        IDeviceModel model,
        DecodeStepPlan plan,
        PointConditions point,
        List<TrafficRow> traffic
    )
    {
        using IDecodeSession session = model.OpenSession(plan, context.Cancellation);
        StepCheckResult result = TimedStepChecker.Check(session, CheckSelection.Everything);
        traffic.AddRange(VerifiedTraffic.Rows(point, session.Traffic));
        return [.. result.Operations, WholeStepChecker.Check(session)];
    }

    private static VerificationRow Row(PointConditions point, int contextTokens, OperationCheck check) =>
        new(
            point.Weights.Name(),
            point.Kv.Name(),
            point.Batch,
            contextTokens,
            check.Name,
            check.Elements,
            check.WorstRelativeError,
            check.Bound,
            check.Failure
        );
}
