using System.Runtime.InteropServices;

namespace GpuDecodeBench.Ptx.Tests;

/// <summary>Packs kernel parameters at their natural alignment.</summary>
internal sealed class Parameters
{
    private readonly List<byte> _bytes = [];

    public Parameters Add<T>(T value)
        where T : unmanaged
    {
        var size = Marshal.SizeOf<T>();
        while (_bytes.Count % size != 0)
        {
            _bytes.Add(0);
        }
        _bytes.AddRange(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
