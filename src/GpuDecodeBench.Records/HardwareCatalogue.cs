using System.Text.Json;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Records;

/// <summary>The GPUs that are known, from the embedded <c>Data/hardware.json</c>.</summary>
public static class HardwareCatalogue
{
    private const string Resource = "GpuDecodeBench.Records.Data.hardware.json";

    private static readonly HardwareFile s_file = Load();

    /// <summary>All devices, in the order of the file.</summary>
    public static IReadOnlyList<HardwareEntry> All => s_file.Devices;

    /// <summary>All sources that values name.</summary>
    public static IReadOnlyList<HardwareSource> Sources => s_file.Sources;

    /// <summary>Finds a device by the name that a user gives: its name or an alias, ignoring case.</summary>
    /// <param name="name">The name, for example <c>h200</c>.</param>
    /// <exception cref="InputException">No device has the name; the message lists those known.</exception>
    public static HardwareEntry Find(string name)
    {
        string wanted = name?.Trim() ?? "";
        foreach (HardwareEntry entry in All)
        {
            if (Same(entry.Name, wanted) || entry.Aliases.Any(alias => Same(alias, wanted)))
            {
                return entry;
            }
        }

        string known = string.Join(", ", All.Select(entry => entry.Aliases[0]));
        throw new InputException($"No GPU named \"{FieldPath.Printable(wanted)}\" is known; known are {known}.");
    }

    /// <summary>
    /// Finds a device by the name that its driver reports, complete but for case and surrounding space; null where none is
    /// known. A name that only resembles a known one (another form factor, a MIG slice) is another device.
    /// </summary>
    /// <param name="reportedName">The driver's name, for example <c>NVIDIA H200</c>.</param>
    public static HardwareEntry? MatchDevice(string? reportedName)
    {
        string wanted = reportedName?.Trim() ?? "";
        return All.FirstOrDefault(entry => entry.ReportedNames.Any(reported => Same(reported, wanted)));
    }

    /// <summary>The page of a source.</summary>
    internal static string UrlOf(string key) =>
        Sources.FirstOrDefault(source => Same(source.Key, key))?.Url
        ?? throw new InvalidOperationException($"{Resource} has no source \"{key}\".");

    private static bool Same(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static HardwareFile Load()
    {
        using Stream stream =
            typeof(HardwareCatalogue).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks {Resource}.");
        return JsonSerializer.Deserialize(stream, HardwareJson.Strict.HardwareFile)!;
    }
}
