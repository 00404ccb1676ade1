using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Emulation;
using GpuDecodeBench.Backends.Tests.Cuda.Driver;

namespace GpuDecodeBench.Backends.Tests.Cuda.Emulation;

/// <summary>The emulated driver under the layer that the backend uses.</summary>
public sealed class EmulatedCudaDriverTests : IDisposable
{
    private static readonly byte[] s_ptx = ".version 8.0\n.target sm_80\n"u8.ToArray();

    private readonly EmulatedCudaDriver _driver = new(new FakeMachine(), new EmulatedCudaOptions());
    private readonly CudaContext _context;
    private readonly CudaStream _stream;
    private readonly CudaBuffer _buffer;
    private readonly CudaFunction _add;
    private readonly CudaFunction _wild;

    public EmulatedCudaDriverTests()
    {
        _context = Context(_driver);
        _stream = _context.CreateStream();
        _buffer = _context.Allocate(16, "Numbers");
        CudaModule module = _context.LoadModule(s_ptx, "kernels");
        _add = module.Function("add");
        _wild = module.Function("wild");
        _buffer.Fill8(_stream, 0);
    }

    public void Dispose() => _context.Dispose();

    [Fact]
    public void The_device_is_described()
    {
        Assert.Equal(
            ("PTX emulator", 80, 32),
            (_context.Device.Name, _context.Device.Compute, _context.Device.WarpSize)
        );
        Assert.Equal(163 << 10, _context.Device.SharedBytesPerBlock);
    }

    [Theory]
    [InlineData(7, 5, 64)]
    [InlineData(8, 6, 99)]
    [InlineData(9, 0, 227)]
    [InlineData(12, 0, 99)]
    public void Shared_memory_is_that_of_the_compute_capability(int major, int minor, int kibibytes)
    {
        var driver = new EmulatedCudaDriver(
            new FakeMachine(),
            new EmulatedCudaOptions { ComputeMajor = major, ComputeMinor = minor }
        );

        Assert.Equal(kibibytes << 10, CudaLibrary.Open(driver).Devices[0].SharedBytesPerBlock);
    }

    [Fact]
    public void A_kernel_runs_when_it_is_launched()
    {
        Add(5);

        Assert.Equal(5, Number());
        Assert.Equal(1, _driver.Launches["add"]);
    }

    [Fact]
    public void Captured_work_runs_at_every_launch_of_its_graph_and_not_before()
    {
        _stream.BeginCapture();
        Add(5);
        Add(2);
        using CudaGraph graph = _stream.EndCapture();
        Assert.Equal((2, 0), (graph.NodeCount, Number()));

        _stream.Launch(graph);
        _stream.Launch(graph);

        Assert.Equal(14, Number());
    }

    [Fact]
    public void Fills_and_copies_are_captured_as_well()
    {
        CudaBuffer copy = _context.Allocate(16, "A copy");
        CudaHostBuffer host = _context.AllocateHost(16, "Numbers");
        _stream.BeginCapture();
        _stream.CopyToDevice(host, _buffer, 16);
        Add(1);
        _stream.Copy(_buffer, copy, 16);
        _stream.CopyToHost(copy, host, 16);
        CudaGraph graph = _stream.EndCapture();

        _stream.Launch(graph);
        _stream.Launch(graph);
        _stream.Launch(graph);

        Assert.Equal(3, host.Span<int>()[0]);
    }

    [Fact]
    public void Fills_repeat_a_value_of_each_width()
    {
        var bytes = new byte[16];
        _buffer.Fill16(_stream, 0x0201);
        _buffer.CopyTo(bytes);
        Assert.Equal([1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2], bytes);

        _buffer.Fill32(_stream, 0x04030201);
        _buffer.CopyTo(bytes);
        Assert.Equal([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4], bytes);
    }

    [Fact]
    public void Waiting_while_a_graph_is_captured_breaks_the_capture()
    {
        _stream.BeginCapture();
        Assert.Equal(CudaResult.StreamCaptureUnsupported, Assert.Throws<CudaException>(_stream.Synchronize).Result);

        Assert.Equal(CudaResult.StreamCaptureInvalidated, Assert.Throws<CudaException>(_stream.EndCapture).Result);
        Add(1);
        Assert.Equal(1, Number());
    }

    [Fact]
    public void Whatever_cannot_be_captured_breaks_the_capture()
    {
        CudaModule module = _context.LoadModule(s_ptx, "kernels");
        Action[] actions =
        [
            () => module.Function("add"),
            () => _context.LoadModule(s_ptx, "kernels"),
            () => _context.Allocate(16, "Numbers"),
            () => _context.AllocateHost(16, "Numbers"),
            () => _buffer.CopyTo(new byte[1]),
        ];

        foreach (Action action in actions)
        {
            _stream.BeginCapture();
            Assert.Equal(CudaResult.StreamCaptureUnsupported, Assert.Throws<CudaException>(action).Result);
            Assert.Throws<CudaException>(_stream.EndCapture);
        }
    }

    [Fact]
    public void A_fault_poisons_the_context_and_is_told_in_full()
    {
        var error = Assert.Throws<CudaException>(() => Launch(_wild, 1));

        Assert.Equal(
            "Launching a test (kernel wild, grid 1x1x1, block 1x1x1, 0 bytes of dynamic shared memory, 12 bytes of arguments) "
                + "failed: CUDA_ERROR_ILLEGAL_ADDRESS; the GPU's context can no longer be used, so start the program again. The "
                + "device says: 4 bytes at 0x8 are no memory.",
            error.Message
        );
        Assert.Throws<CudaException>(() => _buffer.CopyTo(new byte[1]));
    }

    [Fact]
    public void Everything_is_given_back_even_after_a_fault()
    {
        _context.AllocateHost(16, "Numbers");
        _context.CreateEvent();
        Assert.Throws<CudaException>(() => Launch(_wild, 1));

        _context.Dispose();

        Assert.Equal((0, 0L, 0), (_driver.AliveHandles, _driver.AllocatedBytes, _driver.AliveHostMemory));
    }

    [Theory]
    [InlineData(0, 1, 0, 12, "add asks")]
    [InlineData(1, 257, 0, 12, "the block 257x1x1 of add has more than 256 threads")]
    [InlineData(1, 1, 48 << 10, 12, "add asks for 49152 bytes of dynamic shared memory, and 48128 are allowed")]
    [InlineData(1, 1, 0, 8, "add takes 12 bytes of parameters and was given 8")]
    public void A_launch_out_of_range_is_refused(int grid, int block, int shared, int bytes, string words)
    {
        var error = Assert.Throws<CudaException>(() =>
            _stream.Launch(new CudaLaunch(_add, new(grid), new(block), shared), new byte[bytes], "a test")
        );

        Assert.Equal(CudaResult.InvalidValue, error.Result);
        Assert.Contains(
            grid == 0 ? "the grid 0x1x1 of blocks 1x1x1 of add has an extent out of range" : words,
            error.Message,
            StringComparison.Ordinal
        );
        Assert.False(error.IsSticky);
    }

    [Fact]
    public void More_shared_memory_is_allowed_up_to_the_devices()
    {
        _add.SetMaxDynamicShared(162 << 10);
        _stream.Launch(new CudaLaunch(_add, new(1), new(1), 162 << 10), Arguments(1), "a test");

        Assert.Equal(1, Number());
        Assert.Throws<CudaException>(() => _add.SetMaxDynamicShared((162 << 10) + 1));
    }

    [Fact]
    public void Occupancy_is_what_threads_registers_and_shared_memory_leave() =>
        Assert.Equal((8, 1, 0), (_add.Occupancy(256, 0), _add.Occupancy(32, 100 << 10), _add.Occupancy(512, 0)));

    [Fact]
    public void Time_passes_between_events()
    {
        CudaEvent start = _context.CreateEvent();
        CudaEvent end = _context.CreateEvent();
        _stream.Record(start);
        Add(1);
        _stream.Record(end);

        Assert.True(end.HasHappened);
        Assert.InRange(end.SecondsSince(start), 0, 60);
    }

    [Fact]
    public void Work_with_what_was_given_back_is_refused()
    {
        Assert.Equal(CudaResult.InvalidHandle, _driver.StreamSynchronize(0x999999));
        Assert.Equal(CudaResult.InvalidValue, _driver.MemFree(0x999999));
        Assert.Equal(CudaResult.InvalidHandle, _driver.ModuleUnload(0x999999));
        Assert.Equal(CudaResult.InvalidValue, _driver.MemcpyDtoHAsync(0x999999, _buffer.Address, 4, 0));
    }

    internal static CudaContext Context(EmulatedCudaDriver driver)
    {
        CudaLibrary library =
            CudaLibrary.TryOpen(driver, new FakeHost(), out string? whyNot)
            ?? throw new DeviceUnavailableException(whyNot!);
        return library.CreateContext(library.Devices[0]);
    }

    private byte[] Arguments(int amount) =>
        [.. BitConverter.GetBytes(_buffer.Address), .. BitConverter.GetBytes(amount)];

    private void Add(int amount) => Launch(_add, amount);

    private void Launch(CudaFunction function, int amount) =>
        _stream.Launch(new CudaLaunch(function, new(1), new(1)), Arguments(amount), "a test");

    private int Number()
    {
        var numbers = new int[4];
        _buffer.CopyTo(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers[0];
    }
}
