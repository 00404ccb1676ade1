using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Emulation;

namespace GpuDecodeBench.Backends.Tests.Cuda.Emulation;

/// <summary>What goes wrong on purpose, and what is said then.</summary>
public sealed class EmulatedFaultTests
{
    [Fact]
    public void No_device() =>
        Assert.Equal(
            "The NVIDIA driver shows no GPU (CUDA_ERROR_NO_DEVICE): check that nvidia-smi lists one, and that MIG mode, if it is "
                + "on, has an instance.",
            Unavailable(new EmulatedCudaOptions { StartResult = CudaResult.NoDevice })
        );

    [Fact]
    public void A_driver_that_is_too_old() =>
        Assert.StartsWith(
            "The NVIDIA driver supports CUDA 11.4 at most",
            Unavailable(new EmulatedCudaOptions { DriverVersion = 11040 }),
            StringComparison.Ordinal
        );

    [Fact]
    public void Allocations_that_fail_after_so_many_bytes()
    {
        using CudaContext context = Context(new EmulatedCudaOptions { AllocationsFailAfterBytes = 1000 });
        context.Allocate(1000, "Weights");

        var error = Assert.Throws<DeviceUnavailableException>(() => context.Allocate(1, "The KV cache"));

        Assert.Equal(
            "The KV cache needs 1 bytes of GPU memory, but the GPU 0 (PTX emulator) has 4.00 GiB free of 4.00 GiB, with 1000 bytes "
                + "already taken by this run: free GPU memory (nvidia-smi lists what holds it) or run a smaller model, batch or "
                + "context.",
            error.Message
        );
    }

    [Fact]
    public void Memory_that_others_have_taken()
    {
        using CudaContext context = Context(
            new EmulatedCudaOptions { MemoryBytes = 2L << 30, TakenBytes = (2L << 30) - (100 << 20) }
        );

        Assert.Equal((100 << 20, 2L << 30), context.MemoryInfo());
        Assert.Contains(
            "has 0.10 GiB free of 2.00 GiB",
            Assert.Throws<DeviceUnavailableException>(() => context.Allocate(200 << 20, "Weights")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_kernel_that_faults_at_a_launch()
    {
        var fault = new EmulatedKernelFault("add", 2, CudaResult.MisalignedAddress);
        using CudaContext context = Context(new EmulatedCudaOptions { KernelFault = fault });
        CudaLaunch launch = Launch(context, out CudaStream stream, out byte[] arguments);
        stream.Launch(launch, arguments, "the first");

        var error = Assert.Throws<CudaException>(() => stream.Launch(launch, arguments, "the second"));

        Assert.True(error.IsSticky);
        Assert.EndsWith(
            "failed: CUDA_ERROR_MISALIGNED_ADDRESS; the GPU's context can no longer be used, so start the program again. The device "
                + "says: a fault that was asked for in kernel 'add', launch 2.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_fault_that_shows_late()
    {
        using CudaContext context = Context(
            new EmulatedCudaOptions { KernelFault = new EmulatedKernelFault("add"), ShowsFaultsLate = true }
        );
        CudaLaunch launch = Launch(context, out CudaStream stream, out byte[] arguments);
        stream.Launch(launch, arguments, "attention of layer 3");

        Assert.StartsWith(
            "Waiting for the GPU after attention of layer 3 failed: CUDA_ERROR_ILLEGAL_ADDRESS;",
            Assert.Throws<CudaException>(stream.Synchronize).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_fault_within_a_graph_ends_it()
    {
        var driver = new EmulatedCudaDriver(
            new FakeMachine(),
            new EmulatedCudaOptions { KernelFault = new EmulatedKernelFault("add", 2) }
        );
        using CudaContext context = EmulatedCudaDriverTests.Context(driver);
        CudaLaunch launch = Launch(context, out CudaStream stream, out byte[] arguments);
        stream.BeginCapture();
        stream.Launch(launch, arguments, "one");
        stream.Launch(launch, arguments, "two");
        stream.Launch(launch, arguments, "three");
        CudaGraph graph = stream.EndCapture();

        Assert.StartsWith(
            "Launching a graph of 3 pieces of work failed: CUDA_ERROR_ILLEGAL_ADDRESS;",
            Assert.Throws<CudaException>(() => stream.Launch(graph)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(2, driver.Launches["add"]);
    }

    [Theory]
    [InlineData("nonsense", CudaResultCode.InvalidPtx, "The compiler says: PTX line 1: unknown instruction: nonsense")]
    [InlineData(".version 9.9\n.target sm_80\n", CudaResultCode.UnsupportedPtxVersion, "PTX 9.9 needs CUDA 13.9")]
    [InlineData(
        ".version 8.0\n.target sm_90\n",
        CudaResultCode.NoBinaryForGpu,
        "PTX for compute capability 9.0 on a device of 8.0"
    )]
    [InlineData(
        ".version 8.0\n.target sm_75a\n",
        CudaResultCode.NoBinaryForGpu,
        "PTX for compute capability 7.5 on a device of 8.0"
    )]
    public void A_module_that_does_not_load(string ptx, int code, string words)
    {
        using CudaContext context = Context(new EmulatedCudaOptions());

        var error = Assert.Throws<CudaException>(() =>
            context.LoadModule(System.Text.Encoding.UTF8.GetBytes(ptx), "kernels")
        );

        Assert.Equal((CudaResult)code, error.Result);
        Assert.EndsWith(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_that_is_not_to_load_gives_the_log()
    {
        using CudaContext context = Context(new EmulatedCudaOptions { ModuleErrors = "ptxas: out of registers" });

        Assert.EndsWith(
            "The compiler says: ptxas: out of registers",
            Assert.Throws<CudaException>(() => context.LoadModule("fine"u8, "kernels")).Message,
            StringComparison.Ordinal
        );
    }

    private static CudaLaunch Launch(CudaContext context, out CudaStream stream, out byte[] arguments)
    {
        stream = context.CreateStream();
        CudaBuffer buffer = context.Allocate(16, "Numbers");
        arguments = [.. BitConverter.GetBytes(buffer.Address), 1, 0, 0, 0];
        CudaModule module = context.LoadModule(".version 8.0\n.target sm_80\n"u8, "kernels");
        return new CudaLaunch(module.Function("add"), new CudaDim3(1), new CudaDim3(1));
    }

    private static CudaContext Context(EmulatedCudaOptions options) =>
        EmulatedCudaDriverTests.Context(new EmulatedCudaDriver(new FakeMachine(), options));

    private static string Unavailable(EmulatedCudaOptions options) =>
        Assert.Throws<DeviceUnavailableException>(() => Context(options)).Message;

    /// <summary>Codes as the constants that attributes take.</summary>
    private static class CudaResultCode
    {
        public const int InvalidPtx = (int)CudaResult.InvalidPtx;
        public const int UnsupportedPtxVersion = (int)CudaResult.UnsupportedPtxVersion;
        public const int NoBinaryForGpu = (int)CudaResult.NoBinaryForGpu;
    }
}
