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
        "with --model: hardware of the catalogue, for example h200",
        "NAME"
    );

    private readonly Option<string> _tensorParallel = CommandOptions.Text(
        "--tensor-parallel",
        "with --model: devices that share each layer",
        "N",
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
        HardwareEntry hardware = HardwareCatalogue.Find(gpu);
        IReadOnlyList<int> degrees = ArgumentReader.Counts("--tensor-parallel", parsed.GetValue(_tensorParallel)!);
        return
        [
            .. from point in _grid.Read(parsed)
            from degree in degrees
            select RooflinePrediction.Of(Plan(shape, point, degree), hardware),
        ];
    }

    private static DecodeStepPlan Plan(ModelShape model, PointConditions point, int tensorParallel) =>
        DecodeStepPlan.Create(
            model,
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
}
