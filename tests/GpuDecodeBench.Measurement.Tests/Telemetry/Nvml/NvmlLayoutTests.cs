using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;
using GpuDecodeBench.Measurement.Tests.Telemetry.Nvml.StandIn;
using GpuDecodeBench.Tests.Shared;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Nvml;

/// <summary>Every structure lies in memory as a C compiler lays out the same one.</summary>
public sealed class NvmlLayoutTests(NvmlStandIn standIn) : IClassFixture<NvmlStandIn>
{
    [StandInFact]
    public void Structures_lie_as_C_lays_them_out()
    {
        int[] ours =
        [
            Unsafe.SizeOf<NvmlValue>(),
            .. LayoutOf<NvmlFieldValue>(
                nameof(NvmlFieldValue.Field),
                nameof(NvmlFieldValue.Scope),
                nameof(NvmlFieldValue.TimestampMicroseconds),
                nameof(NvmlFieldValue.LatencyMicroseconds),
                nameof(NvmlFieldValue.Type),
                nameof(NvmlFieldValue.Return),
                nameof(NvmlFieldValue.Value)
            ),
            .. LayoutOf<NvmlSample>(nameof(NvmlSample.TimestampMicroseconds), nameof(NvmlSample.Value)),
            .. LayoutOf<NvmlUtilization>(nameof(NvmlUtilization.CorePercent), nameof(NvmlUtilization.MemoryPercent)),
            .. LayoutOf<NvmlMemory>(
                nameof(NvmlMemory.TotalBytes),
                nameof(NvmlMemory.FreeBytes),
                nameof(NvmlMemory.UsedBytes)
            ),
            .. LayoutOf<NvmlMemoryV2>(
                nameof(NvmlMemoryV2.Version),
                nameof(NvmlMemoryV2.TotalBytes),
                nameof(NvmlMemoryV2.ReservedBytes),
                nameof(NvmlMemoryV2.FreeBytes),
                nameof(NvmlMemoryV2.UsedBytes)
            ),
            .. LayoutOf<NvmlPci>(
                nameof(NvmlPci.ShortText),
                nameof(NvmlPci.Domain),
                nameof(NvmlPci.Bus),
                nameof(NvmlPci.Device),
                nameof(NvmlPci.DeviceId),
                nameof(NvmlPci.SubSystemId),
                nameof(NvmlPci.Text)
            ),
            16,
            24,
            32,
            8,
        ];

        Assert.Equal(standIn.Layout, ours);
    }

    [Fact]
    public void The_version_word_of_memory_is_its_size_and_its_version() =>
        Assert.Equal(0x02000028u, NvmlMemoryV2.VersionWord);

    private static IEnumerable<int> LayoutOf<T>(params string[] fields)
        where T : struct => [Unsafe.SizeOf<T>(), .. fields.Select(field => (int)Marshal.OffsetOf<T>(field))];
}
