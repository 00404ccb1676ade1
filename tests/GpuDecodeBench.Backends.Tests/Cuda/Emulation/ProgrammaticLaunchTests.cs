using System.Text;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Cuda.Emulation;

namespace GpuDecodeBench.Backends.Tests.Cuda.Emulation;

/// <summary>What of the driver's work lets a programmatic launch begin early, and what makes it wait.</summary>
public sealed class ProgrammaticLaunchTests : IDisposable
{
    /// <summary>One writes a number, the other reads it without a wait.</summary>
    private const string Ptx = """
        .version 8.0
        .target sm_80
        .address_size 64

        .visible .entry writer(.param .u64 at)
        {
            .reg .b64 %rd<2>;
            ld.param.u64 %rd1, [at];
            st.global.u32 [%rd1], 7;
            ret;
        }

        .visible .entry reader(.param .u64 at)
        {
            .reg .b32 %r<2>;
            .reg .b64 %rd<2>;
            ld.param.u64 %rd1, [at];
            ld.global.u32 %r1, [%rd1];
            ret;
        }
        """;

    private readonly List<IDisposable> _open = [];

    public void Dispose() => _open.ForEach(open => open.Dispose());

    [Fact]
    public void A_programmatic_launch_must_wait_for_the_one_before_it()
    {
        Gpu gpu = Open();
        gpu.Write();

        var error = Assert.Throws<CudaException>(gpu.ReadEarly);

        Assert.Equal(CudaResult.LaunchFailed, error.Result);
        Assert.Contains("The device says: Overlap in kernel 'reader'", error.Message, StringComparison.Ordinal);
        Assert.Contains("the earlier kernel 'writer' wrote", error.Message, StringComparison.Ordinal);
        Assert.Contains("of 'Number'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_other_launch_waits_by_itself()
    {
        Gpu gpu = Open();
        gpu.Write();
        gpu.Read();
    }

    /// <summary>Programmatic dependent launch is there from compute capability 9.0 on.</summary>
    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void Older_devices_run_one_launch_after_the_other(int major)
    {
        Gpu gpu = Open(major);
        gpu.Write();
        gpu.ReadEarly();
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(12)]
    public void Newer_ones_do_not(int major)
    {
        Gpu gpu = Open(major);
        gpu.Write();
        Assert.Throws<CudaException>(gpu.ReadEarly);
    }

    public static TheoryData<string> Between =>
        ["stream", "query", "context", "event", "event query", "fill", "copy", "copy to host", "graph"];

    [Theory]
    [MemberData(nameof(Between))]
    public void Waiting_for_the_device_and_work_that_is_no_kernel_make_it_past(string what)
    {
        Gpu gpu = Open();
        CudaEvent recorded = gpu.Context.CreateEvent();
        CudaGraph graph = gpu.Capture(gpu.WriteOther);
        gpu.Write();
        gpu.Stream.Record(recorded);
        switch (what)
        {
            case "stream":
                gpu.Stream.Synchronize();
                break;
            case "query":
                Assert.True(gpu.Stream.IsIdle);
                break;
            case "context":
                gpu.Context.Synchronize();
                break;
            case "event":
                recorded.Synchronize();
                break;
            case "event query":
                Assert.True(recorded.HasHappened);
                break;
            case "fill":
                gpu.Other.Fill32(gpu.Stream, 1);
                break;
            case "copy":
                gpu.Stream.Copy(gpu.Number, gpu.Other, sizeof(int));
                break;
            case "copy to host":
                gpu.Stream.CopyToHost(gpu.Number, gpu.Host, sizeof(int));
                break;
            default:
                gpu.Stream.Launch(graph);
                break;
        }

        gpu.ReadEarly();
    }

    [Fact]
    public void An_event_alone_and_one_of_before_the_launch_do_not()
    {
        foreach (bool isBefore in new[] { false, true })
        {
            Gpu gpu = Open();
            CudaEvent recorded = gpu.Context.CreateEvent();
            gpu.WriteOther();
            if (isBefore)
            {
                gpu.Stream.Record(recorded);
            }

            gpu.Write();
            if (isBefore)
            {
                recorded.Synchronize();
            }
            else
            {
                gpu.Stream.Record(recorded);
            }

            Assert.Throws<CudaException>(gpu.ReadEarly);
        }
    }

    [Fact]
    public void Graphs_keep_it_at_every_replay()
    {
        Gpu gpu = Open();
        CudaGraph wrong = gpu.Capture(() =>
        {
            gpu.Write();
            gpu.ReadEarly();
        });
        CudaGraph right = gpu.Capture(() =>
        {
            gpu.Write();
            gpu.Read();
        });
        gpu.Stream.Launch(right);
        gpu.Stream.Launch(right);
        Assert.Contains(
            "Overlap in kernel 'reader'",
            Assert.Throws<CudaException>(() => gpu.Stream.Launch(wrong)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_graph_begins_behind_what_is_ahead_of_it_and_ends_ahead_of_what_is_behind_it()
    {
        Gpu gpu = Open();
        CudaGraph reads = gpu.Capture(gpu.ReadEarly);
        CudaGraph writes = gpu.Capture(gpu.Write);
        gpu.Write();
        gpu.Stream.Launch(reads);
        gpu.Stream.Launch(writes);
        gpu.Stream.Launch(reads);
        gpu.Stream.Launch(writes);
        gpu.ReadEarly();
    }

    /// <summary>Streams are not checked against each other.</summary>
    [Fact]
    public void Each_stream_has_its_own_order()
    {
        Gpu gpu = Open();
        gpu.Write();
        gpu.ReadEarly(gpu.Context.CreateStream());
        Assert.Throws<CudaException>(gpu.ReadEarly);
    }

    private Gpu Open(int major = 9)
    {
        var machine = new PtxMachine();
        var driver = new EmulatedCudaDriver(
            machine,
            new EmulatedCudaOptions { ComputeMajor = major, ComputeMinor = major == 7 ? 5 : 0 }
        );
        CudaContext context = EmulatedCudaDriverTests.Context(driver);
        _open.Insert(0, machine);
        _open.Insert(0, context);
        string target = major == 7 ? Ptx.Replace("sm_80", "sm_75", StringComparison.Ordinal) : Ptx;
        CudaModule module = context.LoadModule(Encoding.UTF8.GetBytes(target), "numbers");
        var gpu = new Gpu(
            context,
            context.CreateStream(),
            module.Function("writer"),
            module.Function("reader"),
            context.Allocate(sizeof(int), "Number"),
            context.Allocate(sizeof(int), "Other"),
            context.AllocateHost(sizeof(int), "Host")
        );
        gpu.Number.Fill32(gpu.Stream, 0);
        return gpu;
    }

    private sealed record Gpu(
        CudaContext Context,
        CudaStream Stream,
        CudaFunction Writer,
        CudaFunction Reader,
        CudaBuffer Number,
        CudaBuffer Other,
        CudaHostBuffer Host
    )
    {
        public void Write() => Launch(Stream, Writer, Number, isProgrammatic: false);

        public void WriteOther() => Launch(Stream, Writer, Other, isProgrammatic: false);

        public void Read() => Launch(Stream, Reader, Number, isProgrammatic: false);

        public void ReadEarly() => ReadEarly(Stream);

        public void ReadEarly(CudaStream stream) => Launch(stream, Reader, Number, isProgrammatic: true);

        public CudaGraph Capture(Action work)
        {
            Stream.BeginCapture();
            work();
            return Stream.EndCapture();
        }

        /// <summary>As the driver takes it: the stream itself leaves the wish out on older devices.</summary>
        private static void Launch(CudaStream stream, CudaFunction function, CudaBuffer at, bool isProgrammatic) =>
            stream.Launch(
                new CudaLaunch(function, new CudaDim3(1), new CudaDim3(1), 0, isProgrammatic),
                at.Address,
                "a test"
            );
    }
}
