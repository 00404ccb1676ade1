using System.Globalization;
using System.Text;
using GpuDecodeBench.Measurement.Telemetry.Recording;

namespace GpuDecodeBench.Measurement.Telemetry.Traces;

/// <summary>Writes a trace file row by row, so that it can grow while a run goes on. The last line says that it is complete.</summary>
public sealed class TraceWriter : IDisposable
{
    private readonly TextWriter _writer;
    private readonly StringBuilder _line = new();
    private long _rows;
    private bool _isClosed;

    /// <summary>Begins a trace.</summary>
    /// <param name="writer">Where it goes; it is disposed with the trace.</param>
    /// <param name="source">The source's name.</param>
    /// <param name="description">What the source reads.</param>
    /// <param name="deviceName">The device's name.</param>
    /// <param name="updatePeriodSeconds">How often the sensors have something new, in seconds.</param>
    public TraceWriter(
        TextWriter writer,
        string source,
        string description,
        string deviceName,
        double updatePeriodSeconds
    )
    {
        ArgumentNullException.ThrowIfNull(writer);
        _writer = writer;
        _writer.Write(TraceColumns.FirstLine + "\n");
        _writer.Write($"# source: {Plain(source)}\n");
        _writer.Write($"# description: {Plain(description)}\n");
        _writer.Write($"# device: {Plain(deviceName)}\n");
        _writer.Write($"# updatePeriodSeconds: {Number(updatePeriodSeconds)}\n");
        _writer.Write(TraceColumns.Header + "\n");
    }

    /// <summary>Writes a whole trace to a file, samples and events in the order of their times.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(TelemetryTrace trace, string path)
    {
        ArgumentNullException.ThrowIfNull(trace);
        using var writer = new TraceWriter(
            new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)),
            trace.Source,
            trace.Description,
            trace.DeviceName,
            trace.UpdatePeriodSeconds
        );
        writer.AddAll(trace);
    }

    /// <summary>Adds a trace's samples and events in the order of their times.</summary>
    public void AddAll(TelemetryTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        int next = 0;
        foreach (TelemetrySample sample in trace.Samples)
        {
            for (; next < trace.Events.Count && trace.Events[next].Seconds <= sample.Seconds; next++)
            {
                Add(trace.Events[next]);
            }

            Add(sample);
        }

        foreach (TelemetryEvent rest in trace.Events.Skip(next))
        {
            Add(rest);
        }
    }

    /// <summary>Adds a sample.</summary>
    public void Add(in TelemetrySample sample)
    {
        Begin(sample.Seconds);
        _line.Append(",,,");
        foreach ((_, Func<TelemetrySample, double?> value) in TraceColumns.Numbers)
        {
            _line.Append(',');
            if (value(sample) is double number)
            {
                _line.Append(Number(number));
            }
        }

        _line.Append(',').Append(Plain(sample.FailureCode ?? ""));
        End();
    }

    /// <summary>Adds an event.</summary>
    public void Add(TelemetryEvent one)
    {
        ArgumentNullException.ThrowIfNull(one);
        Begin(one.Seconds);
        string kind = one.Kind.ToString();
        _line.Append(',').Append(char.ToLowerInvariant(kind[0])).Append(kind, 1, kind.Length - 1);
        _line.Append(',').Append(Plain(one.Label ?? ""));
        _line.Append(',').Append(one.Count?.ToString(CultureInfo.InvariantCulture));
        _line.Append(',', TraceColumns.Count - TraceColumns.LeadingColumns);
        End();
    }

    /// <summary>Writes the last line and closes the file.</summary>
    public void Dispose()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _writer.Write($"{TraceColumns.LastLine}{_rows.ToString(CultureInfo.InvariantCulture)} rows\n");
            _writer.Dispose();
        }
    }

    private void Begin(double seconds) => _line.Clear().Append(Number(seconds));

    private void End()
    {
        _writer.Write(_line.Append('\n'));
        _rows++;
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Text that needs no quotes: commas become semicolons, control characters spaces.</summary>
    private static string Plain(string text) =>
        string.Concat(
            text.Select(c =>
                c is ',' ? ';'
                : char.IsControl(c) || c is '"' ? ' '
                : c
            )
        );
}
