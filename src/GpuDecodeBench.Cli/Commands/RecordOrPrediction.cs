using System.CommandLine;
using System.CommandLine.Parsing;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>
/// The things that <c>roofline</c> and <c>cost</c> work on: run records; a model on hardware of the catalogue that was not measured;
/// or a model on hardware that was, by a calibration on its records.
/// </summary>
internal sealed class RecordOrPrediction
{
    private readonly RecordFiles _from = new("--from", "a run record, or several of one device");

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

    private readonly RecordFiles _calibratedFrom = new(
        "--calibrated-from",
        "with --model, instead of --gpu: run records of a device, which predict steps on it that were not measured"
    );

    private readonly Option<string?> _layers = CommandOptions.Text(
        "--layers",
        "with --calibrated-from: layers to run (default: all)",
        "N"
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
        command.Options.Add(_from.Option);
        command.Options.Add(_model);
        command.Options.Add(_gpu);
        command.Options.Add(_calibratedFrom.Option);
        command.Options.Add(_layers);
        command.Options.Add(_tensorParallel);
        _grid.AddTo(command);
    }

    /// <summary>The records of --from; empty where a prediction is asked for.</summary>
    public IReadOnlyList<RunRecord> ReadRecords(ParseResult parsed)
    {
        bool calibrates = _calibratedFrom.IsGiven(parsed);
        bool predicts = parsed.GetValue(_model) is not null || parsed.GetValue(_gpu) is not null || calibrates;
        if (!_from.IsGiven(parsed))
        {
            CheckValues(parsed);
        }

        if (_from.IsGiven(parsed) == predicts)
        {
            throw new InputException(
                predicts
                    ? "--from cannot be given together with --model, --gpu or --calibrated-from; a record says itself what was measured."
                    : "Give either --from with a run record, or --model and --gpu, or --model and --calibrated-from, for a prediction."
            );
        }

        if (!predicts && _grid.Given(parsed) is string given)
        {
            throw new InputException(
                $"{given} cannot be given together with --from; a record has the points that it has, and all of them are shown."
            );
        }

        if (!calibrates && parsed.GetValue(_layers) is not null)
        {
            throw new InputException(
                "--layers needs --calibrated-from; records and the roofline are of the layers they say."
            );
        }

        IReadOnlyList<RunRecord> records = _from.Read(parsed);
        return records.Count > 0 && records.All(record => record.Points.Count == 0)
            ? throw new InputException(
                $"--from has no point to show: {(records.Count == 1 ? "the record" : "each record")} is of a run that ended before its first one."
            )
            : records;
    }

    /// <summary>What is given is looked at before what is missing is asked for, which may not be what somebody mistyped.</summary>
    private void CheckValues(ParseResult parsed)
    {
        _ = parsed.GetValue(_model) is string model ? ModelCatalogue.Resolve(model) : null;
        _ = parsed.GetValue(_gpu) is string gpu ? CommandOptions.ReadHardware("--gpu", gpu) : null;
        _ = ArgumentReader.Counts("--tensor-parallel", parsed.GetValue(_tensorParallel)!);
        _ = _grid.Read(parsed);
    }

    /// <summary>Refuses a number of devices where points are shown as they were measured.</summary>
    public void RefuseDegreesOfRecords(ParseResult parsed) =>
        GivenOptions.Refuse(
            parsed,
            "has no effect on the roofline of a record, which is of the step that was measured; cost --from carries points over to several devices.",
            _tensorParallel
        );

    /// <summary>The record of --from; null where a prediction is asked for.</summary>
    public RunRecord? ReadRecord(ParseResult parsed)
    {
        IReadOnlyList<RunRecord> records = ReadRecords(parsed);
        return records.Count > 1
                ? throw new InputException(
                    $"--from names {records.Count} records, and one is priced at a time; give one, or --calibrated-from with --model for all of them together."
                )
            : records is [RunRecord only] ? only
            : null;
    }

    /// <summary>Whether predictions are to be made by a calibration.</summary>
    public bool IsCalibrated(ParseResult parsed) => _calibratedFrom.IsGiven(parsed);

    /// <summary>The predictions of the grid by a calibration.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="wholeModel">Whether only all layers together will do.</param>
    public IReadOnlyList<CalibratedPrediction> ReadCalibrated(ParseResult parsed, bool wholeModel)
    {
        if (parsed.GetValue(_gpu) is not null)
        {
            throw new InputException(
                "--gpu cannot be given together with --calibrated-from; the records say which device it is."
            );
        }

        string model =
            parsed.GetValue(_model)
            ?? throw new InputException(
                "--calibrated-from needs --model; give a model that models lists, or a config.json."
            );
        if (ArgumentReader.Counts("--tensor-parallel", parsed.GetValue(_tensorParallel)!) is not [1])
        {
            throw new InputException(
                $"--tensor-parallel '{parsed.GetValue(_tensorParallel)}' cannot be given together with --calibrated-from; what a link between devices takes was not measured, so only 1 is accepted."
            );
        }

        int? layers = parsed.GetValue(_layers) is string text ? ArgumentReader.CountOrAuto("--layers", text) : null;
        ModelShape shape = ModelCatalogue.Resolve(model);
        if (wholeModel && layers is int some && some != shape.Layers.Length)
        {
            throw new InputException(
                $"--layers {some} is not accepted here; tokens cost what all {shape.Layers.Length} layers of {shape.Name} take."
            );
        }

        IReadOnlyList<PointConditions> points = _grid.Read(parsed);
        var report = CalibrationReport.Of(CalibrationSet.Of(_calibratedFrom.Read(parsed)));
        return
        [
            .. points.Select(point =>
                CalibratedPrediction.Of(
                    report,
                    shape,
                    PredictionGrid.FormatsOf(point),
                    point.Batch,
                    point.ContextTokens,
                    point.KvBlockTokens,
                    layers
                )
            ),
        ];
    }

    /// <summary>The predictions of the grid.</summary>
    public PredictionGrid ReadPredictions(ParseResult parsed)
    {
        string model =
            parsed.GetValue(_model)
            ?? throw new InputException("--gpu needs --model; give a model that models lists, or a config.json.");
        string gpu =
            parsed.GetValue(_gpu)
            ?? throw new InputException(
                $"--model needs --gpu or --calibrated-from; give a run record of the device, or one of {string.Join(", ", HardwareCatalogue.All.Select(entry => entry.Name))}."
            );
        ModelShape shape = ModelCatalogue.Resolve(model);
        IReadOnlyList<HardwareEntry> hardware = CommandOptions.ReadHardware("--gpu", gpu);
        IReadOnlyList<int> degrees = ArgumentReader.Counts("--tensor-parallel", parsed.GetValue(_tensorParallel)!);
        IReadOnlyList<PointConditions> grid = _grid.Read(parsed);
        long points = (long)grid.Count * degrees.Count * hardware.Count;
        return points > ArgumentReader.LargestGrid
            ? throw new InputException(
                $"The lists span a grid of {points} points; at most {ArgumentReader.LargestGrid} are accepted."
            )
            : PredictionGrid.Of(shape, grid, degrees, hardware);
    }

    /// <summary>The tensor-parallel degrees that a record is to be carried over to; null where none were given.</summary>
    public IReadOnlyList<int>? ReadDegrees(ParseResult parsed) =>
        GivenOptions.IsGiven(parsed, _tensorParallel)
            ? ArgumentReader.Counts("--tensor-parallel", parsed.GetValue(_tensorParallel)!)
            : null;
}
