namespace GpuDecodeBench.Measurement.Sampling;

/// <summary>Something about a point's samples that a reader of its median should know.</summary>
/// <param name="Code">A stable name for programs: <c>drifting</c>, <c>bimodal</c>.</param>
/// <param name="Message">One sentence with the figures, for people.</param>
public sealed record SampleWarning(string Code, string Message);
