using System.Globalization;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>A module of PTX as it is kept.</summary>
/// <param name="Name">The file's or resource's whole name.</param>
/// <param name="Architecture">The compute capability that it is for: 80 for 8.0.</param>
/// <param name="Module">The module.</param>
/// <param name="IsDifference">Whether it is what differs from the module of sm_80 (<see cref="TextDifference"/>).</param>
internal sealed record KernelModuleFile(string Name, int Architecture, string Module, bool IsDifference)
{
    private const string DifferenceEnding = ".diff";
    private const string TextEnding = ".ptx";

    /// <summary>Takes the name of a file apart; null where it is no module's.</summary>
    /// <param name="name">The whole name.</param>
    /// <param name="folder">The folder that it lies in, <c>sm_80</c>.</param>
    /// <param name="file">Its own name, <c>linear_int4.ptx</c> or <c>linear_int4.ptx.diff</c>.</param>
    public static KernelModuleFile? Of(string name, string folder, string file)
    {
        bool isDifference = file.EndsWith(DifferenceEnding, StringComparison.Ordinal);
        string text = isDifference ? file[..^DifferenceEnding.Length] : file;
        return
            text.EndsWith(TextEnding, StringComparison.Ordinal)
            && folder.StartsWith("sm_", StringComparison.Ordinal)
            && int.TryParse(folder[3..], NumberStyles.None, CultureInfo.InvariantCulture, out int architecture)
            ? new KernelModuleFile(name, architecture, text[..^TextEnding.Length], isDifference)
            : null;
    }
}
