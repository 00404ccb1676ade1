using GpuDecodeBench.Backends.Cuda;

namespace GpuDecodeBench.Backends.Tests;

/// <summary>
/// The CUDA backend on this machine's GPU. Compiled everywhere, and seen by the test runner where a GPU is (the project file looks for
/// NVIDIA's device node, or is told with <c>-p:WithGpu=true</c>): a test that passed for want of a GPU would say nothing.
/// </summary>
#if GPU_PRESENT
public
#else
internal
#endif
sealed class GpuBackendTests() : DecodeBackendSuite(new CudaBackend());
