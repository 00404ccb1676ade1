using System.Numerics;
using GpuDecodeBench.Ptx.Decoding;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>A conversion through a function on 64 bits, whatever the registers' widths.</summary>
internal static class ConversionOperation
{
    public static Operation Create(Slot source, Slot destination, Func<ulong, ulong> convert) =>
        source.WidthBytes switch
        {
            2 => To<ushort>(source, destination, convert),
            4 => To<uint>(source, destination, convert),
            _ => To<ulong>(source, destination, convert),
        };

    private static Operation To<TFrom>(Slot source, Slot destination, Func<ulong, ulong> convert)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
    {
        var (s, d) = (source.OffsetBytes, destination.OffsetBytes);
        return destination.WidthBytes switch
        {
            2 => new LaneOperations.Unary<TFrom, ushort>(s, d, a => (ushort)convert(ulong.CreateTruncating(a))),
            4 => new LaneOperations.Unary<TFrom, uint>(s, d, a => (uint)convert(ulong.CreateTruncating(a))),
            _ => new LaneOperations.Unary<TFrom, ulong>(s, d, a => convert(ulong.CreateTruncating(a))),
        };
    }
}
