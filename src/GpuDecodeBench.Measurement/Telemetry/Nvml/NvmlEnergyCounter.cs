namespace GpuDecodeBench.Measurement.Telemetry.Nvml;

/// <summary>Makes one rising number of a counter that may wrap around.</summary>
internal sealed class NvmlEnergyCounter
{
    private ulong _last;
    private ulong _wrapped;

    /// <summary>
    /// The counter without its wraps; null once where it went back for another reason: then the driver was loaded anew, and counting
    /// starts again from what the counter shows.
    /// </summary>
    /// <param name="value">What the counter shows.</param>
    /// <param name="bits">How many bits it has; one of 64 does not wrap.</param>
    public double? Next(ulong value, int bits)
    {
        bool wentBack = value < _last;

        // A counter that wraps was near its end and is near its start; one that was reset was anywhere.
        ulong range = bits < 64 ? 1ul << bits : 0;
        bool isWrap = wentBack && range > 0 && _last - value > range / 2;
        if (isWrap)
        {
            _wrapped += range;
        }
        else if (wentBack)
        {
            _wrapped = 0;
        }

        _last = value;
        return wentBack && !isWrap ? null : (double)(_wrapped + value);
    }
}
