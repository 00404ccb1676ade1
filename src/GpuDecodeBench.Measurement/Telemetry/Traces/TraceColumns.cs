namespace GpuDecodeBench.Measurement.Telemetry.Traces;

/// <summary>The columns of a trace file and its fixed lines; docs/telemetry.md describes them.</summary>
internal static class TraceColumns
{
    public const string FirstLine = "# gpu-decode-bench telemetry trace, version 1";

    public const string LastLine = "# end, ";

    /// <summary>The columns of numbers, in their order, after <c>seconds</c>, <c>event</c>, <c>label</c> and <c>count</c>.</summary>
    public static readonly (string Name, Func<TelemetrySample, double?> Value)[] Numbers =
    [
        ("energyJoules", sample => sample.EnergyJoules),
        ("powerInstantWatts", sample => sample.PowerInstantWatts),
        ("powerAverageWatts", sample => sample.PowerAverageWatts),
        ("coreClockHz", sample => sample.CoreClockHz),
        ("memoryClockHz", sample => sample.MemoryClockHz),
        ("temperatureCelsius", sample => sample.TemperatureCelsius),
        ("memoryTemperatureCelsius", sample => sample.MemoryTemperatureCelsius),
        ("throttleReasons", sample => (double?)(int?)sample.ThrottleReasons),
        ("coreUtilization", sample => sample.CoreUtilization),
        ("memoryUtilization", sample => sample.MemoryUtilization),
    ];

    /// <summary>The columns before the numbers.</summary>
    public const int LeadingColumns = 4;

    /// <summary>The line of names.</summary>
    public static string Header { get; } =
        "seconds,event,label,count," + string.Join(',', Numbers.Select(column => column.Name)) + ",failureCode";

    /// <summary>All columns.</summary>
    public static int Count => LeadingColumns + Numbers.Length + 1;

    /// <summary>A sample of a row's numbers.</summary>
    public static TelemetrySample ToSample(double seconds, double?[] numbers, string? failureCode) =>
        new()
        {
            Seconds = seconds,
            EnergyJoules = numbers[0],
            PowerInstantWatts = numbers[1],
            PowerAverageWatts = numbers[2],
            CoreClockHz = numbers[3],
            MemoryClockHz = numbers[4],
            TemperatureCelsius = numbers[5],
            MemoryTemperatureCelsius = numbers[6],
            ThrottleReasons = (ThrottleReasons?)(int?)numbers[7],
            CoreUtilization = numbers[8],
            MemoryUtilization = numbers[9],
            FailureCode = failureCode,
        };
}
