using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Physics;

/// <summary>
/// What share of a device's links joins the devices of a step. Behind a switch that is all of them. In a mesh each link goes to one other
/// device, so that a pair of eight has one of seven links between them, and the rate of the catalogue is that of all seven together.
/// </summary>
public static class LinkMesh
{
    /// <summary>The share, above 0 to 1.</summary>
    /// <param name="device">The device's name in the hardware catalogue.</param>
    /// <param name="devices">Devices of the step; 1 uses no link.</param>
    public static double Share(string device, int devices) =>
        devices > 1 && Peers(device) is double peers ? Math.Min(1, (devices - 1) / peers) : 1;

    /// <summary>The share in words.</summary>
    /// <param name="device">The device's name in the hardware catalogue.</param>
    /// <param name="devices">Devices of the step.</param>
    internal static string Describe(string device, int devices) =>
        Share(device, devices) < 1
            ? $"a mesh: each of {Peers(device)} links goes to one other device, and {devices - 1} of them to devices of the step"
            : "all of its links join the devices of the step";

    private static double? Peers(string device) =>
        HardwareCatalogue.All.FirstOrDefault(entry => entry.Name == device)
            is { LinkMeshPeers: [SourcedValue first, ..] }
            ? first.Value
            : null;
}
