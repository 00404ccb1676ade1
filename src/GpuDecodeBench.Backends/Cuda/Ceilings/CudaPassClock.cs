using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda.Ceilings;

/// <summary>Times passes of kernels by events on a stream, as steps are timed.</summary>
internal sealed class CudaPassClock(CudaDevice device) : IDisposable
{
    private readonly CudaStream _stream = device.Context.CreateStream();
    private readonly CudaEvent _begin = device.Context.CreateEvent();
    private readonly CudaEvent _end = device.Context.CreateEvent();

    /// <summary>The time of one pass.</summary>
    public double Seconds(Action<CudaStream> pass)
    {
        CudaHold.Launch(device, _stream, 1);
        _stream.Record(_begin);
        pass(_stream);
        _stream.Record(_end);
        return _end.SecondsSince(_begin);
    }

    /// <summary>The median time of passes, after one that is not counted.</summary>
    public double MedianSeconds(int passes, Action<CudaStream> pass)
    {
        Seconds(pass);
        double[] seconds = [.. Enumerable.Range(0, passes).Select(_ => Seconds(pass)).Order()];
        return seconds[passes / 2];
    }

    public void Dispose()
    {
        _begin.Dispose();
        _end.Dispose();
        _stream.Dispose();
    }
}
