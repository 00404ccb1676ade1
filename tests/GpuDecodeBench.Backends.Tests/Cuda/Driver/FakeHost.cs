using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Tests.Cuda.Driver;

/// <summary>An operating system that shows what a test says.</summary>
internal sealed class FakeHost : ICudaHost
{
    public string? VisibleDevices { get; init; }

    public bool? HasDeviceNodes { get; init; } = true;

    public string? KernelDriverVersion { get; init; }

    public bool IsContainer { get; init; }
}
