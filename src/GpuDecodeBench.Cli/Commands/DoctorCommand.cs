using System.CommandLine;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Diagnostics;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Cli.Wiring;
using GpuDecodeBench.Measurement.Doctor;
using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>doctor</c>: is this device what it claims to be, healthy, alone and at full speed.</summary>
internal sealed class DoctorCommand(CommandContext context)
{
    private const double LongestSeconds = 3600;

    private readonly Option<string> _device = CommandOptions.Text(
        "--device",
        "auto for the best device found, or a name that devices shows",
        "NAME",
        "auto"
    );

    private readonly Option<string?> _seconds = CommandOptions.Text(
        "--max-seconds",
        "how long it may take (default: 85 on a GPU, 28 on a CPU); all parts take their share of it",
        "S"
    );

    private readonly Option<string?> _only = CommandOptions.Text("--only", "only these checks", "ID,…");
    private readonly Option<string?> _skip = CommandOptions.Text("--skip", "all checks but these", "ID,…");
    private readonly Option<bool> _list = new("--list") { Description = "show the checks and do nothing" };
    private readonly Option<string> _format = CommandOptions.Format();

    public Command Create()
    {
        var command = new Command(
            "doctor",
            """
            Is this device what it claims to be, healthy, alone and at full speed? Measures where it can rather than believe what
            the driver says, within a minute and a half on a GPU and half a minute on a CPU. docs/doctor.md has a paragraph on
            each check: what it means and what to do.

            PASS: as it should be. WARN: usable, with something to know. FAIL: not what it says, not healthy, or not at full
            speed. SKIP: could not be checked, with the reason. Exit code 1 on any FAIL, 3 where nothing asked for could be checked.

            Examples:
              gpu-decode-bench doctor
              gpu-decode-bench doctor --device cuda:0 -o json
              gpu-decode-bench doctor --only memory-pattern,bandwidth-read
            """
        );
        command.Options.Add(_device);
        command.Options.Add(_seconds);
        command.Options.Add(_only);
        command.Options.Add(_skip);
        command.Options.Add(_list);
        command.Options.Add(_format);
        command.SetAction(Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        OutputFormat format = CommandOptions.ReadFormat(parsed, _format);
        IReadOnlyList<IDoctorCheck> checks = ReadChecks(parsed);
        if (parsed.GetValue(_list))
        {
            GivenOptions.Refuse(
                parsed,
                "has no effect beside --list, which shows the checks and does nothing; leave one of them out.",
                _device,
                _seconds
            );
            new ResultPrinter(context).Table(DoctorTable.List([.. checks.Select(Listed)]), format);
            return ExitCodes.Done;
        }

        TimeSpan? total = parsed.GetValue(_seconds) is string text
            ? TimeSpan.FromSeconds(ArgumentReader.Positive("--max-seconds", text, LongestSeconds, "seconds"))
            : null;
        using IDecodeDevice device = new DeviceFinder(EnvironmentCapture.Capture(null), context.MoreBackends).Open(
            parsed.GetValue(_device)!
        );
        using ITelemetrySource? telemetry = context.OpenTelemetry(device.Description);
        DoctorLimits limits = LimitsOf(device.Description);
        var progress = new ProgressLine(context.Error, context.ErrorIsTerminal);
        var examination = new DoctorExamination(
            device,
            telemetry,
            total is TimeSpan given ? limits.Within(given) : limits,
            progress
        )
        {
            ChecksAreNamed = parsed.GetValue(_only) is not null,
        };
        DoctorReport report = examination.Run(checks, context.Cancellation);
        progress.Close();
        new ResultPrinter(context).Table(TableOf(device.Description, report), format);
        return report.WasInterrupted ? ExitCodes.Interrupted
            : report.Worst == Verdict.Fail ? ExitCodes.Failed
            : report.Worst == Verdict.Skip ? ExitCodes.Unavailable
            : ExitCodes.Done;
    }

    private static DoctorLimits LimitsOf(DeviceDescription device) =>
        !device.IsForMeasuring ? DoctorLimits.ForEmulator
        : device.Threads is null ? DoctorLimits.ForGpu
        : DoctorLimits.ForCpu;

    private static ResultTable TableOf(DeviceDescription device, DoctorReport report)
    {
        string seconds = FormattableString.Invariant($"{report.Seconds:0} s");
        string emulated = report.Facts.Device.IsEmulated
            ? " The device is emulated: this proves the program, and says nothing of any hardware."
            : "";
        return DoctorTable.From(
            $"{device.Id}, {device.NameWithKernels}",
            [.. report.Results.Select(Row)],
            $"{report.Words} It took {seconds}.{emulated}"
        );
    }

    private static DoctorRow Row(CheckResult result) =>
        new(
            result.Id,
            result.Title,
            result.Verdict.ToString().ToUpperInvariant(),
            result.Measured,
            result.Expected,
            result.Source,
            result.Advice,
            result.ReasonCode
        );

    private static DoctorRow Listed(IDoctorCheck check) =>
        new(check.Id, check.Title, "", null, Devices(check.Targets), null, null, null);

    private static string Devices(DoctorTargets targets) =>
        targets switch
        {
            DoctorTargets.Gpu => "GPU",
            DoctorTargets.Cpu => "CPU",
            _ => "GPU, CPU",
        };

    private IReadOnlyList<IDoctorCheck> ReadChecks(ParseResult parsed)
    {
        IReadOnlyList<IDoctorCheck> all = DoctorChecks.All;
        string? only = parsed.GetValue(_only);
        string? skip = parsed.GetValue(_skip);
        if (only is not null && skip is not null)
        {
            throw new InputException("--only and --skip were both given; give one of them.");
        }

        return only is not null ? [.. Named("--only", only).Select(index => all[index])]
            : skip is not null ? [.. all.Where((_, index) => !Named("--skip", skip).Contains(index))]
            : all;

        IReadOnlyList<int> Named(string argument, string text) =>
            ArgumentReader.List<int>(
                argument,
                text,
                string.Join(", ", all.Select(check => check.Id)),
                entry =>
                    Enumerable
                        .Range(0, all.Count)
                        .Where(index => string.Equals(all[index].Id, entry, StringComparison.OrdinalIgnoreCase))
                        .Select(index => (int?)index)
                        .FirstOrDefault()
            );
    }
}
