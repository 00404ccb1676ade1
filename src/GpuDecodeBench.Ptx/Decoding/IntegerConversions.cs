using System.Numerics;
using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>
/// Conversions between integers: cut to the narrower of the two types, extended by its sign, whatever the registers' width.
/// </summary>
internal static class IntegerConversions
{
    public static Operation Create(Slot source, PtxType from, Slot destination, PtxType to)
    {
        // Narrowing keeps the destination type's low bits, which then count with its sign; widening extends the source.
        var via = to.Bytes < from.Bytes ? to : from;
        // Equal widths reinterpret: what a wider register holds above follows the destination type.
        via = to.Bytes == from.Bytes ? to : via;
        return via.Name switch
        {
            "s8" => From<sbyte>(source, destination),
            "u8" or "b8" => From<byte>(source, destination),
            "s16" => From<short>(source, destination),
            "u16" or "b16" => From<ushort>(source, destination),
            "s32" => From<int>(source, destination),
            "u32" or "b32" => From<uint>(source, destination),
            "s64" => From<long>(source, destination),
            _ => From<ulong>(source, destination),
        };
    }

    private static Operation From<TVia>(Slot source, Slot destination)
        where TVia : unmanaged, IBinaryInteger<TVia> =>
        source.WidthBytes switch
        {
            2 => To<ushort, TVia>(source, destination),
            4 => To<uint, TVia>(source, destination),
            _ => To<ulong, TVia>(source, destination),
        };

    private static Operation To<TFrom, TVia>(Slot source, Slot destination)
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TVia : unmanaged, IBinaryInteger<TVia>
    {
        var (s, d) = (source.OffsetBytes, destination.OffsetBytes);
        return destination.WidthBytes switch
        {
            2 => new Resize<TFrom, TVia, ushort>(s, d),
            4 => new Resize<TFrom, TVia, uint>(s, d),
            _ => new Resize<TFrom, TVia, ulong>(s, d),
        };
    }

    private sealed unsafe class Resize<TFrom, TVia, TTo>(int s, int d) : Operation
        where TFrom : unmanaged, IBinaryInteger<TFrom>
        where TVia : unmanaged, IBinaryInteger<TVia>
        where TTo : unmanaged, IBinaryInteger<TTo>
    {
        public override void Execute(Warp warp, uint mask)
        {
            var from = (TFrom*)(warp.Registers + s);
            var to = (TTo*)(warp.Registers + d);
            if (mask == uint.MaxValue)
            {
                for (var lane = 0; lane < 32; lane++)
                {
                    to[lane] = TTo.CreateTruncating(TVia.CreateTruncating(from[lane]));
                }
                return;
            }
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                to[lane] = TTo.CreateTruncating(TVia.CreateTruncating(from[lane]));
            }
        }
    }
}
