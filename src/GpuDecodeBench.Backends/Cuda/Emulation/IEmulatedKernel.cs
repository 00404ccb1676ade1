namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>A kernel that a machine has compiled.</summary>
internal interface IEmulatedKernel
{
    string Name { get; }

    int ParameterBytes { get; }

    int StaticSharedBytes { get; }

    int LocalBytes { get; }

    /// <summary>The most threads of a block that the kernel names; null where it names none.</summary>
    int? MaxThreads { get; }
}
