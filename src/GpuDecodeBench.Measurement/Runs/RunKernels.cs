using GpuDecodeBench.Backends;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>What a record says of kernels that are not the program's own, so that it is never taken for one of them.</summary>
internal static class RunKernels
{
    /// <summary>The program; with other kernels it is another version of it.</summary>
    public static ToolInfo Tool(ToolInfo tool, DeviceDescription device) =>
        device.OtherKernels is OtherKernels other ? tool with { Version = other.Version(tool.Version) } : tool;

    /// <summary>One sentence for a reader; nothing where the kernels are the program's own.</summary>
    public static IReadOnlyList<string> Notes(DeviceDescription device) =>
        device.OtherKernels is OtherKernels other
            ?
            [
                $"The kernels are not the program's own: those of {other.Folder} were run, by {other.Compiler}, SHA-256 {other.Sha256}.",
            ]
            : [];
}
