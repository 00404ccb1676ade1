namespace GpuDecodeBench.Economics.Calibration;

/// <summary>The time that a calibration gives an operation, all its executions in one step together.</summary>
/// <param name="Name">The operation's name.</param>
/// <param name="Class">What it runs as.</param>
/// <param name="Count">Executions in one step.</param>
/// <param name="Seconds">Their time together, in seconds.</param>
/// <param name="HalfWidthSeconds">
/// How far the bounds between and beyond measured intensities are from that time, in seconds; 0 where the intensity was measured.
/// </param>
/// <param name="IsOutside">Whether its arithmetic intensity lies outside those measured for its class.</param>
/// <param name="StandIn">The class whose times it was given because its own was not measured; null where it was.</param>
public sealed record CalibratedOperation(
    string Name,
    OperationClass Class,
    int Count,
    double Seconds,
    double HalfWidthSeconds,
    bool IsOutside,
    OperationClass? StandIn
);
