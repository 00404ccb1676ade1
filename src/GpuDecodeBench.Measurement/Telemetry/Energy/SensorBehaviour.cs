namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>How a device's power sensor and energy counter behave in time.</summary>
public sealed record SensorBehaviour
{
    /// <summary>How often the power sensor has a new value, in seconds.</summary>
    public required double UpdateSeconds { get; init; }

    /// <summary>Over how long an instant value is the mean, in seconds; null where there is no such value.</summary>
    public double? InstantWindowSeconds { get; init; }

    /// <summary>Over how long an average value is the mean, in seconds; null where there is no such value.</summary>
    public double? AverageWindowSeconds { get; init; }

    /// <summary>How long after the end of its window a value appears, in seconds.</summary>
    public double LagSeconds { get; init; }

    /// <summary>How often the energy counter moves, in seconds.</summary>
    public required double CounterUpdateSeconds { get; init; }

    /// <summary>How long a load runs before anything of it is counted, in seconds.</summary>
    public required double SettleSeconds { get; init; }

    /// <summary>Where this is from.</summary>
    public required string Origin { get; init; }

    /// <summary>Whether update period and window were measured in this run.</summary>
    public bool IsMeasured { get; init; }

    /// <summary>What the load goes on for after the part that is counted, in seconds, so that every window of it was filled.</summary>
    public double TailSeconds =>
        Math.Max(
            Channel(hasAverage: true, hasInstant: true) is { IsPartTime: false } channel ? channel.ShiftSeconds : 0,
            1.5 * CounterUpdateSeconds
        );

    /// <summary>The shortest load that energy is taken of, in seconds: ten updates, and a quarter of a second.</summary>
    public double ShortestSeconds => Math.Max(0.25, MinimumUpdates * Math.Max(UpdateSeconds, CounterUpdateSeconds));

    /// <summary>Updates that the shortest load has.</summary>
    private const int MinimumUpdates = 10;

    /// <summary>
    /// The power value that is integrated: the average where its window leaves no time unseen, else the instant one.
    /// </summary>
    /// <param name="hasAverage">Whether the source tells the average.</param>
    /// <param name="hasInstant">Whether the source tells the instant value.</param>
    /// <returns>Null where the source tells neither.</returns>
    public PowerChannel? Channel(bool hasAverage, bool hasInstant)
    {
        if (hasInstant && InstantWindowSeconds is double whole && whole >= PowerChannel.PartTime * UpdateSeconds)
        {
            return new PowerChannel(IsAverage: false, whole, UpdateSeconds, LagSeconds);
        }

        if (hasAverage && AverageWindowSeconds is double average)
        {
            return new PowerChannel(IsAverage: true, average, UpdateSeconds, LagSeconds);
        }

        return hasInstant && InstantWindowSeconds is double instant
            ? new PowerChannel(IsAverage: false, instant, UpdateSeconds, LagSeconds)
            : null;
    }
}
