using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Energy;
using GpuDecodeBench.Measurement.Telemetry.Recording;

namespace GpuDecodeBench.Measurement.Tests.Telemetry;

/// <summary>
/// A device on a virtual clock whose true power is known at every instant, seen through a sensor that updates, averages and looks
/// away as real ones do.
/// </summary>
internal sealed class SimulatedGpu(VirtualTelemetryTime time) : ITelemetrySource
{
    private readonly List<(double Begin, double End, double From, double To, double JoulesBefore)> _pieces = [];

    public double IdleWatts { get; init; } = 80;

    public double UpdateSeconds { get; init; } = 0.1;

    public double? InstantWindowSeconds { get; init; } = 0.1;

    public double? AverageWindowSeconds { get; init; }

    public double LagSeconds { get; init; }

    /// <summary>Where in its period the sensor updates, in seconds.</summary>
    public double PhaseSeconds { get; init; } = 0.037;

    public double? CounterUpdateSeconds { get; init; } = 0.1;

    /// <summary>Changes a sample before it is told: a fault of the sensor, a clock, a temperature.</summary>
    public Func<TelemetrySample, TelemetrySample> Tell { get; set; } = sample => sample;

    public DeviceState State { get; set; } = new();

    public int Reads { get; private set; }

    public string Name { get; init; } = "simulated";

    public string Description => "a simulated device";

    public double UpdatePeriodSeconds => UpdateSeconds;

    public IReadOnlyList<TelemetryCapability> Capabilities =>
        [
            .. Enum.GetValues<TelemetryQuantity>()
                .Select(quantity => new TelemetryCapability(
                    quantity,
                    $"simulated.{quantity}",
                    IsTold(quantity) ? null : "simulated.none"
                )),
        ];

    public SensorBehaviour Behaviour =>
        new()
        {
            UpdateSeconds = UpdateSeconds,
            InstantWindowSeconds = InstantWindowSeconds,
            AverageWindowSeconds = AverageWindowSeconds,
            CounterUpdateSeconds = CounterUpdateSeconds ?? UpdateSeconds,
            SettleSeconds = 1.2,
            Origin = "the simulation",
        };

    public PowerChannel? Channel =>
        Behaviour.Channel(AverageWindowSeconds is not null, InstantWindowSeconds is not null);

    /// <summary>Works for a time, its power going evenly from one value to another, and lets the time pass.</summary>
    public void Work(double seconds, double fromWatts, double toWatts)
    {
        double begin = time.NowSeconds;
        double joules = _pieces.Count == 0 ? 0 : ExtraJoules(begin);
        _pieces.Add((begin, begin + seconds, fromWatts, toWatts, joules));
        time.Advance(seconds);
    }

    /// <summary>The true energy until an instant, in joules.</summary>
    public double JoulesUntil(double seconds) => (IdleWatts * seconds) + ExtraJoules(seconds);

    public TelemetrySample Read()
    {
        Reads++;
        double now = time.NowSeconds;
        double update = Floor(now, UpdateSeconds) - LagSeconds;
        return Tell(
            new TelemetrySample
            {
                Seconds = now,
                PowerInstantWatts = Mean(update, InstantWindowSeconds),
                PowerAverageWatts = Mean(update, AverageWindowSeconds),
                EnergyJoules = CounterUpdateSeconds is double counter ? JoulesUntil(Floor(now, counter)) : null,
            }
        );
    }

    public DeviceState ReadState() => State;

    public void Dispose() { }

    private bool IsTold(TelemetryQuantity quantity) =>
        quantity switch
        {
            TelemetryQuantity.PowerInstant => InstantWindowSeconds is not null,
            TelemetryQuantity.PowerAverage => AverageWindowSeconds is not null,
            TelemetryQuantity.EnergyCounter => CounterUpdateSeconds is not null,
            _ => true,
        };

    private double Floor(double seconds, double period) =>
        (Math.Floor((seconds - PhaseSeconds) / period) * period) + PhaseSeconds;

    private double? Mean(double end, double? window) =>
        window is double length ? (JoulesUntil(end) - JoulesUntil(end - length)) / length : null;

    /// <summary>Joules above the idle power, until an instant.</summary>
    private double ExtraJoules(double seconds)
    {
        int low = 0;
        int high = _pieces.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _pieces[middle].Begin <= seconds ? (middle + 1, high) : (low, middle);
        }

        if (low == 0)
        {
            return 0;
        }

        (double begin, double end, double from, double to, double before) = _pieces[low - 1];
        double share = Math.Min(1, (seconds - begin) / (end - begin));
        double watts = (from - IdleWatts) + ((to - from) * share / 2);
        return before + (watts * share * (end - begin));
    }
}
