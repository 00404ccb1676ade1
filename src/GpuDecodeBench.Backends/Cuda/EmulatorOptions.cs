using System.Globalization;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Emulation;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Models;

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

    private const string Fault = "kernel=";
    private const string Early = "early=";

    /// <summary>How many names a message about an unknown one offers.</summary>
    private const int NearestKernels = 3;

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
                _ when part.StartsWith(Fault, StringComparison.Ordinal) => options with
                {
                    KernelFault = new EmulatedKernelFault(part[Fault.Length..]),
                    ShowsFaultsLate = true,
                },
                _ when part.StartsWith(Early, StringComparison.Ordinal) => options with
                {
                    EarlyInGraphs = part[Early.Length..],
                },
                _ => throw new InputException($"--device {deviceId}: {part} is not known; accepted: {Accepted}."),
            };
        }

        CheckKernel(deviceId, Fault, options.KernelFault?.Kernel, architecture);
        CheckKernel(deviceId, Early, options.EarlyInGraphs, architecture);
        return Named(options, architecture);
    }

    /// <summary>Refuses a kernel that the device never runs: nothing would go wrong, and nobody would see why.</summary>
    private static void CheckKernel(string deviceId, string option, string? kernel, int architecture)
    {
        IReadOnlyList<string> known = KernelResourceTable.NamesFor(architecture);
        if (kernel is null || known.Contains(kernel))
        {
            return;
        }

        IEnumerable<string> nearest = known
            .OrderBy(name => kernel.Length > 0 && name.StartsWith(kernel, StringComparison.Ordinal) ? 0 : 1)
            .ThenBy(name => EditDistance.Between(kernel, name))
            .Take(NearestKernels);
        throw new InputException(
            $"--device {deviceId}: {option}{kernel} names no kernel of sm_{architecture}; the nearest are {string.Join(", ", nearest)}, and the folder kernels of the source has all in resources.tsv."
        );
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
