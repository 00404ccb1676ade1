using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Tests.Cuda.Driver;

namespace GpuDecodeBench.Backends.Tests.Cuda;

/// <summary>None of a step's time may be the host's.</summary>
public sealed class HeldTimerTests : IDisposable
{
    private readonly FakeCudaDriver _driver = new();
    private readonly CudaContext _context;
    private readonly CudaStream _stream;
    private readonly List<ulong> _holds = [];
    private int _given;

    public HeldTimerTests()
    {
        CudaLibrary library = CudaLibrary.Open(_driver);
        _context = library.CreateContext(library.Devices[0]);
        _stream = _context.CreateStream();
    }

    [Fact]
    public void WorkThatIsThereInTimeIsDoneOnce()
    {
        _driver.Happened.Enqueue(false);
        using HeldTimer timer = Timer();

        Assert.Equal(0.0025, timer.Seconds(1000, () => _given++), 9);
        Assert.Equal([1000ul], _holds);
        Assert.Equal(1, _given);
        Assert.False(timer.MayIncludeHost);
    }

    [Fact]
    public void AHoldThatWasTooShortIsLengthenedAndStaysSo()
    {
        foreach (bool happened in new[] { true, true, false, false })
        {
            _driver.Happened.Enqueue(happened);
        }

        using HeldTimer timer = Timer();
        int prepared = 0;
        timer.Seconds(1000, () => _given++, () => prepared++);
        timer.Seconds(3000, () => _given++);

        Assert.Equal([1000ul, 2000, 4000, 12000], _holds);
        Assert.Equal(4, _given);
        Assert.Equal(3, prepared);
        Assert.False(timer.MayIncludeHost);
    }

    [Fact]
    public void AHostThatIsAlwaysTooSlowIsToldAndNotWaitedForForEver()
    {
        using HeldTimer timer = Timer();

        Assert.Equal(0.0025, timer.Seconds(5_000_000, () => _given++), 9);
        Assert.Equal([5_000_000ul, 10_000_000, 20_000_000], _holds);
        Assert.True(timer.MayIncludeHost);

        // What was learnt of one length makes no other longer than that; a longer one that is asked for is what it is.
        _holds.Clear();
        timer.Seconds(8_000_000, () => _given++);
        timer.Seconds(30_000_000, () => _given++);
        Assert.Equal([20_000_000ul, 30_000_000], _holds);
    }

    [Fact]
    public void WorkOfADeviceThatOnlyProvesIsNotHeld()
    {
        using var timer = new HeldTimer(_context, _stream, hold: null);

        timer.Seconds(1000, () => _given++);
        Assert.Equal(1, _given);
        Assert.DoesNotContain("EventQuery", _driver.Calls);
    }

    public void Dispose() => _context.Dispose();

    private HeldTimer Timer() => new(_context, _stream, _holds.Add);
}
