using System.Numerics;
using GpuDecodeBench.Ptx.Decoding;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Moves parts of wide registers, little end first.</summary>
internal static unsafe class PartMoves
{
    /// <summary>Takes part <paramref name="part"/> of a source out into a register of its own.</summary>
    public static Operation Unpack(int source, int sourceBytes, int part, Slot destination, int partBytes) =>
        Move(
            source + (part * partBytes),
            sourceBytes,
            destination.OffsetBytes,
            destination.WidthBytes,
            partBytes,
            true
        );

    /// <summary>Puts a register's low bytes into part <paramref name="part"/> of a destination.</summary>
    public static Operation Pack(Slot source, int destination, int destinationBytes, int part, int partBytes) =>
        Move(
            source.OffsetBytes,
            source.WidthBytes,
            destination + (part * partBytes),
            destinationBytes,
            partBytes,
            false
        );

    private static LaneOperations.Whole Move(
        int source,
        int sourceStride,
        int destination,
        int destinationStride,
        int bytes,
        bool clear
    ) =>
        new(
            (warp, mask) =>
            {
                var s = warp.Registers + source;
                var d = warp.Registers + destination;
                for (; mask != 0; mask &= mask - 1)
                {
                    var lane = BitOperations.TrailingZeroCount(mask);
                    var from = s + (lane * sourceStride);
                    var to = d + (lane * destinationStride);
                    switch (bytes)
                    {
                        case 1:
                            *to = *from;
                            break;
                        case 2:
                            *(ushort*)to = *(ushort*)from;
                            break;
                        default:
                            *(uint*)to = *(uint*)from;
                            break;
                    }
                    if (clear && destinationStride > bytes)
                    {
                        new Span<byte>(to + bytes, destinationStride - bytes).Clear();
                    }
                }
            }
        );
}
