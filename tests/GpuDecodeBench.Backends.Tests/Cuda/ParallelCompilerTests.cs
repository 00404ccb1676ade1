using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Tests.Cuda.Driver;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>Kernels are compiled side by side by drivers that can.</summary>
public sealed class ParallelCompilerTests
{
    [Theory]
    [InlineData(12090, false)]
    [InlineData(13000, true)]
    [InlineData(13010, true)]
    public void The_compiler_is_given_all_processors_by_drivers_that_know_how(int driverVersion, bool isParallel)
    {
        var driver = new FakeCudaDriver { Version = driverVersion };
        CudaLibrary library = CudaLibrary.Open(driver);
        using CudaContext context = library.CreateContext(library.Devices[0]);

        CudaKernels.For(KernelSource.Own, library, context).Get("argmax", "argmax");

        Assert.Equal(isParallel, Assert.Single(driver.Compilations).IsParallel);
    }
}
