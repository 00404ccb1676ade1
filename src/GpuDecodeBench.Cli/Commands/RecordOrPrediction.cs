using System.CommandLine;
using System.CommandLine.Parsing;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>
/// The two things that <c>roofline</c> and <c>cost</c> work on: a run record, or a model on hardware of the catalogue that was
/// not measured.
/// </summary>
internal sealed class RecordOrPrediction
{
    private readonly Option<string?> _from = CommandOptions.Text("--from", "a run record", "FILE");

    private readonly Option<string?> _model = CommandOptions.Text(
        "--model",
        "instead of a record: a model of the catalogue, or the path of a config.json",
        "NAME|FILE"
    );

    private readonly Option<string?> _gpu = CommandOptions.Text(
        "--gpu",
        "with --model: hardware of the catalogue, for example h200, or several",
        "NAME,…"
    );

    private readonly Option<string> _tensorParallel = CommandOptions.Text(
        "--tensor-parallel",
        "devices that share each layer; with a record of one device it is carried over to as many",
        "N,…",
        "1"
    );

    private readonly GridOptions _grid = new("bf16");

    public void AddTo(Command command)
    {
        command.Options.Add(_from);
        command.Options.Add(_model);
        command.Options.Add(_gpu);
        command.Options.Add(_tensorParallel);
        _grid.AddTo(command);
    }

    /// <summary>The record; null where a prediction is asked for.</summary>
    public RunRecord? ReadRecord(ParseResult parsed)
    {
        string? from = parsed.GetValue(_from);
        bool predicts = parsed.GetValue(_model) is not null || parsed.GetValue(_gpu) is not null;
        if (from is null == !predicts)
        {
            throw new InputException(
                from is null
                    ? "Give either --from with a run record, or --model and --gpu for a prediction."
                    : "--from cannot be given together with --model or --gpu; a record says itself what was measured."
            );
        }

        return from is null ? null : RunRecordStore.Read(from);
    }

    /// <summary>The predictions of the grid.</summary>
    public IReadOnlyList<RooflinePrediction> ReadPredictions(ParseResult parsed)
    {
        string model =
            parsed.GetValue(_model)
            ?? throw new InputException("--gpu needs --model; give a model that models lists, or a config.json.");
        string gpu =
            parsed.GetValue(_gpu)
            ?? throw new InputException(
                $"--model needs --gpu; give one of {string.Join(", ", HardwareCatalogue.All.Select(entry => entry.Name))}."
            );
        ModelShape shape = ModelCatalogue.Resolve(model);
        HardwareEntry[] hardware = [.. gpu.Split(',').Select(HardwareCatalogue.Find)];
        if (hardware.GroupBy(entry => entry.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InputException($"--gpu '{gpu}' names {twice.Key} twice; give each once.");
        }

        IReadOnlyList<int> degrees = ArgumentReader.Counts("--tensor-parallel", parsed.GetValue(_tensorParallel)!);
        IReadOnlyList<PointConditions> grid = _grid.Read(parsed);
        long points = (long)grid.Count * degrees.Count * hardware.Length;
        return points > ArgumentReader.LargestGrid
            ? throw new InputException(
                $"The lists span a grid of {points} points; at most {ArgumentReader.LargestGrid} are accepted."
            )
            :
            [
                .. from point in grid
                from degree in degrees
                let plan = Plan(shape, point, degree)
                from entry in hardware
                select RooflinePrediction.Of(plan, entry),
            ];
    }

    /// <summary>The tensor-parallel degrees that a record is to be carried over to; null where none were given.</summary>
    public IReadOnlyList<int>? ReadDegrees(ParseResult parsed) =>
        parsed.GetResult(_tensorParallel) is { Implicit: false }
            ? ArgumentReader.Counts("--tensor-parallel", parsed.GetValue(_tensorParallel)!)
            : null;

    private static DecodeStepPlan Plan(ModelShape model, PointConditions point, int tensorParallel) =>
        DecodeStepPlan.Create(
            Reaching(model, point.ContextTokens),
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = point.Weights,
                    LmHead = point.LmHead,
                    Kv = point.Kv,
                    Activations = ActivationFormat.Bf16,
                },
                point.Batch,
                point.ContextTokens,
                tensorParallel
            )
        );

    /// <summary>
    /// The model for a context, however long: bytes and operations can be counted beyond what it is made for, and its name says so.
    /// </summary>
    private static ModelShape Reaching(ModelShape model, int contextTokens) =>
        contextTokens <= model.MaxContextTokens
            ? model
            : model with
            {
                Name = $"{model.Name} beyond its {model.MaxContextTokens} tokens",
                MaxContextTokens = contextTokens,
            };
}
