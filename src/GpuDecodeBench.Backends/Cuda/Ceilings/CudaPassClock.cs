using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda.Ceilings;

/// <summary>Times passes of kernels by events on a stream, as steps are timed.</summary>
internal sealed class CudaPassClock : IDisposable
{
    private readonly CudaStream _stream;
    private readonly HeldTimer _timer;

    /// <summary>A clock with a stream of its own.</summary>
    /// <param name="device">The device.</param>
    public CudaPassClock(CudaDevice device)
    {
        _stream = device.Context.CreateStream();
        _timer = new HeldTimer(device, _stream);
    }

    /// <summary>The time of one pass.</summary>
    public double Seconds(Action<CudaStream> pass) => _timer.Seconds(CudaHold.ForLaunches(1), () => pass(_stream));

    /// <summary>The median time of passes, after one that is not counted.</summary>
    public double MedianSeconds(int passes, Action<CudaStream> pass)
    {
        Seconds(pass);
        double[] seconds = [.. Enumerable.Range(0, passes).Select(_ => Seconds(pass)).Order()];
        return seconds[passes / 2];
    }

    public void Dispose()
    {
        _timer.Dispose();
        _stream.Dispose();
    }
}
