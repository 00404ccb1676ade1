namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>AMD's energy accumulator: a counter of 64 bits, times its resolution in microjoules (15.3 on MI200).</summary>
internal static class AmdEnergy
{
    /// <summary>The counter in joules; not available where it is of ones or its resolution is none.</summary>
    public static AmdStatus Joules(ulong counter, float microjoules, out double joules)
    {
        bool isTold = counter != ulong.MaxValue && float.IsFinite(microjoules) && microjoules > 0;
        joules = isTold ? counter * (double)microjoules / 1e6 : 0;
        return isTold ? AmdStatus.Success : AmdStatus.NotAvailable;
    }
}
