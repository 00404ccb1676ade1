using System.Numerics;
using GpuDecodeBench.Ptx.Memory;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Where an operation's addresses come from: a register or constant plus an offset.</summary>
internal readonly struct AddressSource(int slot, int widthBytes, long offsetBytes, AddressSpace space)
{
    public AddressSpace Space => space;

    /// <summary>Puts the lanes' addresses into the worker's room for them.</summary>
    public unsafe void Compute(Warp warp, uint mask)
    {
        var addresses = warp.Cta.Worker.Addresses;
        if (widthBytes == 8)
        {
            var values = (ulong*)(warp.Registers + slot);
            for (var lane = 0; lane < 32; lane++)
            {
                addresses[lane] = values[lane] + (ulong)offsetBytes;
            }
            return;
        }
        var narrow = (uint*)(warp.Registers + slot);
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            addresses[lane] = narrow[lane] + (uint)offsetBytes;
        }
    }

    /// <summary>Address of one lane.</summary>
    public unsafe ulong Of(Warp warp, int lane) =>
        widthBytes == 8
            ? ((ulong*)(warp.Registers + slot))[lane] + (ulong)offsetBytes
            : ((uint*)(warp.Registers + slot))[lane] + (uint)offsetBytes;
}
