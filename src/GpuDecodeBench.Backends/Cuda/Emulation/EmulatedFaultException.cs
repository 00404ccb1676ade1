using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>Something an emulated device must not do was done: the code a GPU would give, and all that is known.</summary>
internal sealed class EmulatedFaultException(CudaResult result, string detail, Exception? innerException = null)
    : Exception(detail, innerException)
{
    public CudaResult Result { get; } = result;
}
