using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Tests.Cuda.Driver;

/// <summary>What lives and dies with a context.</summary>
public sealed class CudaContextTests
{
    private readonly FakeCudaDriver _driver = new();

    [Fact]
    public void Everything_alive_is_given_back_with_the_context()
    {
        CudaContext context = Context();
        context.Allocate(100, "Weights");
        context.AllocateHost(100, "Logits");
        context.LoadModule("ptx"u8, "kernels");
        CudaStream stream = context.CreateStream();
        context.CreateEvent();
        stream.BeginCapture();
        stream.EndCapture();

        Assert.Equal(
            ["context", "memory", "host memory", "module", "stream", "event", "executable graph"],
            _driver.Alive
        );

        context.Dispose();

        Assert.Empty(_driver.Alive);
        Assert.Equal("DevicePrimaryContextRelease", _driver.Calls[^1]);
    }

    [Fact]
    public void Giving_back_twice_is_giving_back_once()
    {
        CudaContext context = Context();
        CudaBuffer buffer = context.Allocate(100, "Weights");
        CudaHostBuffer host = context.AllocateHost(100, "Logits");

        buffer.Dispose();
        buffer.Dispose();
        host.Dispose();
        host.Dispose();
        context.Dispose();
        context.Dispose();
        buffer.Dispose();

        Assert.Empty(_driver.Alive);
        Assert.Single(_driver.Calls, call => call == "MemFree");
    }

    [Fact]
    public void Allocated_bytes_are_those_of_buffers_alive()
    {
        using CudaContext context = Context();
        CudaBuffer first = context.Allocate(100, "Weights");
        context.Allocate(20, "The KV cache");
        Assert.Equal(120, context.AllocatedBytes);

        first.Dispose();
        Assert.Equal(20, context.AllocatedBytes);
    }

    [Theory]
    [InlineData((int)CudaResult.IllegalAddress)]
    [InlineData((int)CudaResult.LaunchFailed)]
    [InlineData((int)CudaResult.EccUncorrectable)]
    public void After_an_error_that_poisons_the_context_everything_is_still_given_back(int poison)
    {
        CudaContext context = Context();
        CudaStream stream = context.CreateStream();
        context.Allocate(100, "Weights");
        _driver.Poison = (CudaResult)poison;

        CudaException error = Assert.Throws<CudaException>(stream.Synchronize);
        context.Dispose();

        Assert.True(error.IsSticky);
        Assert.Same(error, context.Poison);
        Assert.Empty(_driver.Alive);
    }

    [Fact]
    public void A_later_error_names_the_one_that_poisoned_the_context()
    {
        using CudaContext context = Context();
        _driver.Poison = CudaResult.IllegalAddress;
        CudaException first = Assert.Throws<CudaException>(context.Synchronize);

        CudaException second = Assert.Throws<CudaException>(() => context.MemoryInfo());

        Assert.Same(first, second.InnerException);
        Assert.EndsWith(
            "An earlier error had already made the GPU's context unusable: " + first.Message,
            second.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_context_that_cannot_be_made_current_is_given_back()
    {
        _driver.Fail("ContextSetCurrent", CudaResult.InvalidContext);

        Assert.Throws<CudaException>(Context);
        Assert.Empty(_driver.Alive);
    }

    [Fact]
    public void Too_little_memory_is_a_device_that_is_not_to_be_had()
    {
        using CudaContext context = Context();
        context.Allocate(1L << 30, "Weights");
        _driver.Fail("MemAlloc", CudaResult.OutOfMemory);

        var error = Assert.Throws<DeviceUnavailableException>(() => context.Allocate(12L << 30, "The KV cache"));

        Assert.Equal(
            "The KV cache needs 12.00 GiB of GPU memory, but the GPU 0 (Fake GPU) has 3.00 GiB free of 80.00 GiB, with 1.00 GiB "
                + "already taken by this run: free GPU memory (nvidia-smi lists what holds it) or run a smaller model, batch or "
                + "context.",
            error.Message
        );
        Assert.Equal(1L << 30, context.AllocatedBytes);
    }

    [Fact]
    public void A_device_in_use_by_another_is_not_to_be_had()
    {
        _driver.Fail("DevicePrimaryContextRetain", CudaResult.DeviceUnavailable);

        var error = Assert.Throws<DeviceUnavailableException>(Context);

        Assert.Equal(
            "Taking the GPU 0 (Fake GPU) into use failed: CUDA_ERROR_46 (some words); another process holds the GPU for itself, "
                + "or it is being reset; end that process (nvidia-smi lists it) and start again.",
            error.Message
        );
        Assert.Empty(_driver.Alive);
    }

    [Fact]
    public void A_prohibited_device_is_not_to_be_had()
    {
        _driver.Attributes[CudaDeviceAttribute.ComputeMode] = 2;

        var error = Assert.Throws<DeviceUnavailableException>(Context);

        Assert.Equal(
            "The GPU 0 (Fake GPU) is in compute mode Prohibited: let an administrator run nvidia-smi -i 0 -c DEFAULT, or choose "
                + "another GPU.",
            error.Message
        );
    }

    [Fact]
    public void A_thread_makes_the_context_its_own_before_it_works()
    {
        using CudaContext context = Context();
        using CudaStream stream = context.CreateStream();
        _driver.Calls.Clear();

        stream.Synchronize();
        OnAnotherThread(stream.Synchronize);
        OnAnotherThread(stream.Dispose);

        Assert.Equal(
            ["StreamSynchronize", "ContextSetCurrent", "StreamSynchronize", "ContextSetCurrent", "StreamDestroy"],
            _driver.Calls
        );
    }

    [Fact]
    public void Nothing_works_once_it_is_given_back()
    {
        CudaContext context = Context();
        CudaBuffer buffer = context.Allocate(100, "Weights");
        CudaStream stream = context.CreateStream();
        CudaModule module = context.LoadModule("ptx"u8, "kernels");
        CudaFunction function = module.Function("gemv");
        module.Dispose();
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => buffer.CopyTo(new byte[1]));
        Assert.Throws<ObjectDisposedException>(() =>
            stream.Launch(new CudaLaunch(function, new CudaDim3(1), new CudaDim3(1)), [], "a product")
        );
        context.Dispose();
        Assert.Throws<ObjectDisposedException>(() => context.CreateStream());
        Assert.Throws<ObjectDisposedException>(stream.Synchronize);
    }

    private static void OnAnotherThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }

    private CudaContext Context()
    {
        CudaLibrary library = CudaLibrary.Open(_driver);
        return library.CreateContext(library.Devices[0]);
    }
}
