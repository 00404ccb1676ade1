using System.Buffers.Text;
using GpuDecodeBench.Measurement.Environment;

namespace GpuDecodeBench.Measurement.Telemetry.Cpu;

/// <summary>
/// The mean clock of the processors that this process may use, from cpufreq (Linux, Documentation/admin-guide/pm/cpufreq.rst) or
/// from <c>/proc/cpuinfo</c>. Of many processors only some are asked, spread evenly, so that a reading stays cheap.
/// </summary>
internal sealed class CpuClocks : IDisposable
{
    private const int MostProcessors = 16;
    private const int CpuInfoBytes = 16 << 10;
    private readonly List<KernelFile> _clocks = [];
    private readonly KernelFile? _cpuInfo;
    private readonly byte[] _text = [];

    public CpuClocks(SystemFiles files, IReadOnlyList<int> processors)
    {
        int asked = Math.Min(processors.Count, MostProcessors);
        for (int i = 0; i < asked; i++)
        {
            int processor = processors[i * processors.Count / asked];
            string path = $"/sys/devices/system/cpu/cpu{processor}/cpufreq/scaling_cur_freq";
            if (KernelFile.OpenNumber(files, path) is { } file)
            {
                _clocks.Add(file);
            }
        }

        if (_clocks.Count > 0)
        {
            Scope = Reading.Of($"cpufreq, the mean of {_clocks.Count} of {processors.Count} processors");
            return;
        }

        _cpuInfo = KernelFile.Open(files, "/proc/cpuinfo", out _);
        _text = new byte[CpuInfoBytes];
        Scope = Read() is null
            ? Reading.Unavailable<string>(
                "cpu.noClock",
                "Neither cpufreq nor /proc/cpuinfo tells a clock: virtual machines and Arm kernels often do not."
            )
            : Reading.Of("/proc/cpuinfo; in a virtual machine this is the nominal clock, whatever the cores do");
    }

    /// <summary>Where the clock comes from, or why there is none.</summary>
    public Reading<string> Scope { get; }

    /// <summary>The clock, in Hz; null where it is not told.</summary>
    public double? Read()
    {
        (double sum, int count) = (0, 0);
        foreach (KernelFile file in _clocks)
        {
            if (file.TryReadNumber(out long kilohertz) && kilohertz > 0)
            {
                sum += kilohertz * 1e3;
                count++;
            }
        }

        if (count == 0 && _cpuInfo is not null)
        {
            (sum, count) = ReadCpuInfo(_cpuInfo.Read(_text));
        }

        return count == 0 ? null : sum / count;
    }

    public void Dispose()
    {
        _clocks.ForEach(file => file.Dispose());
        _cpuInfo?.Dispose();
    }

    // "cpu MHz\t\t: 2096.008", once a processor; those beyond the buffer are not asked.
    private static (double SumHz, int Count) ReadCpuInfo(ReadOnlySpan<byte> text)
    {
        (double sum, int count) = (0, 0);
        for (int at = text.IndexOf("cpu MHz"u8); at >= 0; at = text.IndexOf("cpu MHz"u8))
        {
            text = text[at..];
            int end = text.IndexOf((byte)'\n');
            int colon = text.IndexOf((byte)':');
            if (end < 0 || colon < 0 || colon > end)
            {
                break;
            }

            ReadOnlySpan<byte> value = text[(colon + 1)..end].Trim(" \t\r"u8);
            if (
                Utf8Parser.TryParse(value, out double megahertz, out int used)
                && used == value.Length
                && megahertz is > 0 and < 1e6
            )
            {
                sum += megahertz * 1e6;
                count++;
            }

            text = text[end..];
        }

        return (sum, count);
    }
}
