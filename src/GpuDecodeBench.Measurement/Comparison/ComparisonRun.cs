using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>A run record that is compared.</summary>
/// <param name="Name">Where it comes from, for example its file.</param>
/// <param name="Record">The record.</param>
public sealed record ComparisonRun(string Name, RunRecord Record)
{
    /// <summary>What is equal in copies of one run's record, wherever they lie: when it began, its command line and its device.</summary>
    public (DateTimeOffset StartedUtc, string Command, string DeviceId, string DeviceName) Identity =>
        (Record.StartedUtc, Record.Command, Record.Device.Id, Record.Device.Name);
}
