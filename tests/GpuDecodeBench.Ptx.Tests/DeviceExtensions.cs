using System.Runtime.InteropServices;

namespace GpuDecodeBench.Ptx.Tests;

internal static class DeviceExtensions
{
    public static ulong Upload<T>(this EmulatedDevice device, string label, params ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values);
        var address = device.GlobalMemory.Allocate(bytes.Length, label);
        device.GlobalMemory.Write(address, bytes);
        return address;
    }

    public static T[] Download<T>(this EmulatedDevice device, ulong address, int count)
        where T : unmanaged
    {
        var result = new T[count];
        device.GlobalMemory.Read(address, MemoryMarshal.AsBytes(result.AsSpan()));
        return result;
    }

    public static LaunchCounters Run(
        this EmulatedDevice device,
        PtxKernel kernel,
        int grid,
        int block,
        Parameters parameters,
        int dynamicSharedBytes = 0
    ) =>
        device.Launch(
            kernel,
            new(grid),
            new(block),
            dynamicSharedBytes,
            parameters.ToArray(),
            TestContext.Cancellation
        );
}
