using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml;

/// <summary>
/// What <c>nvmlDeviceGetPowerUsage</c> means on a GPU: averaged over a second on Ampere and newer but for GA100, power now on GA100
/// and older (https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceQueries.html).
/// </summary>
/// <param name="IsAverage">Whether it is an average; null where the driver does not tell which GPU it is.</param>
/// <param name="UpdatePeriodSeconds">
/// How often sensors of the architecture have something new: 20 ms up to Volta, 100 ms since Turing (arXiv 2312.02741).
/// </param>
internal readonly record struct NvmlPowerMeaning(bool? IsAverage, double UpdatePeriodSeconds)
{
    private const double FastPeriodSeconds = 0.02;
    private const double PeriodSeconds = 0.1;

    /// <summary>Compute capability 8.0: GA100 alone.</summary>
    private static readonly (uint Major, uint Minor) s_ga100 = (8, 0);

    /// <summary>Asks the driver which GPU it is: by architecture, or by compute capability where the driver is too old for that.</summary>
    public static NvmlPowerMeaning Of(NvmlDevice device)
    {
        NvmlReturn code = device.Library.Number(NvmlNumber.Architecture, device.Handle, out uint architecture);
        bool isKnown = code == NvmlReturn.Success && architecture != NvmlKinds.UnknownArchitecture;
        bool hasCapability =
            device.Library.Pair(NvmlPair.CudaComputeCapability, device.Handle, out uint major, out uint minor)
            == NvmlReturn.Success;
        if (!isKnown && !hasCapability)
        {
            return new NvmlPowerMeaning(null, PeriodSeconds);
        }

        bool isAmpereOrNewer = isKnown ? architecture >= NvmlKinds.Ampere : major >= s_ga100.Major;
        bool isVoltaOrOlder = isKnown ? architecture <= NvmlKinds.Volta : (major, minor).CompareTo((7u, 5u)) < 0;

        // Without the capability, Ampere may or may not be GA100.
        bool? isGa100 =
            hasCapability ? (major, minor) == s_ga100
            : architecture == NvmlKinds.Ampere ? null
            : false;
        return new NvmlPowerMeaning(
            isAmpereOrNewer ? !isGa100 : false,
            isVoltaOrOlder ? FastPeriodSeconds : PeriodSeconds
        );
    }
}
