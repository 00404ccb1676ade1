using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// A buffer between operations: bfloat16, one row for each sequence, or for each token and expert. Rows are filled up with zeros to
/// the widest chunk that a kernel reads.
/// </summary>
internal sealed class CudaRows : IDisposable
{
    /// <summary>Columns of a chunk of four-bit codes.</summary>
    private const int Alignment = 32;

    /// <summary>A bfloat16 that is no number.</summary>
    private const ushort NaN = 0x7FFF;

    private readonly CudaBuffer _buffer;

    public CudaRows(CudaContext context, StepBuffer role, int rows, int width)
    {
        Role = role;
        Rows = rows;
        Width = width;
        Stride = StrideOf(width);
        _buffer = context.Allocate(
            (long)rows * Stride * sizeof(ushort),
            $"The buffer {role}",
            CudaMemoryKind.Activations
        );
        _buffer.CopyFrom(new byte[_buffer.Bytes]);
    }

    public StepBuffer Role { get; }

    public int Rows { get; }

    /// <summary>Elements of a row that mean something.</summary>
    public int Width { get; }

    /// <summary>Elements from one row to the next.</summary>
    public int Stride { get; }

    public ulong Address => _buffer.Address;

    public long Bytes => _buffer.Bytes;

    /// <summary>Elements from row to row where rows have so many.</summary>
    public static int StrideOf(int width) => (width + Alignment - 1) / Alignment * Alignment;

    /// <summary>Overwrites what means something with NaN.</summary>
    public void Poison() => Poison(_buffer, Width);

    /// <summary>
    /// Overwrites rows of so many elements with NaN, and what fills them up with zeros. A NaN is one in every format that a kernel
    /// converts it to; what is huge in bfloat16 would be an infinity in binary16, and a weight of zero times it another NaN.
    /// </summary>
    public static void Poison(CudaBuffer buffer, int width)
    {
        var content = new ushort[buffer.Bytes / sizeof(ushort)];
        int stride = StrideOf(width);
        for (int row = 0; row < content.Length; row += stride)
        {
            content.AsSpan(row, width).Fill(NaN);
        }

        buffer.CopyFrom(MemoryMarshal.AsBytes(content.AsSpan()));
    }

    /// <summary>The rows without padding, row after row.</summary>
    public float[] Read()
    {
        var content = new ushort[Rows * Stride];
        _buffer.CopyTo(MemoryMarshal.AsBytes(content.AsSpan()));
        var values = new float[Rows * Width];
        Parallel.For(
            0,
            Rows,
            row =>
            {
                ReadOnlySpan<ushort> codes = content.AsSpan(row * Stride, Width);
                Span<float> target = values.AsSpan(row * Width, Width);
                for (int i = 0; i < codes.Length; i++)
                {
                    // A bfloat16 is the upper half of a float.
                    target[i] = BitConverter.Int32BitsToSingle(codes[i] << 16);
                }
            }
        );
        return values;
    }

    /// <summary>The rows without padding, of each the first elements as they are in another buffer.</summary>
    public float[] Read(CudaRows others, int columns)
    {
        float[] values = Read();
        float[] replacing = others.Read();
        for (int row = 0; row < Rows; row++)
        {
            replacing.AsSpan(row * Width, columns).CopyTo(values.AsSpan(row * Width));
        }

        return values;
    }

    public void Dispose() => _buffer.Dispose();
}
