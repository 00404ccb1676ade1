using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>Captured work.</summary>
internal sealed record EmulatedGraph(IReadOnlyList<Func<CudaResult>> Work);
