using System.CommandLine;
using System.Text.Json;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Cli.Wiring;
using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>devices</c>: what was found, and why the rest is not available.</summary>
internal sealed class DevicesCommand(CommandContext context)
{
    private readonly Option<string> _format = CommandOptions.Format();

    public Command Create()
    {
        var command = new Command(
            "devices",
            """
            Shows the devices of this machine, why others are not available, and what can be read of them while they work
            (power, clocks, temperature); -o json or csv says of every quantity how, or why not.

            Examples:
              gpu-decode-bench devices
              gpu-decode-bench devices -o json
            """
        );
        command.Options.Add(_format);
        command.SetAction(parsed =>
        {
            OutputFormat format = CommandOptions.ReadFormat(parsed, _format);
            IReadOnlyList<DeviceDescription> devices = new DeviceFinder(
                EnvironmentCapture.Capture(null),
                context.MoreBackends
            ).All();
            DeviceRow[] rows = [.. devices.Select(ToRow)];
            var table = DeviceTable.From(rows);
            new ResultPrinter(context).Tables(
                format is OutputFormat.Json or OutputFormat.Jsonl or OutputFormat.Csv
                    ? [table, TelemetryTable.From([.. rows.SelectMany(row => row.Telemetry)])]
                    : [table],
                format
            );
            return ExitCodes.Done;
        });
        return command;
    }

    private static string? ThreadText(int? threads) =>
        threads switch
        {
            null => null,
            1 => "1 thread",
            _ => $"{threads} threads",
        };

    private static DeviceRow ToRow(DeviceDescription device)
    {
        string details = string.Join(", ", new[] { ThreadText(device.Threads), device.Detail }.OfType<string>());
        return new DeviceRow(
            device.Id,
            details.Length == 0 ? device.Name : $"{device.Name} ({details})",
            device.Backend,
            device.MemoryBytes,
            device.LastLevelCacheBytes,
            device.UnavailableReason
        )
        {
            Telemetry = device.IsAvailable && device.IsForMeasuring ? TelemetryOf(device) : [],
        };
    }

    private static TelemetryRow[] TelemetryOf(DeviceDescription device)
    {
        using ITelemetrySource source = TelemetrySources.Open(device);
        return
        [
            .. source.Capabilities.Select(capability => new TelemetryRow(
                device.Id,
                source.Name,
                JsonNamingPolicy.CamelCase.ConvertName(capability.Quantity.ToString()),
                capability.Method,
                capability.ReasonCode,
                capability.Detail
            )),
        ];
    }
}
