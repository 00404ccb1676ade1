using System.Buffers.Text;
using GpuDecodeBench.Measurement.Environment;
using Microsoft.Win32.SafeHandles;

namespace GpuDecodeBench.Measurement.Telemetry.Cpu;

/// <summary>
/// A file of <c>/proc</c> or <c>/sys</c> that stays open: each reading from its start makes the kernel write it anew, at a fraction of
/// what opening it costs, and nothing is allocated.
/// </summary>
internal sealed class KernelFile : IDisposable
{
    // The longest number that a 64-bit counter prints, with its line end and room for garbage to be seen as such.
    private const int NumberBytes = 32;

    private readonly SafeFileHandle _handle;

    private KernelFile(SafeFileHandle handle)
    {
        _handle = handle;
    }

    /// <summary>Opens a file; null with the reason where it cannot be opened.</summary>
    public static KernelFile? Open(SystemFiles files, string path, out SystemFileState state) =>
        files.Open(path, out state) is { } handle ? new KernelFile(handle) : null;

    /// <summary>Opens a file that holds a number now; null for any other.</summary>
    public static KernelFile? OpenNumber(SystemFiles files, string path)
    {
        KernelFile? file = Open(files, path, out _);
        if (file is null || file.TryReadNumber(out _))
        {
            return file;
        }

        file.Dispose();
        return null;
    }

    /// <summary>The start of the file's present text, as much as fits; empty where the kernel refuses.</summary>
    public ReadOnlySpan<byte> Read(Span<byte> buffer)
    {
        try
        {
            return buffer[..RandomAccess.Read(_handle, buffer, fileOffset: 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return [];
        }
    }

    /// <summary>Reads a file that holds one whole number, zero or more; false for anything else.</summary>
    public bool TryReadNumber(out long number)
    {
        ReadOnlySpan<byte> text = Read(stackalloc byte[NumberBytes]).Trim(" \t\r\n"u8);
        return Utf8Parser.TryParse(text, out number, out int used) && used == text.Length && number >= 0;
    }

    public void Dispose() => _handle.Dispose();
}
