using System.Text.Json;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics;

/// <summary>What is assumed where the user gives no price or no utilisation, from the embedded <c>Data/prices.json</c>.</summary>
public static class PriceCatalogue
{
    /// <summary>The reason code of a device without a price.</summary>
    public const string NoPrice = "noPrice";

    private const string Resource = "GpuDecodeBench.Economics.Data.prices.json";
    private const string CpuBackend = "cpu";

    private static readonly PriceFile s_file = Load();

    /// <summary>The prices of GPUs, by their names in the hardware catalogue.</summary>
    public static IReadOnlyList<AssumedPrice> Gpus => s_file.Gpus;

    /// <summary>The price of CPUs.</summary>
    public static AssumedCpuPrice Cpu => s_file.Cpu;

    /// <summary>The sources that prices name.</summary>
    public static IReadOnlyList<PriceSource> Sources => s_file.Sources;

    /// <summary>The utilisation that is assumed where the user gives none.</summary>
    public static Figure DefaultUtilization { get; } =
        Figure.Assumed(s_file.Utilization.Value, s_file.Utilization.Source);

    /// <summary>
    /// The price of one device, in US dollars per hour: assumed with its source, or unavailable with the reason
    /// <see cref="NoPrice"/>. A CPU costs what its used threads cost; an emulated device has no price.
    /// </summary>
    /// <param name="device">The device.</param>
    /// <param name="cpuThreads">The threads that the work ran on; null where it did not run on a CPU.</param>
    public static Figure Find(DeviceInfo device, int? cpuThreads)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (string.Equals(device.Backend, CpuBackend, StringComparison.OrdinalIgnoreCase))
        {
            return FindCpu(cpuThreads);
        }

        string? name = device.Specification?.Name ?? HardwareCatalogue.MatchDevice(device.Name)?.Name;
        return name is null
            ? Figure.Unavailable(NoPrice, $"{device.Name} is not in the hardware catalogue")
            : FindGpu(name);
    }

    /// <summary>The price of one device of the hardware catalogue, in US dollars per hour, as <see cref="Find(DeviceInfo, int?)"/>.</summary>
    /// <param name="hardware">The device.</param>
    public static Figure Find(HardwareEntry hardware)
    {
        ArgumentNullException.ThrowIfNull(hardware);
        return FindGpu(hardware.Name);
    }

    private static Figure FindGpu(string name)
    {
        AssumedPrice? price = Gpus.FirstOrDefault(gpu =>
            string.Equals(gpu.Name, name, StringComparison.OrdinalIgnoreCase)
        );
        return price is null
            ? Figure.Unavailable(NoPrice, $"no sourced price of {name} is known")
            : Figure.Assumed(price.UsdPerHour, DescribeSource(price.Source));
    }

    private static Figure FindCpu(int? threads)
    {
        if (threads is not int used || used <= 0)
        {
            return Figure.Unavailable(NoPrice, "the number of CPU threads that the work ran on is not known");
        }

        string source =
            $"{used} × ${SignificantDigits.Format(Cpu.UsdPerThreadHour, 3)} per thread, {Cpu.Instance} in {Cpu.Region} "
            + $"at ${SignificantDigits.Format(Cpu.InstanceUsdPerHour, 4)} for {Cpu.VCpus} vCPUs; {DescribeSource(Cpu.Source)}";
        return Figure.Assumed(used * Cpu.UsdPerThreadHour, source);
    }

    private static string DescribeSource(string key)
    {
        PriceSource source =
            Sources.FirstOrDefault(source => source.Key == key)
            ?? throw new InvalidOperationException($"{Resource} has no source \"{key}\".");
        return $"{source.Title} ({source.Url})";
    }

    private static PriceFile Load()
    {
        using Stream stream =
            typeof(PriceCatalogue).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks {Resource}.");
        return JsonSerializer.Deserialize(stream, DataJson.Strict.PriceFile)!;
    }
}
