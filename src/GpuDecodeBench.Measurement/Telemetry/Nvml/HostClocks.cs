using System.Runtime.InteropServices;

namespace GpuDecodeBench.Measurement.Telemetry.Nvml;

/// <summary>One instant on the clocks that a driver may stamp samples with, in seconds each.</summary>
/// <param name="Seconds">On <see cref="TelemetryClock"/>, which is Linux's CLOCK_MONOTONIC.</param>
/// <param name="WallSeconds">Since 1970.</param>
/// <param name="BootSeconds">Since the machine was started, sleep counted (Linux's CLOCK_BOOTTIME); null elsewhere.</param>
internal readonly partial record struct HostClocks(double Seconds, double WallSeconds, double? BootSeconds)
{
    private const int BootClock = 7;

    /// <summary>Now. The clocks are read within a microsecond or so of each other, unless the thread is interrupted in between.</summary>
    public static HostClocks Now()
    {
        double before = TelemetryClock.NowSeconds;
        double wall = (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;
        double? boot = Boot();
        return new HostClocks((before + TelemetryClock.NowSeconds) / 2, wall, boot);
    }

    private static double? Boot()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        try
        {
            return ClockGetTime(BootClock, out TimeSpec time) == 0 ? time.Seconds + (time.Nanoseconds * 1e-9) : null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int ClockGetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
