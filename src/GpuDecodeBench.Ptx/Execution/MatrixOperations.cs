using GpuDecodeBench.Ptx.Arithmetic;
using GpuDecodeBench.Ptx.Memory;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>What a whole warp does with matrices.</summary>
internal static unsafe class MatrixOperations
{
    public delegate void Product(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, ReadOnlySpan<uint> c, Span<uint> d);

    public static void Multiply(Warp warp, uint mask, Product product, int[] d, int[] a, int[] b, int[] c)
    {
        Whole(mask);
        Span<uint> fragmentA = stackalloc uint[32 * a.Length];
        Span<uint> fragmentB = stackalloc uint[32 * b.Length];
        Span<uint> fragmentC = stackalloc uint[32 * c.Length];
        Span<uint> result = stackalloc uint[32 * d.Length];
        Gather(warp, a, fragmentA);
        Gather(warp, b, fragmentB);
        Gather(warp, c, fragmentC);
        product(fragmentA, fragmentB, fragmentC, result);
        for (var i = 0; i < d.Length; i++)
        {
            var register = (uint*)(warp.Registers + d[i]);
            for (var lane = 0; lane < 32; lane++)
            {
                register[lane] = result[(lane * d.Length) + i];
            }
        }
    }

    /// <summary>m16n8k16 of 16-bit numbers to single precision.</summary>
    public static void Multiply16(Warp warp, uint mask, ElementKind kind, int[] d, int[] a, int[] b, int[] c)
    {
        Whole(mask);
        Span<uint> fragmentA = stackalloc uint[32 * 4];
        Span<uint> fragmentB = stackalloc uint[32 * 2];
        Span<uint> fragmentC = stackalloc uint[32 * 4];
        Copy(warp, a, fragmentA);
        Copy(warp, b, fragmentB);
        Copy(warp, c, fragmentC);
        MatrixMultiply.M16N8K16Registers(kind, fragmentA, fragmentB, fragmentC, fragmentC);
        for (var i = 0; i < d.Length; i++)
        {
            fragmentC.Slice(32 * i, 32).CopyTo(new Span<uint>(warp.Registers + d[i], 32));
        }
    }

    /// <summary>Loads or stores 8x8 matrices of 16-bit elements whose rows' addresses the lanes give.</summary>
    public static void Rows(Warp warp, uint mask, AddressSource address, int[] registers, bool transposed, bool load)
    {
        Whole(mask);
        var worker = warp.Cta.Worker;
        address.Compute(warp, mask);
        var rowMask = registers.Length == 4 ? uint.MaxValue : (1u << (8 * registers.Length)) - 1;
        worker.Resolve(warp, rowMask, AddressSpace.Shared, 16, load ? AccessKind.Read : AccessKind.Write);
        for (var i = 0; i < registers.Length; i++)
        {
            var register = (ushort*)(warp.Registers + registers[i]);
            for (var lane = 0; lane < 32; lane++)
            {
                for (var half = 0; half < 2; half++)
                {
                    var (row, column) = (lane >> 2, (2 * (lane & 3)) + half);
                    var pointer = transposed
                        ? (ushort*)worker.Pointers[(8 * i) + column] + row
                        : (ushort*)worker.Pointers[(8 * i) + row] + column;
                    if (load)
                    {
                        register[(2 * lane) + half] = *pointer;
                    }
                    else
                    {
                        *pointer = register[(2 * lane) + half];
                    }
                }
            }
        }
    }

    public static void Transpose(Warp warp, uint mask, int a, int d)
    {
        Whole(mask);
        Span<uint> source = stackalloc uint[32];
        new ReadOnlySpan<uint>(warp.Registers + a, 32).CopyTo(source);
        Movmatrix.Transpose(source, new Span<uint>(warp.Registers + d, 32));
    }

    private static void Copy(Warp warp, int[] registers, Span<uint> fragment)
    {
        for (var i = 0; i < registers.Length; i++)
        {
            new ReadOnlySpan<uint>(warp.Registers + registers[i], 32).CopyTo(fragment[(32 * i)..]);
        }
    }

    private static void Gather(Warp warp, int[] registers, Span<uint> fragment)
    {
        for (var i = 0; i < registers.Length; i++)
        {
            var register = (uint*)(warp.Registers + registers[i]);
            for (var lane = 0; lane < 32; lane++)
            {
                fragment[(lane * registers.Length) + i] = register[lane];
            }
        }
    }

    private static void Whole(uint mask)
    {
        if (mask != uint.MaxValue)
        {
            throw new FaultSignal(
                PtxFaultKind.BarrierMisuse,
                $"all 32 lanes have to take part, only 0x{mask:X8} do",
                System.Numerics.BitOperations.TrailingZeroCount(mask)
            );
        }
    }
}
