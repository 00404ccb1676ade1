using GpuDecodeBench.Backends;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>A run's tuning: its time shared out among the points, what an earlier run found, and what goes into the record.</summary>
public sealed class RunTuning
{
    private readonly ITunableDevice? _device;
    private readonly double _limitSeconds;
    private int _pointsLeft;

    internal RunTuning(IDecodeDevice device, RunRequest request)
    {
        _device = device as ITunableDevice;
        _limitSeconds = Math.Min(
            request.Preset.TuningSecondsFor(request.Points.Count),
            request.MaxSeconds ?? double.MaxValue
        );
        _pointsLeft = request.Points.Count;
        _device?.UseTuning(request.Tuning);
    }

    /// <summary>What an earlier run found, for a run of the same program on the same device.</summary>
    /// <param name="record">The earlier run's record.</param>
    /// <param name="name">Where it is from, for messages.</param>
    /// <param name="tool">The program.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="InputException">It is of another device or version, or has no tuning.</exception>
    public static IReadOnlyList<TuningEntry> Of(RunRecord record, string name, ToolInfo tool, IDecodeDevice device)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(tool);
        ArgumentNullException.ThrowIfNull(device);
        if (device is not ITunableDevice)
        {
            throw new InputException($"--tuning has no meaning on {device.Description.Id}, which has nothing to tune.");
        }

        if (record.Tuning is not TuningRecord tuning)
        {
            throw new InputException($"--tuning '{name}' has no tuning; give the run.json of a run on a GPU.");
        }

        if (record.Device.Name != device.Description.Name)
        {
            throw new InputException(
                $"--tuning '{name}' is of {record.Device.Name}; a record of {device.Description.Name} is required."
            );
        }

        string version = RunKernels.Tool(tool, device.Description).Version;
        if (record.Tool.Version != version)
        {
            throw new InputException(
                $"--tuning '{name}' is of version {record.Tool.Version}, whose kernels may be others; a record of version {version} is required."
            );
        }

        return [.. tuning.Shapes.Select(Entry)];
    }

    /// <summary>Gives the next point's session its share of the time that is left.</summary>
    internal void BeforeSession()
    {
        if (_device is not null)
        {
            double left = Math.Max(0, _limitSeconds - _device.Tuning.Seconds);
            _device.TuningLimit = TimeSpan.FromSeconds(left / Math.Max(1, _pointsLeft));
            _pointsLeft--;
        }
    }

    /// <summary>What was found so far; null where nothing was tried or reused.</summary>
    internal TuningRecord? Record()
    {
        if (_device?.Tuning is not TuningReport report || (report.Entries.Count == 0 && !report.EndedByLimit))
        {
            return null;
        }

        return new TuningRecord
        {
            Seconds = report.Seconds,
            EndedByLimit = report.EndedByLimit,
            Shapes = [.. report.Entries.Select(Shape)],
        };
    }

    /// <summary>What of the earlier run could not be used, one sentence each.</summary>
    internal IEnumerable<string> Notes() =>
        (_device?.Tuning.Ignored ?? []).Select(entry =>
            $"The given tuning of {entry.Operation} {entry.Shape} was ignored: \"{entry.Choice}\" is no way to launch it here."
        );

    private static TuningEntry Entry(TunedShape shape) =>
        new()
        {
            Operation = shape.Operation,
            Shape = shape.Shape,
            Guess = shape.Guess,
            Choice = shape.Choice,
            GuessSeconds = shape.GuessSeconds,
            ChosenSeconds = shape.ChosenSeconds,
            CandidatesTried = shape.CandidatesTried,
        };

    private static TunedShape Shape(TuningEntry entry) =>
        new()
        {
            Operation = entry.Operation,
            Shape = entry.Shape,
            Guess = entry.Guess,
            Choice = entry.Choice,
            GuessSeconds = entry.GuessSeconds,
            ChosenSeconds = entry.ChosenSeconds,
            CandidatesTried = entry.CandidatesTried,
            Reused = entry.Reused,
        };
}
