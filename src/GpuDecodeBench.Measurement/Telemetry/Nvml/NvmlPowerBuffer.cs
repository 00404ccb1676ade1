using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml;

/// <summary>Reads the power sensor's own buffer (<c>nvmlDeviceGetSamples</c>), each sample once.</summary>
/// <param name="device">The device.</param>
/// <param name="kind">Which sensor: <see cref="NvmlKinds.GpuPowerSamples"/> or <see cref="NvmlKinds.ModulePowerSamples"/>.</param>
internal sealed class NvmlPowerBuffer(NvmlDevice device, int kind)
{
    /// <summary>Drivers keep about 120 samples.</summary>
    private const int FewestSamples = 256;

    private const int MostSamples = 65536;
    private const double MilliwattsPerWatt = 1e3;
    private const double MicrosecondsPerSecond = 1e6;

    private readonly SampleClock _clock = new();
    private NvmlSample[] _room = [];
    private ulong _lastSeen;

    /// <summary>Adds what is new, oldest first, on the steps' clock; nothing where the device has no buffer or no clock fits.</summary>
    public void Read(ICollection<PowerSample> samples)
    {
        if (!HasRoom())
        {
            return;
        }

        NvmlReturn code = device.Library.Samples(
            device.Handle,
            kind,
            _lastSeen,
            _room,
            out NvmlValueType type,
            out int count
        );
        HostClocks now = HostClocks.Now();
        if (code == NvmlReturn.InsufficientSize)
        {
            _room = [];
        }

        if (code != NvmlReturn.Success || count == 0)
        {
            return;
        }

        ReadOnlySpan<NvmlSample> got = _room.AsSpan(0, Math.Min(count, _room.Length));
        double newest = got[^1].TimestampMicroseconds / MicrosecondsPerSecond;
        double? offset = _clock.OffsetSeconds(newest, now);
        foreach (NvmlSample sample in got)
        {
            // A sample that was seen, or that is out of order, is told once; a power of 0 is a gap in the buffer.
            if (sample.TimestampMicroseconds <= _lastSeen)
            {
                continue;
            }

            _lastSeen = sample.TimestampMicroseconds;
            if (offset is double known && sample.Value.ToDouble(type) is double milliwatts and > 0)
            {
                samples.Add(
                    new PowerSample(
                        (sample.TimestampMicroseconds / MicrosecondsPerSecond) + known,
                        milliwatts / MilliwattsPerWatt
                    )
                );
            }
        }
    }

    private bool HasRoom()
    {
        if (_room.Length == 0)
        {
            NvmlReturn code = device.Library.Samples(device.Handle, kind, 0, [], out _, out int count);
            if (code is NvmlReturn.Success or NvmlReturn.InsufficientSize && count > 0)
            {
                _room = new NvmlSample[Math.Clamp(count, FewestSamples, MostSamples)];
            }
        }

        return _room.Length > 0;
    }
}
