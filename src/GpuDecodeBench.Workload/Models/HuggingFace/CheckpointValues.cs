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
        var matrix = new SyntheticMatrix(seed, tensor.Source);
        var row = new double[tensor.Source.Layout.Columns];
        bool inBf16 = true;
        bool inF16 = true;
        (long first, long end, int from, int to) = Rows(tensor);
        for (long index = first; index < end && (inBf16 || inF16); index++)
        {
            matrix.DecodeRow(index, row);
            foreach (double value in row.AsSpan(from, to - from))
            {
                var single = (float)value;
                inBf16 &= single == value && (ushort)BitConverter.SingleToUInt32Bits(single) == 0;
                inF16 &= (double)(Half)value == value;
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
        var matrix = new SyntheticMatrix(seed, tensor.Source);
        (long first, long end, int from, int to) = Rows(tensor);
        int elementBytes = type == SafetensorsType.F32 ? sizeof(float) : sizeof(ushort);
        int rowBytes = (to - from) * elementBytes;
        int chunkRows = (int)Math.Clamp(ChunkElements / (to - from), 1, end - first);
        Narrowing narrow = NarrowingTo(type);
        var bytes = new byte[chunkRows * rowBytes];
        for (long start = first; start < end; start += chunkRows)
        {
            int rows = (int)Math.Min(chunkRows, end - start);
            long chunk = start;
            Parallel.For(
                0,
                rows,
                new ParallelOptions { CancellationToken = cancellation },
                () => new double[tensor.Source.Layout.Columns],
                (index, _, row) =>
                {
                    matrix.DecodeRow(chunk + index, row);
                    narrow(row.AsSpan(from, to - from), bytes.AsSpan(index * rowBytes, rowBytes));
                    return row;
                },
                static _ => { }
            );
            write(bytes.AsMemory(0, rows * rowBytes));
        }
    }

    /// <summary>The source's rows that hold a tensor, and the columns of each: a part of a row only where it is the only one.</summary>
    private static (long First, long End, int From, int To) Rows(CheckpointTensor tensor)
    {
        long columns = tensor.Source.Layout.Columns;
        long first = tensor.FirstElement / columns;
        if (tensor.Source.IsVector)
        {
            return (0, 1, (int)tensor.FirstElement, (int)(tensor.FirstElement + tensor.Elements));
        }

        return (first, first + (tensor.Elements / columns), 0, (int)columns);
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
