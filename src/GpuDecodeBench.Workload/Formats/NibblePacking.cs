namespace GpuDecodeBench.Workload.Formats;

/// <summary>Four-bit codes two in a byte: an even index in the low nibble, an odd one in the high nibble.</summary>
internal static class NibblePacking
{
    /// <summary>The code at an index.</summary>
    public static int Get(ReadOnlySpan<byte> packed, int index) => (packed[index >> 1] >> ((index & 1) << 2)) & 0xF;

    /// <summary>Sets the code at an index whose nibble is still zero.</summary>
    public static void Set(Span<byte> packed, int index, int code) =>
        packed[index >> 1] |= (byte)(code << ((index & 1) << 2));
}
