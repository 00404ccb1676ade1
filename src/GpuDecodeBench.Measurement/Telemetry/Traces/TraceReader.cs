using System.Globalization;
using GpuDecodeBench.Measurement.Telemetry.Recording;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Measurement.Telemetry.Traces;

/// <summary>Reads a trace file. What it cannot be sure of it refuses, with the line and the column in one sentence.</summary>
public sealed class TraceReader
{
    private const long MaxFileBytes = 512L << 20;

    private readonly string _name;
    private readonly Dictionary<string, string> _head = new(StringComparer.Ordinal);
    private readonly List<TelemetrySample> _samples = [];
    private readonly List<TelemetryEvent> _events = [];
    private int _dropped;
    private int _line;

    private TraceReader(string name) => _name = name;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It cannot be read, is truncated, or is no trace of this version.</exception>
    public static TelemetryTrace Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            if (new FileInfo(path).Length > MaxFileBytes)
            {
                throw new InputException(
                    $"{path} is larger than {MaxFileBytes >> 20} MiB, the most that a trace may take."
                );
            }

            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"{path} cannot be read: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    /// <summary>Reads text.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="InputException">It is truncated, or no trace of this version.</exception>
    public static TelemetryTrace Parse(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new TraceReader(name).ParseLines(text.Split('\n'));
    }

    private TelemetryTrace ParseLines(string[] lines)
    {
        if (lines[0].TrimEnd('\r') != TraceColumns.FirstLine)
        {
            throw new InputException(
                $"{_name} is no telemetry trace of this version: line 1 must be \"{TraceColumns.FirstLine}\"."
            );
        }

        bool hasHeader = false;
        long rows = 0;
        for (int i = 1; i < lines.Length; i++)
        {
            _line = i + 1;
            string line = lines[i].TrimEnd('\r');
            if (line.StartsWith(TraceColumns.LastLine, StringComparison.Ordinal))
            {
                return Finish(line, rows, hasHeader);
            }

            if (line.StartsWith('#'))
            {
                ReadHead(line);
            }
            else if (!hasHeader)
            {
                hasHeader = ReadNames(line);
            }
            else if (line.Length > 0)
            {
                ReadRow(line.Split(','));
                rows++;
            }
        }

        throw new InputException(
            $"{_name} is truncated: it has {lines.Length} lines and none begins with \"{TraceColumns.LastLine.TrimEnd()}\", the last line of a whole trace."
        );
    }

    private TelemetryTrace Finish(string line, long rows, bool hasHeader)
    {
        if (!hasHeader || line != $"{TraceColumns.LastLine}{rows.ToString(CultureInfo.InvariantCulture)} rows")
        {
            throw new InputException(
                $"{_name}, line {_line}: \"{line}\" does not fit the {rows} rows before it, so that lines are missing."
            );
        }

        return new TelemetryTrace
        {
            Source = _head.GetValueOrDefault("source", "unknown"),
            Description = _head.GetValueOrDefault("description", ""),
            DeviceName = _head.GetValueOrDefault("device", ""),
            UpdatePeriodSeconds = HeadNumber("updatePeriodSeconds") ?? 0.1,
            Samples = Unwrapped(),
            Events = _events,
            DroppedSamples = _dropped,
        };
    }

    private void ReadHead(string line)
    {
        string[] parts = line[1..].Split(':', 2);
        if (parts.Length == 2)
        {
            _head[parts[0].Trim()] = parts[1].Trim();
        }
    }

    private bool ReadNames(string line) =>
        line == TraceColumns.Header
            ? true
            : throw new InputException($"{_name}, line {_line}: the columns must be {TraceColumns.Header}.");

    private void ReadRow(string[] cells)
    {
        if (cells.Length != TraceColumns.Count)
        {
            throw new InputException(
                $"{_name}, line {_line}: it has {cells.Length} columns, and {TraceColumns.Count} are required."
            );
        }

        double seconds =
            Number(cells[0], "seconds")
            ?? throw new InputException($"{_name}, line {_line}, column seconds: it is empty; a number is required.");
        if (cells[1].Length > 0)
        {
            ReadEvent(seconds, cells);
            return;
        }

        var numbers = new double?[TraceColumns.Numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Number(cells[TraceColumns.LeadingColumns + i], TraceColumns.Numbers[i].Name);
        }

        if (_samples.Count > 0 && seconds <= _samples[^1].Seconds)
        {
            _dropped++;
            return;
        }

        _samples.Add(TraceColumns.ToSample(seconds, numbers, cells[^1].Length > 0 ? cells[^1] : null));
    }

    private void ReadEvent(double seconds, string[] cells)
    {
        if (
            !Enum.TryParse(cells[1], ignoreCase: true, out TelemetryEventKind kind)
            || !Enum.IsDefined(kind)
            || !char.IsAsciiLetterLower(cells[1][0])
        )
        {
            string names = string.Join(
                ", ",
                Enum.GetNames<TelemetryEventKind>().Select(n => char.ToLowerInvariant(n[0]) + n[1..])
            );
            throw new InputException(
                $"{_name}, line {_line}, column event: \"{Shown(cells[1])}\" is no event; one of {names} is required."
            );
        }

        double? count = Number(cells[3], "count");
        _events.Add(new TelemetryEvent(seconds, kind, cells[2].Length > 0 ? cells[2] : null, (long?)count));
    }

    private double? Number(string cell, string column)
    {
        if (cell.Length == 0)
        {
            return null;
        }

        return
            double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value)
            ? value
            : throw new InputException(
                $"{_name}, line {_line}, column {column}: \"{Shown(cell)}\" is no number; a finite number or nothing is required."
            );
    }

    private double? HeadNumber(string key) =>
        !_head.TryGetValue(key, out string? text) ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && value > 0
        && double.IsFinite(value)
            ? value
        : throw new InputException($"{_name}: {key} is \"{Shown(text)}\"; a number above 0 is required.");

    /// <summary>The samples with their counter unwrapped, where the head says at which energy the recorded counter begins again.</summary>
    private List<TelemetrySample> Unwrapped()
    {
        if (HeadNumber("energyRangeJoules") is not double range)
        {
            return _samples;
        }

        double added = 0;
        double? before = null;
        for (int i = 0; i < _samples.Count; i++)
        {
            if (_samples[i].EnergyJoules is double raw)
            {
                added += raw < before ? range : 0;
                before = raw;
                _samples[i] = _samples[i] with { EnergyJoules = raw + added };
            }
        }

        return _samples;
    }

    private static string Shown(string cell) => string.Concat(cell.Take(40).Select(c => char.IsControl(c) ? '?' : c));
}
