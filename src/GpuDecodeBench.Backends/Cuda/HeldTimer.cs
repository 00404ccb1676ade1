using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// Times work by events on a stream that is held until the work is there in full. Where the hold was over before the host had given all
/// of it, the time may be the host's: it is thrown away, and the work done again behind a hold of twice the length, which then stays.
/// </summary>
internal sealed class HeldTimer : IDisposable
{
    /// <summary>No hold is lengthened beyond this: 20 ms, a hundred times what launching takes.</summary>
    private const ulong LongestNanoseconds = 20_000_000;

    private readonly CudaStream _stream;
    private readonly Action<ulong>? _hold;
    private readonly CudaEvent _begin;
    private readonly CudaEvent _end;
    private int _doublings;

    /// <summary>A timer of a device's stream.</summary>
    /// <param name="device">The device; the stream of one that only proves results is not held.</param>
    /// <param name="stream">The stream, which stays the caller's.</param>
    public HeldTimer(CudaDevice device, CudaStream stream)
        : this(
            device.Context,
            stream,
            device.Description.IsForMeasuring ? nanoseconds => CudaHold.Launch(device, stream, nanoseconds) : null
        ) { }

    /// <summary>A timer with a hold of the caller's.</summary>
    /// <param name="context">Where its events are.</param>
    /// <param name="stream">The stream, which stays the caller's.</param>
    /// <param name="hold">Holds the stream for so many nanoseconds; null for work that is timed without.</param>
    internal HeldTimer(CudaContext context, CudaStream stream, Action<ulong>? hold)
    {
        _stream = stream;
        _hold = hold;
        _begin = context.CreateEvent();
        _end = context.CreateEvent();
    }

    /// <summary>Whether a time was returned that may be the host's in part, as no hold was long enough.</summary>
    public bool MayIncludeHost { get; private set; }

    /// <summary>The device's time for work, in seconds; waits until it is done.</summary>
    /// <param name="nanoseconds">How long the stream is held at first.</param>
    /// <param name="give">Gives the work to the stream.</param>
    /// <param name="prepare">Gives the stream what comes before the hold and is not timed.</param>
    public double Seconds(ulong nanoseconds, Action give, Action? prepare = null)
    {
        while (true)
        {
            prepare?.Invoke();
            ulong held = Math.Min(nanoseconds << _doublings, Math.Max(nanoseconds, LongestNanoseconds));
            _hold?.Invoke(held);
            _stream.Record(_begin);
            give();
            _stream.Record(_end);
            bool wasLate = _hold is not null && _begin.HasHappened;
            double seconds = _end.SecondsSince(_begin);
            if (!wasLate)
            {
                return seconds;
            }

            if (held >= LongestNanoseconds)
            {
                MayIncludeHost = true;
                return seconds;
            }

            _doublings++;
        }
    }

    public void Dispose()
    {
        _begin.Dispose();
        _end.Dispose();
    }
}
