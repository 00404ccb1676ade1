using System.Runtime.InteropServices;
using System.Text;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Emulation;
using GpuDecodeBench.Ptx;

namespace GpuDecodeBench.Backends.Tests.Cuda.Emulation;

/// <summary>PTX from text to results, through the layer that the backend uses.</summary>
public sealed class PtxMachineTests : IDisposable
{
    /// <summary>Adds an amount to so many numbers, one a thread; its one parameter is a structure by value.</summary>
    private const string Ptx = """
        .version 8.0
        .target sm_80
        .address_size 64

        .visible .entry add_amount(
            .param .align 8 .b8 arguments[16]
        )
        .maxntid 128, 1, 1
        {
            .reg .pred %p<2>;
            .reg .b32 %r<8>;
            .reg .b64 %rd<4>;

            ld.param.u64 %rd1, [arguments];
            ld.param.u32 %r1, [arguments+8];
            ld.param.u32 %r2, [arguments+12];
            mov.u32 %r3, %ctaid.x;
            mov.u32 %r4, %ntid.x;
            mov.u32 %r5, %tid.x;
            mad.lo.s32 %r6, %r3, %r4, %r5;
            setp.ge.s32 %p1, %r6, %r2;
            @%p1 bra DONE;
            cvta.to.global.u64 %rd2, %rd1;
            mul.wide.s32 %rd3, %r6, 4;
            add.s64 %rd2, %rd2, %rd3;
            ld.global.u32 %r7, [%rd2];
            add.s32 %r7, %r7, %r1;
            st.global.u32 [%rd2], %r7;
        DONE:
            ret;
        }
        """;

    private const int Count = 100;

    private readonly PtxMachine _machine = new();
    private readonly EmulatedCudaDriver _driver;
    private readonly CudaContext _context;
    private readonly CudaStream _stream;
    private readonly CudaFunction _function;
    private readonly CudaBuffer _numbers;

    public PtxMachineTests()
    {
        _driver = new EmulatedCudaDriver(_machine, new EmulatedCudaOptions());
        _context = EmulatedCudaDriverTests.Context(_driver);
        _stream = _context.CreateStream();
        _function = _context.LoadModule(Encoding.UTF8.GetBytes(Ptx), "numbers").Function("add_amount");
        _numbers = _context.Allocate(Count * sizeof(int), "Numbers");
        _numbers.Fill32(_stream, 7);
    }

    public void Dispose()
    {
        _context.Dispose();
        _machine.Dispose();
    }

    [Fact]
    public void A_kernel_computes()
    {
        Launch(new Arguments(_numbers.Address, 5, Count));

        Assert.All(Numbers(), number => Assert.Equal(12, number));
    }

    [Fact]
    public void A_kernel_says_what_it_needs() =>
        Assert.Equal((128, 0, 0), (_function.MaxThreadsPerBlock, _function.StaticSharedBytes, _function.LocalBytes));

    [Fact]
    public void Captured_work_computes_at_every_launch_of_its_graph()
    {
        _stream.BeginCapture();
        _numbers.Fill32(_stream, 1);
        Launch(new Arguments(_numbers.Address, 2, Count));
        Launch(new Arguments(_numbers.Address, 3, Count - 1));
        CudaGraph graph = _stream.EndCapture();
        Assert.All(Numbers(), number => Assert.Equal(7, number));

        _stream.Launch(graph);
        _stream.Launch(graph);

        Assert.Equal((3, 6, 3), (graph.NodeCount, Numbers()[0], Numbers()[^1]));
    }

    [Fact]
    public void What_a_launch_did_is_told_by_the_names_of_memory()
    {
        var launches = new List<(string Kernel, CudaDim3 Grid, CudaDim3 Block, LaunchCounters Counters)>();
        _machine.OnLaunch = (kernel, grid, block, counters) => launches.Add((kernel, grid, block, counters));

        Launch(new Arguments(_numbers.Address, 5, Count));

        (string name, CudaDim3 grid, CudaDim3 block, LaunchCounters counters) = Assert.Single(launches);
        Assert.Equal(("add_amount", new CudaDim3(2), new CudaDim3(64)), (name, grid, block));
        Assert.Equal(Count * sizeof(int), counters.Allocation("Numbers")!.LoadedBytes);
        Assert.Equal(Count * sizeof(int), counters.Allocation("Numbers")!.DistinctWrittenBytes);
    }

    [Fact]
    public void An_access_beyond_memory_is_an_illegal_address()
    {
        CudaException error = Fault(new Arguments(_numbers.Address, 5, Count + 1));

        Assert.Equal(CudaResult.IllegalAddress, error.Result);
        Assert.Contains("The device says: OutOfBounds in kernel 'add_amount'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'Numbers'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_odd_address_is_misaligned() =>
        Assert.Equal(CudaResult.MisalignedAddress, Fault(new Arguments(_numbers.Address + 2, 5, 1)).Result);

    [Fact]
    public void Memory_given_back_is_an_illegal_address()
    {
        _numbers.Dispose();

        Assert.Equal(CudaResult.IllegalAddress, Fault(new Arguments(_numbers.Address, 5, 1)).Result);
    }

    [Fact]
    public void Memory_that_nobody_wrote_is_a_failed_launch()
    {
        CudaBuffer fresh = _context.Allocate(16, "Nothing");

        CudaException error = Fault(new Arguments(fresh.Address, 5, 1));

        Assert.Equal(CudaResult.LaunchFailed, error.Result);
        Assert.Contains("The device says: UninitialisedRead", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_instruction_that_is_not_known_is_named()
    {
        string wrong = Ptx.Replace("mad.lo.s32", "mad.mystery.s32", StringComparison.Ordinal);

        var error = Assert.Throws<CudaException>(() => _context.LoadModule(Encoding.UTF8.GetBytes(wrong), "wrong"));

        Assert.Equal(CudaResult.InvalidPtx, error.Result);
        Assert.Contains("mad.mystery.s32", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PtxFaultKind.OutOfBounds, (int)CudaResult.IllegalAddress)]
    [InlineData(PtxFaultKind.UseAfterFree, (int)CudaResult.IllegalAddress)]
    [InlineData(PtxFaultKind.Misaligned, (int)CudaResult.MisalignedAddress)]
    [InlineData(PtxFaultKind.Race, (int)CudaResult.LaunchFailed)]
    [InlineData(PtxFaultKind.Trap, (int)CudaResult.LaunchFailed)]
    [InlineData(PtxFaultKind.Deadlock, (int)CudaResult.LaunchTimeout)]
    [InlineData(PtxFaultKind.IllegalOperation, (int)CudaResult.IllegalInstruction)]
    public void A_fault_has_the_code_of_a_GPU(PtxFaultKind kind, int code) =>
        Assert.Equal((CudaResult)code, PtxMachine.Code(kind));

    private CudaException Fault(Arguments arguments) => Assert.Throws<CudaException>(() => Launch(arguments));

    private void Launch(Arguments arguments) =>
        _stream.Launch(new CudaLaunch(_function, new CudaDim3(2), new CudaDim3(64)), arguments, "adding an amount");

    private int[] Numbers()
    {
        var numbers = new int[Count];
        _numbers.CopyTo(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return numbers;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Arguments(ulong Address, int Amount, int Count);
}
