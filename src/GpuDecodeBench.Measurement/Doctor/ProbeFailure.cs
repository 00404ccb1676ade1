namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>Why a probe came to no result.</summary>
/// <param name="ReasonCode">As a code: <c>deviceFailed</c>, <c>unavailable</c>, <c>outOfTime</c>, <c>interrupted</c>.</param>
/// <param name="Detail">In a sentence; null where the code says all.</param>
/// <param name="IsFault">Whether the device itself failed, which is a verdict and not a lack of one.</param>
public sealed record ProbeFailure(string ReasonCode, string? Detail, bool IsFault);
