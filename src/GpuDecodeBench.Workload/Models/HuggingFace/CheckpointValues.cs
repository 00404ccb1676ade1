using System.Buffers.Binary;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Safetensors;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>Makes the values of a checkpoint's tensors from the seed, a few rows at a time.</summary>
/// <param name="seed">The seed of the weights.</param>
internal sealed class CheckpointValues(ulong seed)
{
    /// <summary>Values made at once: large enough for all processors, small beside any model.</summary>
    private const int ChunkElements = 1 << 20;

    private delegate void Narrowing(ReadOnlySpan<double> values, Span<byte> bytes);

    /// <summary>
    /// BF16 where it holds every value exactly, else F16 where that does, else F32, to which the values are then rounded: their
    /// scales can give them more than 24 significant bits.
    /// </summary>
    public SafetensorsType NarrowestType(CheckpointTensor tensor)
    {
        bool inBf16 = true;
        bool inF16 = true;
        foreach (CheckpointSlice slice in tensor.Slices)
        {
            var matrix = new SyntheticMatrix(seed, slice.Source, slice.Matrix);
            var row = new double[slice.Source.Layout.Columns];
            (long first, long end, int from, int to) = Rows(slice);
            for (long index = first; index < end && (inBf16 || inF16); index++)
            {
                matrix.DecodeRow(index, row);
                foreach (double decoded in row.AsSpan(from, to - from))
                {
                    double value = decoded + slice.Offset;
                    var single = (float)value;
                    inBf16 &= single == value && (ushort)BitConverter.SingleToUInt32Bits(single) == 0;
                    inF16 &= (double)(Half)value == value;
                }
            }
        }

        return inBf16 ? SafetensorsType.BF16
            : inF16 ? SafetensorsType.F16
            : SafetensorsType.F32;
    }

    /// <summary>Gives a tensor's bytes, row-major, in pieces.</summary>
    public void Write(
        CheckpointTensor tensor,
        SafetensorsType type,
        Action<ReadOnlyMemory<byte>> write,
        CancellationToken cancellation
    )
    {
        Narrowing narrow = NarrowingTo(type);
        int elementBytes = type == SafetensorsType.F32 ? sizeof(float) : sizeof(ushort);
        foreach (CheckpointSlice slice in tensor.Slices)
        {
            if (slice.Transposed)
            {
                write(Transposed(slice, narrow, elementBytes, cancellation));
            }
            else
            {
                WriteRows(slice, narrow, elementBytes, write, cancellation);
            }
        }
    }

    private void WriteRows(
        CheckpointSlice slice,
        Narrowing narrow,
        int elementBytes,
        Action<ReadOnlyMemory<byte>> write,
        CancellationToken cancellation
    )
    {
        (long first, long end, int from, int to) = Rows(slice);
        int rowBytes = (to - from) * elementBytes;
        int chunkRows = (int)Math.Clamp(ChunkElements / (to - from), 1, end - first);
        var bytes = new byte[chunkRows * rowBytes];
        for (long start = first; start < end; start += chunkRows)
        {
            int rows = (int)Math.Min(chunkRows, end - start);
            long chunk = start;
            ForEachRow(
                slice,
                start,
                rows,
                row => narrow(row.Values.AsSpan(from, to - from), bytes.AsSpan((int)(row.Index - chunk) * rowBytes)),
                cancellation
            );
            write(bytes.AsMemory(0, rows * rowBytes));
        }
    }

    /// <summary>A whole matrix with its columns as rows: each decoded row becomes a column.</summary>
    private byte[] Transposed(CheckpointSlice slice, Narrowing narrow, int elementBytes, CancellationToken cancellation)
    {
        long rows = slice.Source.Layout.Rows;
        int columns = (int)slice.Source.Layout.Columns;
        var bytes = new byte[checked((int)(rows * columns * elementBytes))];
        ForEachRow(
            slice,
            0,
            (int)rows,
            row =>
            {
                var narrowed = new byte[columns * elementBytes];
                narrow(row.Values, narrowed);
                long place = slice.PlaceOf(row.Index, rows);
                for (int column = 0; column < columns; column++)
                {
                    int target = (int)((column * rows) + place) * elementBytes;
                    narrowed.AsSpan(column * elementBytes, elementBytes).CopyTo(bytes.AsSpan(target));
                }
            },
            cancellation
        );
        return bytes;
    }

    /// <summary>Makes rows of a slice's matrix, in any order, as the checkpoint has their values.</summary>
    private void ForEachRow(
        CheckpointSlice slice,
        long first,
        int count,
        Action<(long Index, double[] Values)> take,
        CancellationToken cancellation
    )
    {
        var matrix = new SyntheticMatrix(seed, slice.Source, slice.Matrix);
        Parallel.For(
            0,
            count,
            new ParallelOptions { CancellationToken = cancellation },
            () => new double[slice.Source.Layout.Columns],
            (index, _, row) =>
            {
                matrix.DecodeRow(first + index, row);
                Adapt(slice, row);
                take((first + index, row));
                return row;
            },
            static _ => { }
        );
    }

    private static void Adapt(CheckpointSlice slice, double[] row)
    {
        for (int i = 0; i < row.Length && slice.Offset != 0; i++)
        {
            row[i] += slice.Offset;
        }

        if (slice.Interleaved && slice.Source.IsVector)
        {
            double[] plan = [.. row];
            for (int i = 0; i < plan.Length; i++)
            {
                row[slice.PlaceOf(i, plan.Length)] = plan[i];
            }
        }
    }

    /// <summary>The source's rows that hold a slice, and the columns of each: a part of a row only where it is the only one.</summary>
    private static (long First, long End, int From, int To) Rows(CheckpointSlice slice)
    {
        long columns = slice.Source.Layout.Columns;
        long first = slice.FirstElement / columns;
        if (slice.Source.IsVector)
        {
            return (0, 1, (int)slice.FirstElement, (int)(slice.FirstElement + slice.Elements));
        }

        return (first, first + (slice.Elements / columns), 0, (int)columns);
    }

    private static Narrowing NarrowingTo(SafetensorsType type) =>
        type switch
        {
            SafetensorsType.BF16 => static (values, bytes) =>
            {
                for (int i = 0; i < values.Length; i++)
                {
                    uint bits = BitConverter.SingleToUInt32Bits((float)values[i]);
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes[(2 * i)..], (ushort)(bits >> 16));
                }
            },
            SafetensorsType.F16 => static (values, bytes) =>
            {
                for (int i = 0; i < values.Length; i++)
                {
                    BinaryPrimitives.WriteHalfLittleEndian(bytes[(2 * i)..], (Half)values[i]);
                }
            },
            _ => static (values, bytes) =>
            {
                for (int i = 0; i < values.Length; i++)
                {
                    BinaryPrimitives.WriteSingleLittleEndian(bytes[(4 * i)..], (float)values[i]);
                }
            },
        };
}
