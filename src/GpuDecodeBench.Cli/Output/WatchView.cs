using System.Globalization;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Rendering;
using Spectre.Console;

namespace GpuDecodeBench.Cli.Output;

/// <summary>Shows readings as they come: a table that is rewritten on a terminal, lines of CSV elsewhere.</summary>
internal sealed class WatchView(CommandContext context, DeviceDescription device, ITelemetrySource telemetry)
{
    /// <summary>Shows what is read until the reader returns.</summary>
    /// <param name="startSeconds">The moment that counts as 0.</param>
    /// <param name="read">Reads, and hands each sample over.</param>
    public void Run(double startSeconds, Action<Action<TelemetrySample>> read)
    {
        context.Error.WriteLine(
            SafeText.OneLine(
                $"watching {device.Id} ({device.Name}): {telemetry.Description.TrimEnd('.')}; Ctrl-C ends it"
            )
        );
        if (!context.OutputIsTerminal)
        {
            var lines = new TelemetryLines(context.Output, startSeconds);
            read(sample =>
            {
                lines.Write(sample);
                context.Output.Flush();
            });
            return;
        }

        TelemetrySample? first = null;
        AnsiConsole
            .Live(new Text(""))
            .Start(live =>
                read(sample =>
                {
                    first ??= sample;
                    live.UpdateTarget(Build(Rows(sample, first.Value, startSeconds)));
                })
            );
    }

    /// <summary>What a reading says, by name; what is not told is a dash.</summary>
    private static IEnumerable<(string Name, string Value)> Rows(
        TelemetrySample sample,
        TelemetrySample first,
        double startSeconds
    )
    {
        yield return ("Time", Text(sample.Seconds - startSeconds, "0.0 s"));
        yield return ("Power", Text(sample.PowerInstantWatts, "0.0 W"));
        yield return ("Power, averaged", Text(sample.PowerAverageWatts, "0.0 W"));
        yield return ("Energy so far", Text(sample.EnergyJoules - first.EnergyJoules, "#,0 J"));
        yield return ("Core clock", Text(sample.CoreClockHz / 1e6, "0 MHz"));
        yield return ("Memory clock", Text(sample.MemoryClockHz / 1e6, "0 MHz"));
        yield return ("Temperature", Text(sample.TemperatureCelsius, "0 °C"));
        yield return ("Memory temperature", Text(sample.MemoryTemperatureCelsius, "0 °C"));
        yield return ("Cores busy", Text(sample.CoreUtilization * 100, "0 '%'"));
        yield return ("Memory busy", Text(sample.MemoryUtilization * 100, "0 '%'"));
        yield return ("Clocks lowered by", Reasons(sample.ThrottleReasons));
        if (sample.FailureCode is string code)
        {
            yield return ("Missing now", code);
        }
    }

    private static string Reasons(ThrottleReasons? reasons) =>
        reasons switch
        {
            null => ResultCell.Dash,
            ThrottleReasons.None => "nothing",
            ThrottleReasons known => ReasonWords.OfAll(
                Enum.GetValues<ThrottleReasons>()
                    .Where(reason => reason != ThrottleReasons.None && known.HasFlag(reason))
                    .Select(reason => char.ToLowerInvariant($"{reason}"[0]) + $"{reason}"[1..])
            ),
        };

    private static string Text(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? ResultCell.Dash;

    private Table Build(IEnumerable<(string Name, string Value)> rows)
    {
        Table table = new Table().Border(TableBorder.Square).HideHeaders();
        table.Title = new TableTitle(Markup.Escape(SafeText.OneLine($"{device.Id}, {device.Name}")));
        table.AddColumn("");
        table.AddColumn(new TableColumn("").RightAligned());
        foreach ((string name, string value) in rows)
        {
            table.AddRow(new Text(name), new Text(value));
        }

        return table;
    }
}
