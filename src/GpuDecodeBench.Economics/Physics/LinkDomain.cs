using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Physics;

/// <summary>
/// How many devices one fast link joins. A prediction takes the link's rate between all devices of a step; where they are more than
/// that, the way between groups is slower by an amount that the catalogue does not know, and the prediction must say so.
/// </summary>
public static class LinkDomain
{
    /// <summary>How many devices the link joins where a step's are more; null where they are not, or it is not known.</summary>
    /// <param name="hardware">The devices of a step.</param>
    public static int? Exceeded(HardwareUnits hardware)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        return Domain(hardware.Device) is SourcedValue domain && hardware.Count > domain.Value
            ? (int)domain.Value
            : null;
    }

    /// <summary>What to know of a step's devices that are more than the link joins; null where they are not, or it is not known.</summary>
    /// <param name="hardware">The devices of a step.</param>
    public static string? Warning(HardwareUnits hardware) =>
        Exceeded(hardware) is int joined
            ? $"{hardware} are more than the {joined} that one fast link joins ({TitleOf(Domain(hardware.Device)!)}): the link's rate is taken between all of them, and between groups of {joined} it is slower, by how much is not known, so the step is longer and dearer than this"
            : null;

    private static SourcedValue? Domain(string device) =>
        HardwareCatalogue.All.FirstOrDefault(entry => entry.Name == device)
            is { LinkDomainDevices: [SourcedValue first, ..] }
            ? first
            : null;

    private static string TitleOf(SourcedValue value) =>
        HardwareCatalogue.Sources.FirstOrDefault(source => source.Key == value.Source)?.Title ?? value.Source;
}
