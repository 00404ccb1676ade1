using GpuDecodeBench.Backends.Cuda.Weights;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>
/// Bytes that kernels may read beyond a plan's because memory is laid out and read in pieces of 16 bytes: at the ends of rows of
/// codes and keys, in the last tile of a matrix's rows, and where a span of tokens begins and ends inside of a piece.
/// </summary>
/// <param name="memory">The step's memory.</param>
/// <param name="distinctTokens">Different tokens that the step is given: rows of the embedding.</param>
internal sealed class CudaPadding(CudaStepMemory memory, int distinctTokens)
{
    private const int PieceBytes = 16;

    /// <summary>The operation as the step's own tokens need it: of the embedding each row once.</summary>
    public PlanOperation WithOwnTokens(PlanOperation operation) =>
        operation.Kind == OperationKind.Embedding && operation.Weight is { } table
            ? operation with
            {
                WeightReadBytes = (distinctTokens * table.Layout.BytesPerRow) + table.Layout.TensorScaleBytes,
            }
            : operation;

    /// <summary>The bytes of weights and KV together.</summary>
    public long Of(PlanOperation operation) =>
        operation.Kind switch
        {
            _ when IsProduct(operation) => Math.Max(0, BeyondPlan(operation)),
            OperationKind.Embedding => distinctTokens * OfRow(new TileLayout(operation.Weight!.Layout)),
            OperationKind.Attention => OfSpans(operation.Layer!.Value),
            _ => 0,
        };

    /// <summary>Bytes of the plan's that kernels need not read, since their layout takes less.</summary>
    public static long SavedOf(PlanOperation operation) =>
        IsProduct(operation) ? Math.Max(0, -BeyondPlan(operation)) : 0;

    private static bool IsProduct(PlanOperation operation) =>
        operation.Kind is OperationKind.Linear or OperationKind.HeadLinear or OperationKind.ExpertLinear;

    /// <summary>What a product's matrices take in tiles beyond the plan's bytes; negative where it is less.</summary>
    private static long BeyondPlan(PlanOperation operation)
    {
        var layout = new TileLayout(operation.Weight!.Layout);
        long matrices = (long)Math.Round(operation.DistinctMatrices ?? operation.Weight.Count);
        return matrices * (layout.ReadBytes + layout.Matrix.TensorScaleBytes - layout.Matrix.TotalBytes);
    }

    /// <summary>A row alone: of int4 its zero points come with those of the row eight below.</summary>
    private static long OfRow(TileLayout layout)
    {
        long scales = layout.Matrix.Format switch
        {
            WeightFormat.Int4 => layout.Blocks * (2 + 1),
            WeightFormat.MxFp4 => layout.Chunks,
            WeightFormat.NvFp4 => layout.Chunks * 2,
            _ => layout.Matrix.ScaleBytesPerRow,
        };
        return (layout.Chunks * TileLayout.ChunkBytes) + scales - layout.Matrix.BytesPerRow;
    }

    private long OfSpans(int layer)
    {
        AttentionShape attention = memory.Plan.Model.Layers[layer].Attention;
        CudaKvCache cache = memory.Cache(layer);
        KvLayout layout = cache.Layout;
        int rowEnd = cache.KeyRowBytes - (layout.HeadDimension * layout.BytesPerElement);
        int piece = PieceBytes / layout.BytesPerElement;
        long bytes = 0;
        foreach (int end in memory.Plan.Conditions.ContextTokens)
        {
            int span = attention.SpanTokens(end);
            bytes += (long)span * rowEnd;
            if (!layout.IsLatent)
            {
                bytes += (long)Around(end - span, end, piece) * layout.HeadDimension * layout.BytesPerElement;
            }

            int scaleBytes = layout.VectorsPerHead * layout.ScaleBytesPerHead;
            bytes += (long)Around(end - span, end, CudaKvCache.PageTokens) * scaleBytes;
        }

        return bytes * layout.KvHeads;
    }

    /// <summary>Tokens outside of a span that share a piece with one inside.</summary>
    private static int Around(int first, int end, int piece) => (first % piece) + ((piece - (end % piece)) % piece);
}
