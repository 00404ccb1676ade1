using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>What was measured, on what, with what, and what the device reached with nothing else to do.</summary>
internal sealed class SetupSection : IReportSection
{
    private const string NotKnown = "not known";

    public string Id => "setup";

    public string Heading => "Conditions and environment";

    public string ShortHeading => "Conditions";

    public void Write(HtmlWriter html, ReportRun run)
    {
        RunRecord record = run.Record;
        html.Open("div", ("class", "pairs"));
        List(html, run, "Conditions", Conditions(record));
        List(html, run, "Device", Device(record));
        List(html, run, "Machine", Machine(record.Environment));
        List(html, run, "Measured limits", Ceilings(record));
        html.Close();
        if (record.Notes.Count > 0)
        {
            html.SubHeading(run, "Notes of the run").Open("ul");
            foreach (string note in record.Notes)
            {
                html.Element("li", note);
            }

            html.Close();
        }
    }

    private static IEnumerable<(string, string)> Conditions(RunRecord record) =>
        [
            (
                "Model",
                $"{record.Model.Name}, {Quantity.Digits(record.Model.Parameters / 1e9)} billion parameters, {record.Model.Layers} layers"
            ),
            ("Weights", Distinct(record.Points.Select(point => point.Weights))),
            ("KV", Distinct(record.Points.Select(point => point.Kv))),
            ("Batch", Distinct(record.Points.Select(point => point.Batch).Order().Select(batch => $"{batch}"))),
            (
                "Context",
                Distinct(record.Points.Select(point => point.Context).Order().Select(tokens => $"{tokens:N0} tokens"))
            ),
            (
                "Layers measured",
                Distinct(record.Points.Select(point => $"{point.LayersMeasured} of {point.LayersTotal}"))
            ),
            ("Preset and seed", $"{record.Preset}, {record.Seed}"),
            ("Started", $"{record.StartedUtc:yyyy-MM-dd HH:mm:ss} UTC"),
            ("Command", record.Command),
            (
                "Program",
                $"{record.Tool.Name} {record.Tool.Version}{(record.Tool.Commit is string commit ? $", commit {commit}" : "")}"
            ),
        ];

    private static IEnumerable<(string, string)> Device(RunRecord record)
    {
        DeviceInfo device = record.Device;
        DeviceSpecification? datasheet = device.Specification;
        return
        [
            ("Hardware", PointText.Hardware(record)),
            ("Backend", device.Detail is string detail ? $"{device.Backend}: {detail}" : device.Backend),
            ("Memory", device.MemoryBytes is long bytes ? Quantity.BinaryBytes(bytes) : NotKnown),
            ("Last-level cache", device.LastLevelCacheBytes is long cache ? Quantity.BinaryBytes(cache) : NotKnown),
            (
                "Datasheet",
                datasheet is null
                    ? "none of this device is known"
                    : $"{datasheet.Name}: {Known(datasheet.MemoryBytesPerSecond, Quantity.Rate)}, "
                        + $"{Known(datasheet.Bf16FlopsPerSecond, flops => $"{Quantity.Digits(flops / 1e12)} TFLOP/s BF16")}, {Known(datasheet.TdpWatts, watts => $"{watts:0} W")}"
            ),
            ("Memory clock × bus", Known(device.Clocks?.ClockBandwidthBytesPerSecond, Quantity.Rate)),
            ("Power limit", Known(device.Limits?.PowerLimitWatts, watts => $"{watts:0} W")),
        ];
    }

    private static IEnumerable<(string, string)> Machine(EnvironmentInfo machine) =>
        [
            (
                "Processor",
                $"{machine.CpuModel ?? NotKnown}, {machine.CpuUsableCores} of {machine.CpuLogicalCores} threads usable"
            ),
            ("Memory", Known(machine.MemoryTotalBytes, Quantity.BinaryBytes)),
            (
                "System",
                machine.Kernel is string kernel
                    ? $"{machine.OperatingSystem}, kernel {kernel}"
                    : machine.OperatingSystem
            ),
            ("Runtime", $"{machine.Runtime}, {machine.Architecture}"),
            ("Driver", machine.Driver ?? "none used"),
            ("Virtualised", machine.Virtualised is bool virtualised ? (virtualised ? "yes" : "no") : NotKnown),
            ("Load before", Known(machine.LoadAverage1Minute, load => $"{load:0.##} over a minute")),
        ];

    private static IEnumerable<(string, string)> Ceilings(RunRecord record) =>
        [
            ("Reading", Limit(record.Ceilings.ReadBytesPerSecond, Quantity.Rate)),
            ("Copying", Limit(record.Ceilings.CopyBytesPerSecond, Quantity.Rate)),
            ("Writing", Limit(record.Ceilings.WriteBytesPerSecond, Quantity.Rate)),
            ("Arithmetic", Limit(record.Ceilings.FlopsPerSecond, flops => $"{Quantity.Digits(flops / 1e9)} GFLOP/s")),
        ];

    private static string Limit(Figure figure, Func<double, string> text) =>
        figure.Value is double value
            ? $"{text(value)} — {HtmlParts.Origin(figure)}"
            : $"unavailable: {HtmlParts.Why(figure.Provenance)}";

    private static string Known(double? value, Func<double, string> text) =>
        value is double known ? text(known) : NotKnown;

    private static string Distinct(IEnumerable<string> values) =>
        string.Join(", ", values.Distinct().DefaultIfEmpty("none"));

    private static void List(
        HtmlWriter html,
        ReportRun run,
        string title,
        IEnumerable<(string Name, string Text)> entries
    )
    {
        html.Open("section").SubHeading(run, title).Open("dl");
        foreach ((string name, string text) in entries)
        {
            html.Element("dt", name).Element("dd", text);
        }

        html.Close().Close();
    }
}
