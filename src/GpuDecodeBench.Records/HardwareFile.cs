namespace GpuDecodeBench.Records;

/// <summary>The form of <c>Data/hardware.json</c>.</summary>
internal sealed record HardwareFile
{
    /// <summary>How to read the file, in sentences.</summary>
    public required IReadOnlyList<string> About { get; init; }

    /// <summary>The sources.</summary>
    public required IReadOnlyList<HardwareSource> Sources { get; init; }

    /// <summary>The devices.</summary>
    public required IReadOnlyList<HardwareEntry> Devices { get; init; }
}
