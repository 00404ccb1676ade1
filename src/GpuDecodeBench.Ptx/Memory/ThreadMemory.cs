using System.Numerics;
using System.Runtime.InteropServices;
using GpuDecodeBench.Ptx.Counters;
using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Memory;

/// <summary>Local memory: every thread of the running CTA has its own bytes at the same addresses.</summary>
internal sealed unsafe class ThreadMemory(int threads, int bytesPerThread, WorkerCounters counters, bool checkUnwritten)
    : IDisposable
{
    private readonly byte* _data = (byte*)
        NativeMemory.AlignedAlloc((nuint)Math.Max(16, (long)threads * Stride(bytesPerThread)), 16);

    private readonly byte* _written = (byte*)
        NativeMemory.AllocZeroed((nuint)Math.Max(16, (long)threads * Stride(bytesPerThread)));

    public void Begin() => new Span<byte>(_written, threads * Stride(bytesPerThread)).Clear();

    public void Resolve(Warp warp, uint mask, ulong* addresses, int bytes, AccessKind kind, byte** pointers)
    {
        counters.LocalAccesses += BitOperations.PopCount(mask);
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            var address = addresses[lane];
            if (address + (ulong)bytes > (ulong)bytesPerThread || address > (ulong)bytesPerThread)
            {
                throw new FaultSignal(
                    PtxFaultKind.OutOfBounds,
                    $"local address 0x{address:X} with {bytes} bytes, a thread has {bytesPerThread}",
                    lane,
                    address
                );
            }
            if ((address & (ulong)(bytes - 1)) != 0)
            {
                throw new FaultSignal(
                    PtxFaultKind.Misaligned,
                    $"local address 0x{address:X} is no multiple of {bytes}",
                    lane,
                    address
                );
            }
            var offset = ((long)((warp.Index * 32) + lane) * Stride(bytesPerThread)) + (long)address;
            var written = new Span<byte>(_written + offset, bytes);
            if (kind == AccessKind.Write)
            {
                written.Fill(1);
            }
            else if (checkUnwritten && written.Contains((byte)0))
            {
                throw new FaultSignal(
                    PtxFaultKind.UninitialisedRead,
                    $"nobody wrote what is read: local address 0x{address:X}",
                    lane,
                    address
                );
            }
            pointers[lane] = _data + offset;
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        NativeMemory.Free(_written);
    }

    private static int Stride(int bytesPerThread) => (bytesPerThread + 15) / 16 * 16;
}
