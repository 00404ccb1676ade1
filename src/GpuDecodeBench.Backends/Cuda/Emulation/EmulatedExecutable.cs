namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>Captured work that is ready.</summary>
internal sealed record EmulatedExecutable(EmulatedGraph Graph);
