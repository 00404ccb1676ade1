using System.Globalization;
using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml;

/// <summary>Reads what seldom changes. This part: identity, memory, and what an administrator sets.</summary>
internal static partial class NvmlStateReader
{
    private const double MilliwattsPerWatt = 1e3;
    private const double HertzPerMegahertz = 1e6;

    /// <summary>Everything; each reading on its own is a value or the reason that there is none.</summary>
    public static DeviceState Read(NvmlDevice device)
    {
        NvmlReturn memory = device.Library.Memory(device.Handle, out ulong totalBytes, out ulong usedBytes);
        return new DeviceState
        {
            Name = device.Read(device.Library.Name(device.Handle, out string name), "nvmlDeviceGetName", name),
            Uuid = device.Read(device.Library.Uuid(device.Handle, out string uuid), "nvmlDeviceGetUUID", uuid),
            PciBusId = device.Read(
                device.Library.PciBusId(device.Handle, out string place),
                "nvmlDeviceGetPciInfo",
                place
            ),
            DriverVersion = device.Read(
                device.Library.DriverVersion(out string driver),
                "nvmlSystemGetDriverVersion",
                driver
            ),
            RuntimeVersion = device.Read(
                device.Library.CudaVersion(out int cuda),
                "nvmlSystemGetCudaDriverVersion",
                string.Create(CultureInfo.InvariantCulture, $"CUDA {cuda / 1000}.{cuda % 1000 / 10}")
            ),
            MemoryTotalBytes = Positive(device, memory, "nvmlDeviceGetMemoryInfo", (long)totalBytes),
            MemoryUsedBytes = device.Read(memory, "nvmlDeviceGetMemoryInfo", (long)usedBytes),
            MemoryBusWidthBits = PositiveInt(device, NvmlNumber.MemoryBusWidth),
            PowerLimits = PowerLimits(device),
            Clocks = Clocks(device),
            Thermal = Thermal(device),
            MemoryErrors = MemoryErrors(device),
            Pcie = Pcie(device),
            Links = Links(device),
            IsPartitioned = IsPartitioned(device),
            Persistence = Number(device, NvmlNumber.PersistenceMode, value => value != 0),
            ComputeMode = ComputeMode(device),
            Processes = Processes(device),
        };
    }

    private static Reading<bool> IsPartitioned(NvmlDevice device) =>
        device.IsPart
            ? Reading.Of(true)
            : device.Read(
                device.Library.Pair(NvmlPair.MigMode, device.Handle, out uint current, out _),
                "nvmlDeviceGetMigMode",
                current != 0
            );

    private static Reading<string> ComputeMode(NvmlDevice device) =>
        Number(
            device,
            NvmlNumber.ComputeMode,
            mode =>
                mode switch
                {
                    0 => "default",
                    1 => "exclusiveThread",
                    2 => "prohibited",
                    3 => "exclusiveProcess",
                    _ => string.Create(CultureInfo.InvariantCulture, $"mode{mode}"),
                }
        );

    private static Reading<IReadOnlyList<ProcessState>> Processes(NvmlDevice device)
    {
        const string Asked = "nvmlDeviceGetComputeRunningProcesses";
        var processes = new List<NvmlProcess>();
        NvmlReturn code = device.Library.ComputeProcesses(device.Handle, processes);
        return device.Read<IReadOnlyList<ProcessState>>(
            code,
            Asked,
            [
                .. processes.Select(process => new ProcessState(
                    process.ProcessId,
                    process.MemoryBytes == NvmlProcess.NotAvailable
                        ? Reading.Unavailable<long>(
                            NvmlReasons.ValueNotAvailable,
                            "The operating system manages this process's memory, or this user may not see it."
                        )
                        : Reading.Of((long)process.MemoryBytes)
                )),
            ]
        );
    }

    private static Reading<T> Number<T>(NvmlDevice device, NvmlNumber number, Func<uint, T> convert)
    {
        NvmlReturn code = device.Library.Number(number, device.Handle, out uint value);
        return device.Read(code, Asked(number), convert(value));
    }

    private static Reading<int> PositiveInt(NvmlDevice device, NvmlNumber number)
    {
        NvmlReturn code = device.Library.Number(number, device.Handle, out uint value);
        return Positive(device, code, Asked(number), (int)Math.Min(value, int.MaxValue));
    }

    /// <summary>A reading that cannot be zero on a running device.</summary>
    private static Reading<T> Positive<T>(NvmlDevice device, NvmlReturn code, string asked, T value)
        where T : struct, IEquatable<T> =>
        code == NvmlReturn.Success && value.Equals(default)
            ? Reading.Unavailable<T>(NvmlReasons.ImplausibleZero, NvmlReasons.ZeroSentence(asked))
            : device.Read(code, asked, value);

    private static string Asked(NvmlNumber number) => $"nvmlDeviceGet{number}";
}
