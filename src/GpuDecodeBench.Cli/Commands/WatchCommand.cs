using System.CommandLine;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Cli.Wiring;
using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Traces;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>watch</c>: a device's power, clocks and temperature while anything runs on it.</summary>
internal sealed class WatchCommand(CommandContext context)
{
    // No sensor tells anything new sooner: NVML's are read anew every 20 ms to 100 ms.
    private const double ShortestInterval = 0.01;
    private const double LongestInterval = 3600;
    private const double LongestSeconds = 30 * 24 * 3600;

    private readonly Option<string> _device = CommandOptions.Text(
        "--device",
        "auto for the best device found, or a name that devices shows",
        "NAME",
        "auto"
    );

    private readonly Option<string> _interval = CommandOptions.Text("--interval", "seconds between readings", "S", "1");
    private readonly Option<string?> _seconds = CommandOptions.Text(
        "--seconds",
        "how long to watch (default: until Ctrl-C)",
        "S"
    );

    private readonly Option<string?> _trace = CommandOptions.Text(
        "--trace",
        "a file that keeps every reading as CSV; must not exist",
        "FILE"
    );

    public Command Create()
    {
        var command = new Command(
            "watch",
            """
            Shows power, clocks, temperatures, utilisation and the reasons for lowered clocks of a device while anything runs on
            it. It opens the sensors alone and does not use the device. On a terminal the figures are rewritten in place;
            elsewhere each reading is a line of comma-separated values.

            Examples:
              gpu-decode-bench watch --device cuda:0
              gpu-decode-bench watch --interval 0.1 --seconds 60 --trace power.csv
            """
        );
        command.Options.Add(_device);
        command.Options.Add(_interval);
        command.Options.Add(_seconds);
        command.Options.Add(_trace);
        command.SetAction(Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        double interval = ArgumentReader.Between(
            "--interval",
            parsed.GetValue(_interval)!,
            ShortestInterval,
            LongestInterval,
            "seconds"
        );
        double? seconds = parsed.GetValue(_seconds) is string text
            ? ArgumentReader.Positive("--seconds", text, LongestSeconds, "seconds")
            : null;
        DeviceDescription device = new DeviceFinder(EnvironmentCapture.Capture(null), context.MoreBackends).Find(
            parsed.GetValue(_device)!
        );
        using ITelemetrySource telemetry =
            context.OpenTelemetry(device)
            ?? throw new DeviceUnavailableException(
                $"No sensors of {device.Id} ({device.Name}) can be read, so there is nothing to watch."
            );
        if (
            telemetry.Capabilities is [TelemetryCapability first, ..]
            && telemetry.Capabilities.All(one => !one.IsAvailable)
        )
        {
            throw new DeviceUnavailableException(
                $"No sensors of {device.Id} ({device.Name}) can be read: {first.Detail ?? first.ReasonCode}"
            );
        }

        double start = TelemetryClock.NowSeconds;
        using TraceWriter? trace = parsed.GetValue(_trace) is string path ? OpenTrace(path, device, telemetry) : null;
        long readings = seconds is double limit ? (long)Math.Ceiling(limit / interval) : long.MaxValue;
        var view = new WatchView(context, device, telemetry);
        view.Run(start, next => Watch(telemetry, trace, readings, interval, next));
        return ExitCodes.Done;
    }

    private static TraceWriter OpenTrace(string path, DeviceDescription device, ITelemetrySource telemetry) =>
        new(
            new StreamWriter(CreateTrace(path)) { AutoFlush = true },
            telemetry.Name,
            telemetry.Description,
            device.Name,
            telemetry.UpdatePeriodSeconds
        );

    /// <summary>A new file. What goes wrong in writing it, a full disk, is not the argument's fault.</summary>
    private static FileStream CreateTrace(string path)
    {
        if (path.Length == 0)
        {
            throw new InputException("--trace is empty; give a file that does not exist yet.");
        }

        try
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            string accepted = File.Exists(path)
                ? "Give a file that does not exist yet."
                : "Give a file in a folder that exists and may be written to.";
            throw new InputException($"--trace {path} cannot be made: {exception.Message} {accepted}", exception);
        }
    }

    /// <summary>Reads at the interval, until there were enough readings or somebody interrupts, which is the usual end.</summary>
    private void Watch(
        ITelemetrySource telemetry,
        TraceWriter? trace,
        long readings,
        double interval,
        Action<TelemetrySample> next
    )
    {
        for (long i = 0; i < readings && !context.Cancellation.IsCancellationRequested; i++)
        {
            if (i > 0)
            {
                Pause(TimeSpan.FromSeconds(interval));
                if (context.Cancellation.IsCancellationRequested)
                {
                    return;
                }
            }

            TelemetrySample sample = telemetry.Read();
            trace?.Add(sample);
            next(sample);
        }
    }

    private void Pause(TimeSpan time)
    {
        if (context.Pause is Action<TimeSpan> pause)
        {
            pause(time);
        }
        else
        {
            context.Cancellation.WaitHandle.WaitOne(time);
        }
    }
}
