using GpuDecodeBench.Backends;
using GpuDecodeBench.Measurement.Doctor;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Recording;

namespace GpuDecodeBench.Cli;

/// <summary>Where a command prints and what ends it early.</summary>
/// <param name="Output">Results, and nothing else.</param>
/// <param name="Error">Progress and diagnostics.</param>
/// <param name="Cancellation">Set by Ctrl-C.</param>
public sealed record CommandContext(TextWriter Output, TextWriter Error, CancellationToken Cancellation)
{
    /// <summary>Set by Ctrl-C. Who asks for it takes it upon itself to end; until then the system ends the process.</summary>
    public CancellationToken Cancellation
    {
        get => Listen is null ? field : Listen();
        init;
    } = Cancellation;

    /// <summary>Begins to turn Ctrl-C into the cancellation that it returns; null where that was given.</summary>
    public Func<CancellationToken>? Listen { get; init; }

    /// <summary>Backends beside those of this version, for tests.</summary>
    public IReadOnlyList<IDecodeBackend> MoreBackends { get; init; } = [];

    /// <summary>Opens the sensors of a device; null for reading none, as in most tests.</summary>
    public Func<DeviceDescription, ITelemetrySource?> OpenTelemetry { get; init; } = _ => null;

    /// <summary>Tells who has the host's processors while a CPU is measured; null for not looking, as in most tests.</summary>
    public IHostReader? Host { get; init; }

    /// <summary>The clock of telemetry, which tests replace.</summary>
    public ITelemetryTime Time { get; init; } = new SystemTelemetryTime();

    /// <summary>Waits, or less where <see cref="Cancellation"/> comes first; null to really wait, replaced in tests.</summary>
    public Action<TimeSpan>? Pause { get; init; }

    /// <summary>Whether <see cref="Output"/> is a terminal that a person looks at.</summary>
    public bool OutputIsTerminal { get; init; } =
        ReferenceEquals(Output, Console.Out) && !Console.IsOutputRedirected && !IsDumb;

    /// <summary>Whether <see cref="Error"/> is a terminal that a person looks at.</summary>
    public bool ErrorIsTerminal { get; init; } =
        ReferenceEquals(Error, Console.Error) && !Console.IsErrorRedirected && !IsDumb;

    /// <summary>Whether a terminal may be sent colour and bold: not where <c>NO_COLOR</c> is set and not empty (https://no-color.org).</summary>
    public bool UsesStyles { get; init; } = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>The columns of the terminal; null where there is none.</summary>
    public int? TerminalColumns { get; init; }

    /// <summary>Whether the terminal says of itself that it cannot move its cursor, as editors' do.</summary>
    private static bool IsDumb => Environment.GetEnvironmentVariable("TERM") == "dumb";
}
