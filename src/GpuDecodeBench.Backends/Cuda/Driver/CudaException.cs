namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>
/// A call to the CUDA driver failed. The message is one or two sentences: what was done and with which shapes, what the driver
/// said, and what to do.
/// </summary>
internal sealed class CudaException : DeviceFaultException
{
    public CudaException(CudaResult result, string operation, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Result = result;
        Operation = operation;
    }

    /// <summary>The driver's code.</summary>
    public CudaResult Result { get; }

    /// <summary>What was done.</summary>
    public string Operation { get; }

    /// <summary>Whether the error has poisoned the context: all further work fails until the process ends.</summary>
    public bool IsSticky => CudaErrors.IsSticky(Result);
}
