using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Native;
using GpuDecodeBench.Backends.Tests.Cuda.Driver.StandIn;
using GpuDecodeBench.Tests.Shared;

namespace GpuDecodeBench.Backends.Tests.Cuda.Driver;

/// <summary>What the native driver brings back, and why it does not load.</summary>
public sealed class NativeCudaDriverTests : IClassFixture<CudaStandIn>
{
    private readonly CudaStandIn _standIn;

    public NativeCudaDriverTests(CudaStandIn standIn)
    {
        _standIn = standIn;
        if (CudaStandIn.WhyUnavailable is null)
        {
            _standIn.Reset();
        }
    }

    private NativeCudaDriver Driver => _standIn.Driver;

    [StandInFact]
    public void Results_come_back()
    {
        Driver.DriverGetVersion(out int version);
        Driver.DeviceGetCount(out int count);
        Driver.DeviceGet(1, out int device);
        Driver.DevicePrimaryContextRetain(device, out nint context);
        Driver.MemGetInfo(out long free, out long total);
        Driver.ModuleGetFunction(0x30, "gemv", out nint function);
        Driver.FuncGetAttribute(function, CudaFunctionAttribute.RegistersPerThread, out int registers);
        Driver.OccupancyMaxActiveBlocksPerMultiprocessor(function, 128, 0, out int blocks);

        Assert.Equal((12050, 2, 71), (version, count, device));
        Assert.Equal((0xc0, 3L << 30, 80L << 30), (context, free, total));
        Assert.Equal((0xf0, 504, 3), (function, registers, blocks));
    }

    [StandInFact]
    public void Streams_graphs_and_events_come_back()
    {
        Driver.StreamCreateNonBlocking(out nint stream);
        Driver.StreamEndCapture(stream, out nint graph);
        Driver.GraphGetNodeCount(graph, out long nodes);
        Driver.GraphInstantiate(graph, out nint executable);
        Driver.EventCreate(out nint created);
        Driver.EventElapsedTime(created, created, out float milliseconds);

        Assert.Equal((0x50, 0x60, 4, 0xe0), (stream, graph, nodes, executable));
        Assert.Equal((0xd0, 2.5f), (created, milliseconds));
        Assert.Equal(CudaResult.NotReady, Driver.StreamQuery(stream));
    }

    [StandInFact]
    public void Text_and_identity_come_back()
    {
        byte[] uuid = new byte[16];
        Driver.DeviceGetName(71, out string name);
        Driver.DeviceGetPciBusId(71, out string id);
        Driver.DeviceGetUuid(71, uuid);

        Assert.Equal(("Stand-in GPU 71", "0000:47:00.0"), (name, id));
        Assert.Equal("00112233445566778899AABBCCDDEEFF", Convert.ToHexString(uuid));
        Assert.Equal("CUDA_ERROR_NO_DEVICE", Driver.GetErrorName(CudaResult.NoDevice));
        Assert.Null(Driver.GetErrorName((CudaResult)12345));
        Assert.Null(Driver.GetErrorString(CudaResult.InvalidPtx));
    }

    [StandInFact]
    public void Memory_is_copied_and_filled()
    {
        byte[] back = new byte[8];
        Driver.MemAlloc(16, "Weights", out ulong device);
        Driver.MemHostAlloc(8, out nint host);
        Driver.MemsetD32Async(device, 0x04030201, 4, 0);
        Driver.MemcpyHtoD(device + 1, [9, 9]);
        Driver.MemcpyDtoDAsync(device + 8, device, 8, 0);
        Driver.MemcpyDtoHAsync(host, device + 8, 8, 0);
        Driver.MemcpyHtoDAsync(device + 4, host, 4, 0);
        Driver.MemcpyDtoH(back, device + 2);
        Driver.MemFreeHost(host);
        Driver.MemFree(device);

        Assert.Equal([9, 4, 1, 9, 9, 4, 1, 9], back);
    }

    [StandInFact]
    public void The_compilers_words_come_back()
    {
        CudaResult good = Driver.ModuleLoadData("fine\0"u8, default, out nint module, out CudaJitLog log);
        CudaResult bad = Driver.ModuleLoadData("bad"u8, default, out nint none, out CudaJitLog errors);

        Assert.Equal(
            (CudaResult.Success, 0x30, "stand-in compiled 4 bytes", ""),
            (good, module, log.Information, log.Errors)
        );
        Assert.Equal((CudaResult.InvalidPtx, 0, "ptxas: line 3: unknown symbol"), (bad, none, errors.Errors));
    }

    [Fact]
    public void Without_a_driver_the_sentence_says_where_it_was_looked_for()
    {
        var search = NvidiaLibraries.Cuda("libcuda-of-nobody.so.1", ["/nowhere/lib64", "/nowhere/lib"]);

        Assert.Null(NativeCudaDriver.TryLoad(search, out string? whyNot));
        Assert.Equal(
            "No NVIDIA driver is installed: libcuda-of-nobody.so.1 was not found by its name nor in /nowhere/lib64, "
                + "/nowhere/lib: install the NVIDIA driver, or start the container with --gpus all.",
            whyNot
        );
    }

    [Fact]
    public void An_operating_system_without_drivers_is_named()
    {
        Assert.Null(NativeCudaDriver.TryLoad(NvidiaLibraries.Cuda(null, []), out string? whyNot));
        Assert.Equal("There is no NVIDIA driver for this operating system: run on Linux or Windows.", whyNot);
    }

    [StandInFact]
    public void A_library_that_does_not_load_is_named()
    {
        string folder = _standIn.Folder("broken");
        File.WriteAllText(Path.Combine(folder, "libcuda.so.1"), "not a library");

        Assert.Null(NativeCudaDriver.TryLoad(CudaStandIn.Search(folder), out string? whyNot));
        Assert.StartsWith(
            $"The NVIDIA driver cannot be used: {folder}/libcuda.so.1 is there but does not load (",
            whyNot,
            StringComparison.Ordinal
        );
    }

    [StandInFact]
    public void A_driver_without_a_function_is_named_with_its_version()
    {
        string folder = _standIn.CompileOther("old", "-DOLD_DRIVER", "-DDRIVER_VERSION=11030");

        Assert.Null(NativeCudaDriver.TryLoad(CudaStandIn.Search(folder), out string? whyNot));
        Assert.Equal(
            "The NVIDIA driver (which supports CUDA 11.3 at most) lacks cuLaunchKernelEx, cuGraphInstantiateWithFlags: "
                + "update it to 520 or newer, for CUDA 11.8.",
            whyNot
        );
    }

    [StandInFact]
    public void A_search_of_this_machine_looks_where_drivers_are()
    {
        NativeLibrarySearch search = NvidiaLibraries.Cuda();

        Assert.Equal("libcuda.so.1", search.FileName);
        Assert.Contains("/usr/lib/wsl/lib", search.Directories);
        Assert.Contains("/usr/local/cuda/compat", search.Directories);
    }

    [StandInFact]
    public void Devices_are_read_through_the_library()
    {
        CudaLibrary library = CudaLibrary.Open(Driver);

        CudaDeviceInfo device = library.Devices[1];
        Assert.Equal(12050, library.DriverVersion);
        Assert.Equal((1, 71, "Stand-in GPU 71"), (device.Ordinal, device.Handle, device.Name));
        Assert.Equal("GPU-00112233-4455-6677-8899-aabbccddeeff", device.Uuid);
        Assert.Equal(
            (80L << 30, 1038, 1036, 1037),
            (device.TotalBytes, device.L2Bytes, device.MemoryClockKilohertz, device.MemoryBusBits)
        );
        Assert.Equal(
            (1016, 1013, 1097),
            (device.MultiprocessorCount, device.ClockKilohertz, device.SharedBytesPerBlock)
        );
        Assert.Equal(
            (1082, 1039, 1010),
            (device.RegistersPerMultiprocessor, device.ThreadsPerMultiprocessor, device.WarpSize)
        );
    }

    [StandInFact]
    public void A_kernel_runs_from_text_to_graph()
    {
        using CudaContext context = CudaLibrary.Open(Driver).CreateContext(CudaLibrary.Open(Driver).Devices[0]);
        using CudaModule module = context.LoadModule("ptx"u8, "kernels");
        CudaStream stream = context.CreateStream();
        _standIn.Reset();
        _standIn.ArgumentBytes(8);

        stream.BeginCapture();
        stream.Launch(
            new CudaLaunch(module.Function("gemv"), new CudaDim3(7), new CudaDim3(64), 0, true),
            0x0102L,
            "a product"
        );
        using CudaGraph graph = stream.EndCapture();
        stream.Launch(graph);

        Assert.Contains(
            "cuLaunchKernelEx(7x1x1, 64x1x1, 0, 0x50, attribute 6=1, 0xf0, arguments 0201000000000000, no extra)",
            _standIn.Calls
        );
        Assert.Equal("cuGraphLaunch(0xe0, 0x50)", _standIn.Calls[^1]);
    }
}
