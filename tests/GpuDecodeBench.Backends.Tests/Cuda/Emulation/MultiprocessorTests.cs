using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Emulation;

namespace GpuDecodeBench.Backends.Tests.Cuda.Emulation;

/// <summary>How many blocks a multiprocessor holds; every expected number worked out by hand.</summary>
public sealed class MultiprocessorTests
{
    /// <summary>
    /// 252 registers are 8,192 a warp, two warps a fourth of the registers, two blocks of four warps; 160 are 5,120, three warps and
    /// three blocks; 33 are 1,280, twelve warps a fourth, six blocks of eight warps although the registers alone would be enough for 6.4.
    /// </summary>
    [Theory]
    [InlineData(128, 252, 2)]
    [InlineData(128, 160, 3)]
    [InlineData(128, 128, 4)]
    [InlineData(256, 255, 1)]
    [InlineData(256, 33, 6)]
    [InlineData(256, 32, 8)]
    [InlineData(1024, 64, 1)]
    [InlineData(1024, 65, 0)]
    public void RegistersAreGivenToWarpsInUnitsOf256(int threads, int registers, int blocks) =>
        Assert.Equal(blocks, Multiprocessor.Of(8, 0).BlocksOf(threads, registers, 0));

    [Theory]
    [InlineData(7, 5, 32, 16)]
    [InlineData(7, 5, 256, 4)]
    [InlineData(8, 0, 32, 32)]
    [InlineData(8, 6, 32, 16)]
    [InlineData(8, 6, 256, 6)]
    [InlineData(8, 9, 32, 24)]
    [InlineData(9, 0, 100, 16)]
    public void ThreadsAndBlocksAreThoseOfTheComputeCapability(int major, int minor, int threads, int blocks) =>
        Assert.Equal(blocks, Multiprocessor.Of(major, minor).BlocksOf(threads, 16, 0));

    /// <summary>164 KiB hold four blocks of 40 KiB and 1 KiB each, and three once a block has one byte more; 64 KiB of 7.5 two of 32.</summary>
    [Theory]
    [InlineData(8, 0, 40 << 10, 4)]
    [InlineData(8, 0, (40 << 10) + 1, 3)]
    [InlineData(7, 5, 32 << 10, 2)]
    [InlineData(8, 6, 99 << 10, 1)]
    [InlineData(9, 0, (227 << 10) + 1, 0)]
    public void SharedMemoryIsThatOfTheComputeCapability(int major, int minor, int bytes, int blocks) =>
        Assert.Equal(blocks, Multiprocessor.Of(major, minor).BlocksOf(64, 16, bytes));

    /// <summary>
    /// On sm_80 residual's kernel takes few registers and no shared memory, so that 256 threads fit eight times; attention over
    /// heads of 256 takes all that a thread may have, so that four warps fit twice.
    /// </summary>
    [Theory]
    [InlineData("elementwise", "residual", 256, 8)]
    [InlineData("attention_bf16", "attention_mma_bf16_d256_h8", 128, 2)]
    public void TheEmulatedDriverAnswersForTheProgramsKernels(string module, string kernel, int threads, int blocks)
    {
        using var device = (CudaDevice)new EmulatorBackend(80).Open(EmulatorBackend.BackendName);
        CudaFunction function = device.Kernels.Get(module, kernel);
        KernelResources known = KernelResourceTable.Find(80, kernel)!.Value;

        Assert.Equal(blocks, function.Occupancy(threads, 0));
        Assert.Equal(
            (known.RegistersPerThread, known.LocalBytes, known.StaticSharedBytes),
            (function.RegistersPerThread, function.LocalBytes, function.StaticSharedBytes)
        );
    }
}
