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
        "emulator[:sm_75|sm_80|sm_89|sm_90][:no-device|old-driver|driver-11.8|memory-taken|allocation|kernel=NAME|early=NAME]";

    private static readonly int[] s_architectures = [75, 80, 89, 90];

    /// <summary>Reads a device's name.</summary>
    /// <exception cref="InputException">It is not one.</exception>
    public static EmulatedCudaOptions Read(string deviceId, int defaultArchitecture)
    {
        int architecture = defaultArchitecture;
        EmulatedCudaOptions options = new();
        foreach (string part in deviceId.Split(':').Skip(1))
        {
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

        return options with
        {
            ComputeMajor = architecture / 10,
            ComputeMinor = architecture % 10,
            Name = string.Create(CultureInfo.InvariantCulture, $"PTX emulator (sm_{architecture}, proves results)"),
        };
    }
}
