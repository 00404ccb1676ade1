namespace GpuDecodeBench.Measurement.Sampling;

/// <summary>The names by which stop reasons appear in run records.</summary>
public static class StopReasonNames
{
    /// <summary><c>converged</c>, <c>timeLimit</c> or <c>interrupted</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of the defined reasons.</exception>
    public static string Name(this StopReason reason) =>
        reason switch
        {
            StopReason.Converged => "converged",
            StopReason.TimeLimit => "timeLimit",
            StopReason.Interrupted => "interrupted",
            _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Not a stop reason."),
        };
}
