using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Whether the driver is new enough for all that kernels here can do.</summary>
internal sealed class DriverCheck() : DoctorCheck("driver", "its driver is recent", DoctorTargets.Gpu)
{
    /// <summary>From this CUDA version on, kernels of a graph may overlap on compute capability 9.0 (CUDA 12.3 programming guide).</summary>
    private const int OverlapVersion = 12030;

    private const int FirstWithOverlap = 90;

    /// <summary>Major versions below no longer get corrections.</summary>
    private const int OldVersion = 12000;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.Device.IsEmulated)
        {
            return Skip("emulated", "an emulated device has no driver");
        }

        if (facts.Device.CudaVersion is not int version)
        {
            return Skip("notTold", "the driver does not tell its version");
        }

        string words = $"CUDA {version / 1000}.{version % 1000 / 10}";
        if (facts.State?.DriverVersion.TryGet(out string? name) == true)
        {
            words += $", driver {name}";
        }

        int wanted = facts.Device.ComputeCapability >= FirstWithOverlap ? OverlapVersion : OldVersion;
        string expected = $"CUDA {wanted / 1000}.{wanted % 1000 / 10} or newer";
        const string Source = "what kernels here make use of";
        return version < wanted
            ? Warn(
                words,
                expected,
                Source,
                "It works, but kernels of a step do not overlap, or are those of an older GPU: figures are lower than they could be."
            )
            : Pass(words, expected, Source);
    }
}
