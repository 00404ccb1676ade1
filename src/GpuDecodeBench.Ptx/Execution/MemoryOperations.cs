using System.Numerics;
using GpuDecodeBench.Ptx.Memory;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Loads, stores and atomics.</summary>
internal static unsafe class MemoryOperations
{
    /// <summary>One element of a vector: its register (negative for a sink) and how it moves.</summary>
    internal readonly record struct Element(int RegisterOffsetBytes, ElementMover Mover);

    public sealed class Load(AddressSource address, int elementBytes, Element[] elements, bool isConstant = false)
        : Operation
    {
        private readonly AccessKind _kind = isConstant ? AccessKind.ConstantRead : AccessKind.Read;

        public override void Execute(Warp warp, uint mask)
        {
            var worker = warp.Cta.Worker;
            address.Compute(warp, mask);
            worker.Resolve(warp, mask, address.Space, elementBytes * elements.Length, _kind);
            for (var i = 0; i < elements.Length; i++)
            {
                ref readonly var element = ref elements[i];
                element.Mover.Load(
                    worker.Pointers,
                    i * elementBytes,
                    warp.Registers + element.RegisterOffsetBytes,
                    mask
                );
            }
        }
    }

    public sealed class Store(AddressSource address, int elementBytes, Element[] elements) : Operation
    {
        public override void Execute(Warp warp, uint mask)
        {
            var worker = warp.Cta.Worker;
            address.Compute(warp, mask);
            worker.Resolve(warp, mask, address.Space, elementBytes * elements.Length, AccessKind.Write);
            for (var i = 0; i < elements.Length; i++)
            {
                ref readonly var element = ref elements[i];
                element.Mover.Store(
                    worker.Pointers,
                    i * elementBytes,
                    warp.Registers + element.RegisterOffsetBytes,
                    mask
                );
            }
        }
    }

    /// <summary>Changes memory atomically; lanes one after the other, workers at the same time.</summary>
    public sealed class Atomic32(AddressSource address, int d, int b, int c, Func<uint, uint, uint, uint> change)
        : Operation
    {
        public override void Execute(Warp warp, uint mask)
        {
            var worker = warp.Cta.Worker;
            address.Compute(warp, mask);
            worker.Resolve(warp, mask, address.Space, 4, AccessKind.Atomic);
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                ref var memory = ref *(uint*)worker.Pointers[lane];
                var operand = ((uint*)(warp.Registers + b))[lane];
                var second = ((uint*)(warp.Registers + c))[lane];
                uint old;
                do
                {
                    old = Volatile.Read(ref memory);
                } while (Interlocked.CompareExchange(ref memory, change(old, operand, second), old) != old);
                if (d >= 0)
                {
                    ((uint*)(warp.Registers + d))[lane] = old;
                }
            }
            warp.Cta.Progress();
        }
    }

    /// <summary>The same for 64 bits.</summary>
    public sealed class Atomic64(AddressSource address, int d, int b, int c, Func<ulong, ulong, ulong, ulong> change)
        : Operation
    {
        public override void Execute(Warp warp, uint mask)
        {
            var worker = warp.Cta.Worker;
            address.Compute(warp, mask);
            worker.Resolve(warp, mask, address.Space, 8, AccessKind.Atomic);
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                ref var memory = ref *(ulong*)worker.Pointers[lane];
                var operand = ((ulong*)(warp.Registers + b))[lane];
                var second = ((ulong*)(warp.Registers + c))[lane];
                ulong old;
                do
                {
                    old = Volatile.Read(ref memory);
                } while (Interlocked.CompareExchange(ref memory, change(old, operand, second), old) != old);
                if (d >= 0)
                {
                    ((ulong*)(warp.Registers + d))[lane] = old;
                }
            }
            warp.Cta.Progress();
        }
    }
}
