using System.Buffers.Text;

namespace GpuDecodeBench.Measurement.Telemetry.Cpu;

/// <summary>
/// The first line of <c>/proc/stat</c> (proc_stat(5)): what all processors together did since boot, in ticks of 10 ms. A guest's time
/// is part of the user's and is not counted again.
/// </summary>
/// <param name="Busy">Ticks of work: user, nice, system, interrupts.</param>
/// <param name="Idle">Ticks without work, those waiting for a disk among them.</param>
/// <param name="Stolen">Ticks in which a virtual processor had work and the host ran something else.</param>
internal readonly record struct ProcessorTicks(long Busy, long Idle, long Stolen)
{
    /// <summary>Ticks a second that the kernel shows to programs on every architecture of Linux that .NET runs on.</summary>
    public const double PerSecond = 100;

    private const int Columns = 8;

    /// <summary>All ticks.</summary>
    public long Total => Busy + Idle + Stolen;

    /// <summary>Reads <c>cpu  user nice system idle iowait irq softirq steal …</c>; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ProcessorTicks ticks)
    {
        ticks = default;
        if (!text.StartsWith("cpu "u8))
        {
            return false;
        }

        Span<long> columns = stackalloc long[Columns];
        text = text["cpu ".Length..];
        for (int i = 0; i < Columns; i++)
        {
            text = text.TrimStart((byte)' ');
            if (!Utf8Parser.TryParse(text, out columns[i], out int used) || columns[i] < 0)
            {
                return false;
            }

            text = text[used..];
        }

        ticks = new ProcessorTicks(
            columns[0] + columns[1] + columns[2] + columns[5] + columns[6],
            columns[3] + columns[4],
            columns[7]
        );
        return true;
    }
}
