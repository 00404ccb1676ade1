using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Tests.Cuda.Driver;

/// <summary>Copies, kernels, streams and graphs: what is called, and what is said when it fails.</summary>
public sealed class CudaWorkTests : IDisposable
{
    private readonly FakeCudaDriver _driver = new();
    private readonly CudaContext _context;
    private readonly CudaStream _stream;
    private readonly CudaFunction _function;
    private readonly CudaBuffer _buffer;

    public CudaWorkTests()
    {
        CudaLibrary library = CudaLibrary.Open(_driver);
        _context = library.CreateContext(library.Devices[0]);
        _stream = _context.CreateStream();
        _function = _context.LoadModule("ptx"u8, "kernels").Function("gemv");
        _buffer = _context.Allocate(100, "The KV cache");
        _driver.Calls.Clear();
    }

    private CudaLaunch Launch =>
        new(_function, new CudaDim3(2, 3), new CudaDim3(128), 4096, ProgrammaticDependent: true);

    public void Dispose() => _context.Dispose();

    [Fact]
    public void A_copy_to_the_device_waits_for_work_before_and_for_its_own_end()
    {
        _buffer.CopyFrom(new byte[10], 90);

        Assert.Equal(["ContextSynchronize", "MemcpyHtoD", "StreamSynchronize"], _driver.Calls);
    }

    [Fact]
    public void A_copy_to_the_host_waits_for_work_before()
    {
        _buffer.CopyTo(new byte[10], 90);

        Assert.Equal(["ContextSynchronize", "MemcpyDtoH"], _driver.Calls);
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(91, 10)]
    [InlineData(0, 101)]
    public void A_copy_outside_a_buffer_is_refused(long offset, int bytes)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _buffer.CopyFrom(new byte[bytes], offset));

        Assert.StartsWith(
            $"The KV cache has 100 bytes, of which {bytes} from {offset} on were asked for; ask for bytes that it has.",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(_driver.Calls);
    }

    [Fact]
    public void Copies_on_a_stream_stay_within_both_ends()
    {
        CudaHostBuffer host = _context.AllocateHost(50, "Logits");

        Assert.Throws<ArgumentOutOfRangeException>(() => _stream.CopyToHost(_buffer, host, 51));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            _stream.CopyToDevice(host, _buffer, 20, destinationOffset: 81)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => _stream.Copy(_buffer, _buffer, 20, sourceOffset: 81));
        _stream.CopyToHost(_buffer, host, 50, sourceOffset: 50);
        Assert.Equal(["MemHostAlloc", "MemcpyDtoHAsync"], _driver.Calls);
    }

    [Fact]
    public void A_failed_copy_names_the_buffer()
    {
        _driver.Fail("MemcpyHtoD", CudaResult.InvalidValue);

        var error = Assert.Throws<CudaException>(() => _buffer.CopyFrom(new byte[10]));

        Assert.Equal(
            "Copying 10 bytes to the KV cache on the GPU failed: CUDA_ERROR_1 (some words); run again, and report this if it stays.",
            error.Message
        );
        Assert.False(error.IsSticky);
    }

    [Fact]
    public void A_failed_launch_names_the_kernel_and_its_shapes()
    {
        _driver.Fail("LaunchKernelEx", CudaResult.LaunchOutOfResources);

        var error = Assert.Throws<CudaException>(() => _stream.Launch(Launch, 1L, "attention of layer 3"));

        Assert.Equal(
            "Launching attention of layer 3 (kernel gemv, grid 2x3x1, block 128x1x1, 4096 bytes of dynamic shared memory, 8 bytes "
                + "of arguments) failed: CUDA_ERROR_701 (some words); the kernel asks for more registers or threads than a block "
                + "may have; report this.",
            error.Message
        );
        Assert.Equal(CudaResult.LaunchOutOfResources, error.Result);
    }

    [Fact]
    public void A_fault_found_later_names_the_last_launch_and_what_the_device_knows()
    {
        _stream.Launch(Launch, 1L, "attention of layer 3");
        _driver.Fail("StreamSynchronize", CudaResult.IllegalAddress);
        _driver.LastFaultDetail = "thread (3,0,0) read 4 bytes at 0x10.";

        var error = Assert.Throws<CudaException>(_stream.Synchronize);

        Assert.Equal(
            "Waiting for the GPU after attention of layer 3 failed: CUDA_ERROR_700 (some words); the GPU's context can no longer "
                + "be used, so start the program again. The device says: thread (3,0,0) read 4 bytes at 0x10.",
            error.Message
        );
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(9, true)]
    [InlineData(12, true)]
    public void Overlap_with_the_kernel_before_is_asked_for_where_the_device_has_it(int major, bool isAskedFor)
    {
        var driver = new FakeCudaDriver();
        driver.Attributes[CudaDeviceAttribute.ComputeCapabilityMajor] = major;
        CudaLibrary library = CudaLibrary.Open(driver);
        using CudaContext context = library.CreateContext(library.Devices[0]);

        context
            .CreateStream()
            .Launch(Launch with { Function = context.LoadModule("ptx"u8, "k").Function("gemv") }, [], "it");

        Assert.Equal(isAskedFor, Assert.Single(driver.Launches).ProgrammaticStreamSerialization);
    }

    [Fact]
    public void A_module_that_does_not_compile_gives_the_compilers_words()
    {
        _driver.Fail("ModuleLoadData", CudaResult.InvalidPtx);

        var error = Assert.Throws<CudaException>(() => _context.LoadModule("ptx"u8, "attention"));

        Assert.Equal(
            "Compiling the kernels attention for Fake GPU (compute capability 9.0) failed: CUDA_ERROR_218 (some words); the "
                + "kernels do not compile for this GPU; report this with the text below. The compiler says: ptxas: line 3: "
                + "unknown symbol",
            error.Message
        );
    }

    [Theory]
    [InlineData(true, new[] { true })]
    [InlineData(false, new[] { true, false })]
    public void A_driver_that_cannot_compile_side_by_side_is_asked_again_without(bool isKnown, bool[] asked)
    {
        var driver = new FakeCudaDriver { KnowsParallelCompiler = isKnown };
        CudaLibrary library = CudaLibrary.Open(driver);
        using CudaContext context = library.CreateContext(library.Devices[0]);

        context.LoadModule("ptx"u8, "attention", new CudaJitOptions(IsParallel: true));

        Assert.Equal(asked, driver.Compilations.Select(options => options.IsParallel));
    }

    [Fact]
    public void A_call_that_is_refused_for_another_reason_is_not_repeated()
    {
        _driver.Fail("ModuleLoadData", CudaResult.InvalidPtx);

        Assert.Throws<CudaException>(() =>
            _context.LoadModule("ptx"u8, "attention", new CudaJitOptions(IsParallel: true))
        );

        // The first was the fixture's.
        Assert.Equal([false, true], _driver.Compilations.Select(options => options.IsParallel));
    }

    [Fact]
    public void A_kernel_that_is_not_there_is_named_or_passed_over()
    {
        CudaModule module = _context.LoadModule("ptx"u8, "attention");

        Assert.False(module.TryFunction("missing", out _));
        Assert.True(module.TryFunction("gemv", out CudaFunction? function));
        Assert.Equal("gemv", function.Name);
        Assert.StartsWith(
            "Finding the kernel missing in the module attention failed:",
            Assert.Throws<CudaException>(() => module.Function("missing")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_kernels_properties_are_read_once()
    {
        Assert.Equal(
            (14, 11, 13, 10),
            (
                _function.RegistersPerThread,
                _function.StaticSharedBytes,
                _function.LocalBytes,
                _function.MaxThreadsPerBlock
            )
        );
        Assert.Equal(4, _function.Occupancy(128, 0));
        Assert.Equal(["OccupancyMaxActiveBlocksPerMultiprocessor"], _driver.Calls);
    }

    [Fact]
    public void A_graph_keeps_only_what_is_launched()
    {
        _stream.BeginCapture();
        Assert.True(_stream.IsCapturing);
        using CudaGraph graph = _stream.EndCapture();

        Assert.False(_stream.IsCapturing);
        Assert.Equal(2, graph.NodeCount);
        Assert.DoesNotContain("graph", _driver.Alive);
        Assert.Contains("executable graph", _driver.Alive);
    }

    [Theory]
    [InlineData("GraphInstantiate")]
    [InlineData("GraphGetNodeCount")]
    [InlineData("StreamEndCapture")]
    public void A_graph_that_is_not_made_ready_leaves_nothing(string call)
    {
        _driver.Fail(call, CudaResult.StreamCaptureInvalidated);
        _stream.BeginCapture();

        Assert.Throws<CudaException>(_stream.EndCapture);

        Assert.False(_stream.IsCapturing);
        Assert.DoesNotContain(_driver.Alive, kind => kind.Contains("graph", StringComparison.Ordinal));
    }

    [Fact]
    public void An_abandoned_capture_leaves_nothing()
    {
        _stream.BeginCapture();

        _stream.AbandonCapture();
        _stream.AbandonCapture();

        Assert.False(_stream.IsCapturing);
        Assert.Single(_driver.Calls, call => call == "StreamEndCapture");
        Assert.DoesNotContain("graph", _driver.Alive);
    }

    [Fact]
    public void Seconds_between_events_are_the_drivers_milliseconds()
    {
        CudaEvent start = _context.CreateEvent();
        CudaEvent end = _context.CreateEvent();
        _stream.Record(start);
        _stream.Record(end);

        Assert.Equal(0.0025, end.SecondsSince(start), 9);
    }
}
