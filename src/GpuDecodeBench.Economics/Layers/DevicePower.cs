using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Layers;

/// <summary>What was measured of a device's power, in watts; what has no value is assumed as a share of the design power.</summary>
/// <param name="Busy">While it is busy; null where nothing was measured.</param>
/// <param name="Idle">Opened and with nothing to do; null where nothing was measured.</param>
internal sealed record DevicePower(Figure? Busy, Figure? Idle)
{
    /// <summary>Of a device that was not measured.</summary>
    public static DevicePower NotMeasured { get; } = new(null, null);
}
