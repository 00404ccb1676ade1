using GpuDecodeBench.Backends.Cpu;

namespace GpuDecodeBench.Backends.Tests;

/// <summary>A machine with known properties.</summary>
internal sealed class TestHost : IHostInformation
{
    public string? CpuName => "test CPU";

    public long? MemoryBytes => 8L << 30;

    public long? AvailableMemoryBytes => 4L << 30;

    public long? LastLevelCacheBytes => 32 << 20;
}
