using System.Globalization;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Emulation;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// What comes behind the emulator's name on the command line: <c>emulator:sm_90</c> for another GPU's kernels,
/// <c>emulator:sm_80:kernel=argmax</c> for one on which something goes wrong, to see what a user is told then.
/// </summary>
internal static class EmulatorOptions
{
    private const string Accepted =
        "emulator[:sm_75|sm_80|sm_89|sm_90][:memory=N{MB|GB}][:no-device|old-driver|driver-11.8|memory-taken|allocation|kernel=NAME|early=NAME]";

    /// <summary>Letters of MB and GB.</summary>
    private const int UnitLetters = 2;

    private static readonly int[] s_architectures = [75, 80, 89, 90];

    /// <summary>Reads a device's name.</summary>
    /// <exception cref="InputException">It is not one.</exception>
    public static EmulatedCudaOptions Read(string deviceId, int defaultArchitecture)
    {
        int architecture = defaultArchitecture;
        EmulatedCudaOptions options = new();
        foreach (string part in deviceId.Split(':').Skip(1))
        {
            if (MemoryOf(part) is long bytes)
            {
                options = options with { MemoryBytes = bytes };
                continue;
            }

            int named = s_architectures.FirstOrDefault(known => part == $"sm_{known}");
            if (named != 0)
            {
                architecture = named;
                continue;
            }

            options = part switch
            {
                "no-device" => options with { StartResult = CudaResult.NoDevice },
                "old-driver" => options with { DriverVersion = 11040 },
                "driver-11.8" => options with { DriverVersion = 11080 },
                "memory-taken" => options with { TakenBytes = options.MemoryBytes - (1 << 20) },
                "allocation" => options with { AllocationsFailAfterBytes = 1 << 20 },
                _ when part.StartsWith("kernel=", StringComparison.Ordinal) => options with
                {
                    KernelFault = new EmulatedKernelFault(part["kernel=".Length..]),
                    ShowsFaultsLate = true,
                },
                _ when part.StartsWith("early=", StringComparison.Ordinal) => options with
                {
                    EarlyInGraphs = part["early=".Length..],
                },
                _ => throw new InputException($"--device {deviceId}: {part} is not known; accepted: {Accepted}."),
            };
        }

        return Named(options, architecture);
    }

    /// <summary>The bytes that <c>memory=8MB</c> or <c>memory=80GB</c> gives; null where it is not that.</summary>
    private static long? MemoryOf(string part)
    {
        const string Name = "memory=";
        if (!part.StartsWith(Name, StringComparison.Ordinal) || part.Length < Name.Length + UnitLetters)
        {
            return null;
        }

        long unit = part[^UnitLetters..] switch
        {
            "MB" => 1_000_000,
            "GB" => 1_000_000_000,
            _ => 0,
        };
        string number = part[Name.Length..^UnitLetters];
        bool isNumber = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count);
        return unit > 0 && isNumber && count > 0 ? count * unit : null;
    }

    private static EmulatedCudaOptions Named(EmulatedCudaOptions options, int architecture) =>
        options with
        {
            ComputeMajor = architecture / 10,
            ComputeMinor = architecture % 10,
            Name = string.Create(CultureInfo.InvariantCulture, $"PTX emulator (sm_{architecture}, proves results)"),
        };
}
