using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>
/// How long a thread had work and no processor, by Linux's own account: the second number of its <c>schedstat</c>
/// (Documentation/scheduler/sched-stats.rst: time on a processor and time waiting on a run queue, both in nanoseconds, and the number of
/// times that it was given one). The file stays open, so that another thread can read it.
/// </summary>
internal sealed class ThreadWait : IDisposable
{
    private const int LineBytes = 80;
    private readonly SafeFileHandle _file;

    private ThreadWait(SafeFileHandle file) => _file = file;

    /// <summary>The calling thread's; null on other systems, and where the kernel keeps no such account.</summary>
    public static ThreadWait? OfThisThread()
    {
        try
        {
            // The kernel resolves the name to the thread that opens it.
            return new ThreadWait(File.OpenHandle("/proc/thread-self/schedstat", share: FileShare.ReadWrite));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The time in seconds since the thread began; null where it cannot be told.</summary>
    public double? ReadSeconds()
    {
        Span<byte> line = stackalloc byte[LineBytes];
        try
        {
            return Parse(line[..RandomAccess.Read(_file, line, fileOffset: 0)]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            // The thread is gone.
            return null;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>
    /// The seconds of a line; null for anything else. A kernel that keeps no account writes zeros: a thread that never had a processor
    /// has not waited for one, it is not known.
    /// </summary>
    internal static double? Parse(ReadOnlySpan<byte> line)
    {
        if (!Utf8Parser.TryParse(line, out long running, out int used) || used == line.Length || line[used] != ' ')
        {
            return null;
        }

        bool isNumber = Utf8Parser.TryParse(line[(used + 1)..], out long waiting, out _);
        return isNumber && running > 0 && waiting >= 0 ? waiting / 1e9 : null;
    }
}
