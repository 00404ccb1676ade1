namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>The host's two clocks over the examination.</summary>
/// <param name="ElapsedSeconds">Seconds by the monotonic clock.</param>
/// <param name="LargestJumpSeconds">The largest difference that arose between the two from one reading to the next, in seconds, with its sign.</param>
public sealed record ClockObservation(double ElapsedSeconds, double LargestJumpSeconds);
