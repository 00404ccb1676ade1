namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>What the operating system shows of NVIDIA GPUs, to say why the driver finds none.</summary>
internal interface ICudaHost
{
    /// <summary>The environment variable CUDA_VISIBLE_DEVICES; null where it is not set.</summary>
    string? VisibleDevices { get; }

    /// <summary>Whether the nodes /dev/nvidia0 and so on, or their like, are there; null where that cannot be told.</summary>
    bool? HasDeviceNodes { get; }

    /// <summary>The version of the kernel's part of the driver, such as 555.42.02; null where none is loaded or visible.</summary>
    string? KernelDriverVersion { get; }

    /// <summary>Whether the program runs in a container.</summary>
    bool IsContainer { get; }
}
