namespace GpuDecodeBench.Economics;

/// <summary>The price that is assumed for CPUs where the user gives none: that of a cloud instance, by the thread.</summary>
/// <param name="Instance">The instance type.</param>
/// <param name="Region">The region of the price.</param>
/// <param name="InstanceUsdPerHour">The instance's on-demand price, in US dollars per hour.</param>
/// <param name="VCpus">Its vCPUs, each one hardware thread.</param>
/// <param name="Source">The key of the source; see <see cref="PriceCatalogue.Sources"/>.</param>
public sealed record AssumedCpuPrice(
    string Instance,
    string Region,
    double InstanceUsdPerHour,
    int VCpus,
    string Source
)
{
    /// <summary>US dollars per hardware thread and hour.</summary>
    public double UsdPerThreadHour => InstanceUsdPerHour / VCpus;
}
